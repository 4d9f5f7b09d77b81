internal import Foundation
public import KubeModel

/// One evaluation of one object, for people and for programs: what was seen, what came of it, and why.
///
/// It holds no secret: a reading, or the text of a failure that anyone may see.
public struct DecisionRecord: Codable, Sendable, Hashable {
    /// When.
    public var time: MicroTimestamp
    /// Who scales while the workload is awake: `hpa` or `direct`.
    public var engine: String
    /// Pods that the target wanted when it was read, 0 or more.
    public var replicas: Int
    /// One for each trigger, in the order of the spec.
    public var triggers: [TriggerRecord]
    /// What the formula made of them, where there is one.
    public var composite: CompositeRecord?
    /// Whether the triggers, or an annotation, want the workload awake.
    public var isActive: Bool
    /// What the HPA's algorithm makes of the same readings; `nil` where it was not asked.
    public var autoscaler: AutoscalerRecord?
    /// Every rule that had a say, in the order in which they apply.
    public var rules: [RuleRecord]
    /// What was done, or would be where Swell only recommends.
    public var result: ResultRecord
    /// What would change it next, a line for each.
    public var next: [String]
    /// What it comes to beside what is in place; `nil` where Swell acts on it.
    public var recommendation: RecommendationRecord?

    /// The names in JSON.
    enum CodingKeys: String, CodingKey {
        case time, engine, replicas, triggers, composite
        case isActive = "active"
        case autoscaler, rules, result, next, recommendation
    }
}

/// What one trigger said.
public struct TriggerRecord: Codable, Sendable, Hashable {
    /// Its place in the spec.
    public var index: Int
    /// Its type.
    public var type: String
    /// Its name, where it has one.
    public var name: String?
    /// Whether it wants the workload awake.
    public var isActive: Bool
    /// When its source was asked.
    public var readAt: MicroTimestamp?
    /// Its metrics; those of pods have a value only where the direct engine reads them, on average for a pod.
    public var metrics: [MetricRecord]
    /// Why it could not be read, if it could not.
    public var failure: String?
    /// Whether its fallback stands in for it.
    public var isFallback: Bool

    /// The names in JSON.
    enum CodingKeys: String, CodingKey {
        case index, type, name
        case isActive = "active"
        case readAt, metrics, failure
        case isFallback = "fallback"
    }

    /// Makes a record.
    public init(
        index: Int,
        type: String,
        name: String?,
        isActive: Bool,
        readAt: MicroTimestamp?,
        metrics: [MetricRecord],
        failure: String? = nil,
        isFallback: Bool = false
    ) {
        self.index = index
        self.type = type
        self.name = name
        self.isActive = isActive
        self.readAt = readAt
        self.metrics = metrics
        self.failure = failure
        self.isFallback = isFallback
    }
}

/// One metric of a trigger, or the composite.
public struct MetricRecord: Codable, Sendable, Hashable {
    /// As the HPA has it, such as `s0-prometheus`.
    public var name: String
    /// The sum of what was read, or what stands in for it, or the average of cpu or memory; `nil` where there is none.
    public var value: Double?
    /// How much of it is right.
    public var target: MetricTarget?

    /// Makes a record.
    public init(name: String, value: Double?, target: MetricTarget?) {
        self.name = name
        self.value = value
        self.target = target
    }

    /// Whether another one is of the same metric with the same target, whatever its value.
    func isLike(_ other: MetricRecord) -> Bool { name == other.name && target == other.target }

    /// How many targets the value is: pods for an average over them, else a ratio; `nil` where either is missing.
    public var share: Double? {
        let amount = (target?.averageValue ?? target?.value)?.double
        guard let value, let right = amount ?? target?.averageUtilization.map(Double.init), right > 0 else {
            return nil
        }
        return value / right
    }
}

/// What a formula made of all triggers.
public struct CompositeRecord: Codable, Sendable, Hashable {
    /// Its result as the HPA is told.
    public var metric: MetricRecord
    /// Whether that is past the activation target.
    public var isActive: Bool
    /// Why it has none, if it has none and the formula is to blame.
    public var failure: String?
    /// Whether a fallback stands in for it.
    public var isFallback: Bool

    /// The names in JSON.
    enum CodingKeys: String, CodingKey {
        case metric
        case isActive = "active"
        case failure
        case isFallback = "fallback"
    }

    /// Makes a record.
    public init(metric: MetricRecord, isActive: Bool, failure: String? = nil, isFallback: Bool = false) {
        self.metric = metric
        self.isActive = isActive
        self.failure = failure
        self.isFallback = isFallback
    }
}

/// One rule that had a say.
public struct RuleRecord: Codable, Sendable, Hashable {
    /// Which one.
    public enum Rule: String, Codable, Sendable, Hashable {
        /// An annotation keeps the workload awake.
        case forced
        /// An annotation keeps replicas from becoming more, or fewer.
        case pause
        /// A fallback stands in for what cannot be read.
        case fallback
        /// Something is unknown, and what is unknown never scales in.
        case missingData
        /// Rest comes later.
        case cooldown
        /// Rest means `idleReplicaCount`.
        case idle
        /// A ratio is so close to 1 that nothing is done.
        case tolerance
        /// A recent recommendation holds this one back.
        case stabilization
        /// A policy of `behavior`, or the fixed limit without one, makes the change smaller.
        case policy
        /// `minReplicaCount`.
        case minimum
        /// `maxReplicaCount`.
        case maximum
    }

    /// Which one.
    public var rule: Rule
    /// What it did, for people.
    public var text: String
    /// When it has no say any more, where that is known.
    public var until: Timestamp?

    /// Makes a record.
    public init(_ rule: Rule, _ text: String, until: Timestamp? = nil) {
        self.rule = rule
        self.text = text
        self.until = until
    }
}

/// What was done, or would be where Swell only recommends.
public struct ResultRecord: Codable, Sendable, Hashable {
    /// What kind of thing.
    public enum Action: String, Codable, Sendable, Hashable {
        /// Replicas were set, or are to be.
        case scale
        /// Replicas stay as they are, as far as we are concerned.
        case hold
    }

    /// What kind of thing.
    public var action: Action
    /// The replicas that were to be set; those that were found where they stay.
    public var replicas: Int
    /// One word for programs, such as `activated` or `coolingDown`.
    public var reason: String
    /// A line for people.
    public var text: String

    /// Makes a record.
    public init(_ action: Action, replicas: Int, reason: String, text: String) {
        self.action = action
        self.replicas = replicas
        self.reason = reason
        self.text = text
    }
}
