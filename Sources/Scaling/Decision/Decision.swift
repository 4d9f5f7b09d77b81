public import Foundation

/// What one poll found.
public struct Observation: Sendable, Hashable {
    /// Pods wanted, as read from the target, 0 or more.
    public var replicas: Int
    /// One for each trigger, in the order of the spec.
    public var triggers: [TriggerOutcome]
    /// When the object was last seen active; `nil` if never.
    public var lastActive: Date?
    /// When the object was made.
    public var created: Date

    /// Makes an observation.
    public init(replicas: Int, triggers: [TriggerOutcome], lastActive: Date?, created: Date) {
        self.replicas = replicas
        self.triggers = triggers
        self.lastActive = lastActive
        self.created = created
    }

    /// Whether any trigger is active.
    public var isActive: Bool { triggers.contains { $0.isActive } }

    /// Whether any trigger is unknown.
    public var hasFailure: Bool { triggers.contains { $0.failure != nil } }
}

/// What one trigger said.
public enum TriggerOutcome: Sendable, Hashable {
    /// It was read: its metrics' full names, and whether it is active.
    case read(metrics: [String], isActive: Bool)
    /// It could not be built or read, and why: a text that anyone may see.
    case failed(reason: String)

    /// Whether it was read and is active.
    public var isActive: Bool {
        switch self {
        case .read(_, let isActive): isActive
        case .failed: false
        }
    }

    /// Why it is unknown, if it is.
    public var failure: String? {
        switch self {
        case .read: nil
        case .failed(let reason): reason
        }
    }
}

/// What happens to a scale target on one tick, and why.
public enum Decision: Sendable, Hashable {
    /// Its replicas are set.
    case scale(to: Int, because: Cause)
    /// Its replicas stay.
    case hold(Reason)

    /// Why replicas are set.
    public enum Cause: Sendable, Hashable {
        /// A trigger became active while the workload rested.
        case activated
        /// Nothing was active for as long as the cooldown.
        case deactivated
        /// There were fewer pods than the minimum.
        case belowMinimum
    }

    /// Why replicas stay.
    public enum Reason: Sendable, Hashable {
        /// Active and awake: the HPA scales.
        case active
        /// Nothing is active, and the workload rests already.
        case inactive
        /// Nothing is active; rest comes at this time.
        case coolingDown(until: Date)
        /// Nothing is known to be active, and not everything is known: what is unknown never scales in.
        case unknown
    }
}

/// Chooses what happens to one scale target on this tick.
///
/// Pure: the same arguments give the same answer. Between waking and resting the HPA scales, not this.
///
/// - Parameters:
///   - policy: counts in pods, waits in seconds, defaults applied.
///   - seen: replicas and one outcome for each trigger.
///   - now: the time of the tick.
/// - Returns: the new replicas, or why there are none.
/// - Source: KEDA after 2.20.1, `pkg/scaling/executor/scale_scaledobjects.go`, `RequestScale`; unlike there, a trigger
///   that fails never lets the workload go to rest.
public func decide(_ policy: ScalePolicy, _ seen: Observation, now: Date) -> Decision {
    if seen.isActive {
        let rests = seen.replicas == 0 || (policy.idle != nil && seen.replicas < policy.minimum)
        return rests ? .scale(to: policy.awake, because: .activated) : .hold(.active)
    }
    if seen.hasFailure { return .hold(.unknown) }
    let mayRest = policy.idle.map { seen.replicas > $0 } ?? (seen.replicas > 0 && policy.minimum == 0)
    if mayRest {
        let end = seen.lastActive.map { $0 + policy.cooldown } ?? (seen.created + policy.initialCooldown)
        return end < now ? .scale(to: policy.resting, because: .deactivated) : .hold(.coolingDown(until: end))
    }
    if policy.idle == nil, seen.replicas < policy.minimum {
        return .scale(to: policy.minimum, because: .belowMinimum)
    }
    return .hold(.inactive)
}
