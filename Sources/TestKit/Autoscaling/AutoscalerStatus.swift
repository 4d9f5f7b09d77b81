public import KubeModel
public import Scaling

/// What an HPA's status says, but for times, messages and measured values.
public struct AutoscalerStatus: Codable, Hashable, Sendable {
    /// The replicas before the look.
    public var current = 0
    /// The replicas that it wants.
    public var desired = 0
    /// Why it is able to scale, or with a `!` before it why not; so the others, and nil until it is told.
    public var able: String?
    /// Why scaling is active or not.
    public var active: String?
    /// Why scaling is limited or not.
    public var limited: String?

    /// Makes the status of an HPA that was not looked at yet.
    public init() {}

    /// Reads what the API has.
    ///
    /// - Returns: nil before the controller's first look.
    public init?(_ status: HPAStatus?) {
        guard let status, let conditions = status.conditions, !conditions.isEmpty else { return nil }
        current = status.currentReplicas ?? 0
        desired = status.desiredReplicas ?? 0
        for condition in conditions {
            guard let kind = AutoscalerCondition.Kind(rawValue: condition.type) else { continue }
            set(kind, condition.status == "True", condition.reason ?? "")
        }
    }

    /// Takes over what an outcome says.
    public mutating func apply(_ outcome: AutoscalerOutcome) {
        current = outcome.currentReplicas
        switch outcome.cause {
        case .noSelector, .metricsFailed: break
        case .disabled, .aboveMaximum, .belowMinimum, .metric: desired = outcome.desiredReplicas
        }
        for condition in outcome.conditions { set(condition.kind, condition.isTrue, condition.reason) }
    }

    /// Sets a condition.
    private mutating func set(_ kind: AutoscalerCondition.Kind, _ isTrue: Bool, _ reason: String) {
        let text = (isTrue ? "" : "!") + reason
        switch kind {
        case .ableToScale: able = text
        case .scalingActive: active = text
        case .scalingLimited: limited = text
        }
    }
}
