/// One condition in an autoscaler's status.
///
/// - Source: the types and reasons that kube-controller-manager writes; the messages are our own.
public struct AutoscalerCondition: Hashable, Sendable {
    /// What the condition is about.
    public enum Kind: String, Hashable, Sendable {
        /// Whether the target's scale can be read and written, and whether the recommendation was held back.
        case ableToScale = "AbleToScale"
        /// Whether the metrics give an answer.
        case scalingActive = "ScalingActive"
        /// Whether a bound or a rate cut the recommendation.
        case scalingLimited = "ScalingLimited"
    }

    /// What the condition is about.
    public let kind: Kind
    /// Whether it holds.
    public let isTrue: Bool
    /// Kubernetes' word for why.
    public let reason: String
    /// Why, in a sentence.
    public let message: String

    /// Makes a condition.
    public init(_ kind: Kind, _ isTrue: Bool, _ reason: String, _ message: String) {
        self.kind = kind
        self.isTrue = isTrue
        self.reason = reason
        self.message = message
    }

    /// The condition for a target whose scale could not be read, for callers that get no further.
    public static func failedGetScale(_ message: String) -> AutoscalerCondition {
        AutoscalerCondition(.ableToScale, false, "FailedGetScale", "the target's scale could not be read: \(message)")
    }
}

/// The conditions that one pass sets, at most one of each kind; a kind that is not set keeps its former state.
struct AutoscalerConditions {
    /// In the order in which their kinds were first set.
    private(set) var all: [AutoscalerCondition]

    /// Makes a set of conditions of different kinds.
    init(all: [AutoscalerCondition] = []) { self.all = all }

    /// Sets a condition in place of one of the same kind.
    mutating func set(_ condition: AutoscalerCondition) {
        if let index = all.firstIndex(where: { $0.kind == condition.kind }) {
            all[index] = condition
        } else {
            all.append(condition)
        }
    }
}
