public import Foundation

/// What one poll found.
public struct Observation: Sendable, Hashable {
    /// Pods wanted, as read from the target, 0 or more.
    public var replicas: Int
    /// One for each trigger, in the order of the spec.
    public var triggers: [TriggerOutcome]
    /// What the formula made of them, where there is one; it alone says then whether the object is active.
    public var composite: CompositeOutcome?
    /// When the object was last seen active; `nil` if never.
    public var lastActive: Date?
    /// When the object was made.
    public var created: Date

    /// Makes an observation.
    public init(
        replicas: Int,
        triggers: [TriggerOutcome],
        composite: CompositeOutcome? = nil,
        lastActive: Date?,
        created: Date
    ) {
        self.replicas = replicas
        self.triggers = triggers
        self.composite = composite
        self.lastActive = lastActive
        self.created = created
    }

    /// Whether the triggers want the workload awake.
    ///
    /// Triggers on cpu and memory have no say, unless there are no others.
    ///
    /// - Source: KEDA, `pkg/scaling/scale_handler.go`, `getScaledObjectState`.
    public var isActive: Bool {
        if let composite { return composite.isActive }
        return triggers.contains(where: \.isActive) || triggers.allSatisfy(\.isResource) && !triggers.isEmpty
    }

    /// Why it is not known whether the workload is to be awake, a line for each reason.
    public var failures: [String] {
        triggers.compactMap(\.failure) + [composite?.failure].compactMap { $0 }
    }

    /// The same, with what is unknown of cpu and memory.
    public var troubles: [String] {
        triggers.compactMap { $0.failure ?? $0.resourceFailure } + [composite?.failure].compactMap { $0 }
    }

    /// Whether something is unknown that may want the workload awake.
    public var hasFailure: Bool { !failures.isEmpty }
}

/// What one trigger said.
public enum TriggerOutcome: Sendable, Hashable {
    /// It was read: its metrics' full names, and whether it is active.
    case read(metrics: [String], isActive: Bool)
    /// It looks at the cpu or memory of pods, which has no say in whether they are there.
    case resource
    /// The same, and what it looks at could not be read by the direct engine: a text that anyone may see.
    case resourceFailed(reason: String)
    /// It cannot be read for longer than is borne, and `fallback` stands in for its metrics.
    case fallback(metrics: [String], reason: String)
    /// It could not be read, and why: a text that anyone may see.
    case failed(reason: String, TriggerFault = .unread)

    /// Whether it wants the workload awake, as a fallback does.
    public var isActive: Bool {
        switch self {
        case .read(_, let isActive): isActive
        case .fallback: true
        case .resource, .resourceFailed, .failed: false
        }
    }

    /// Whether it looks at the cpu or memory of pods.
    public var isResource: Bool {
        switch self {
        case .resource, .resourceFailed: true
        case .read, .fallback, .failed: false
        }
    }

    /// Why it is unknown whether it wants the workload awake, if it is.
    public var failure: String? {
        switch self {
        case .read, .resource, .resourceFailed, .fallback: nil
        case .failed(let reason, _): reason
        }
    }

    /// Why cpu or memory could not be read, if they could not.
    public var resourceFailure: String? {
        switch self {
        case .resourceFailed(let reason): reason
        case .read, .resource, .fallback, .failed: nil
        }
    }

    /// The metrics that want the workload awake.
    public var activeMetrics: [String] {
        switch self {
        case .read(let metrics, true), .fallback(let metrics, _): metrics
        case .read(_, false), .resource, .resourceFailed, .failed: []
        }
    }
}

/// What it means for an object that a trigger gives no reading.
public enum TriggerFault: Sendable, Hashable {
    /// Its source did not answer, or made no sense.
    case unread
    /// The same, while `fallback` waits for more failures.
    case borne
    /// It cannot even be asked: its type or a source of its credentials is not built, or its settings are wrong.
    case unbuilt
}

/// What the formula made of all triggers.
public enum CompositeOutcome: Sendable, Hashable {
    /// A number, and whether it is past the activation target.
    case value(Double, isActive: Bool)
    /// A trigger's fallback stands in for it.
    case fallback
    /// There is none, and why; triggers that failed give their reasons themselves, and none here.
    case failed(reason: String?)

    /// Whether it wants the workload awake, as a fallback does.
    public var isActive: Bool {
        switch self {
        case .value(_, let isActive): isActive
        case .fallback: true
        case .failed: false
        }
    }

    /// Why the formula gave no number, if it is the formula's fault.
    public var failure: String? {
        switch self {
        case .value, .fallback: nil
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
        /// An annotation wants the workload awake.
        case forced
        /// Nothing was active for as long as the cooldown.
        case deactivated
        /// There were fewer pods than the minimum.
        case belowMinimum
        /// The metrics ask for it, by the HPA's algorithm.
        case recommended
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
        /// It would wake, but may not become more.
        case scaleOutPaused
        /// It would rest, but may not become less.
        case scaleInPaused
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
    if policy.isForced || seen.isActive {
        let rests = seen.replicas == 0 || (policy.idle != nil && seen.replicas < policy.minimum)
        guard rests else { return .hold(.active) }
        if policy.pausesScaleOut { return .hold(.scaleOutPaused) }
        return .scale(to: policy.awake, because: policy.isForced ? .forced : .activated)
    }
    if seen.hasFailure { return .hold(.unknown) }
    let mayRest = policy.idle.map { seen.replicas > $0 } ?? (seen.replicas > 0 && policy.minimum == 0)
    if mayRest {
        if policy.pausesScaleIn { return .hold(.scaleInPaused) }
        let end = seen.lastActive.map { $0 + policy.cooldown } ?? (seen.created + policy.initialCooldown)
        return end < now ? .scale(to: policy.resting, because: .deactivated) : .hold(.coolingDown(until: end))
    }
    if policy.idle == nil, seen.replicas < policy.minimum {
        return .scale(to: policy.minimum, because: .belowMinimum)
    }
    return .hold(.inactive)
}
