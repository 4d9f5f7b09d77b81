public import Foundation

/// The bounds and waits of one object, defaults applied.
public struct ScalePolicy: Sendable, Hashable {
    /// Pods at most unless the spec says so.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_types.go`.
    public static let defaultMaximum = 100

    /// Pods at least, 0 or more.
    public var minimum: Int
    /// Pods at most.
    public var maximum: Int
    /// Pods while nothing is active, if that is not the minimum.
    public var idle: Int?
    /// Seconds from the last activity to rest.
    public var cooldown: TimeInterval
    /// Seconds from creation to rest for what was never active.
    public var initialCooldown: TimeInterval
    /// Whether replicas may not become fewer.
    public var pausesScaleIn: Bool
    /// Whether replicas may not become more.
    public var pausesScaleOut: Bool
    /// Whether the workload is to be awake whatever the triggers say.
    public var isForced: Bool

    /// Takes the spec's values and fills in KEDA's defaults: 0 to 100 pods, 300 s and 0 s.
    public init(_ spec: ScaledObject.Spec, _ controls: ObjectControls = ObjectControls(nil)) {
        self.pausesScaleIn = controls.pausesScaleIn
        self.pausesScaleOut = controls.pausesScaleOut
        self.isForced = controls.forcesActivation
        self.minimum = spec.minReplicaCount ?? 0
        self.maximum = spec.maxReplicaCount ?? Self.defaultMaximum
        self.idle = spec.idleReplicaCount
        self.cooldown = TimeInterval(spec.cooldownPeriod ?? 300)
        self.initialCooldown = TimeInterval(spec.initialCooldownPeriod ?? 0)
    }

    /// Where activity takes a workload that rests; from there on the HPA scales.
    public var awake: Int { max(minimum, 1) }

    /// Where a workload goes when nothing is active for long enough.
    public var resting: Int { idle ?? minimum }
}

/// When one object is polled.
public struct PollPolicy: Sendable, Hashable {
    /// Time between polls, 30 s unless the spec says so; at least a second.
    public var interval: Duration
    /// How old a reading may be for the metrics API: the interval, or 10 s if that is less.
    public var freshness: Duration { min(interval, .seconds(10)) }

    /// Takes the spec's value and fills in KEDA's default.
    public init(_ spec: ScaledObject.Spec) {
        self.interval = .seconds(max(1, spec.pollingInterval ?? 30))
    }

    /// The same for an engine: who does the HPA's work looks as often as an HPA, at least.
    public func at(_ engine: ScalingEngine) -> PollPolicy {
        var policy = self
        if engine == .direct { policy.interval = min(interval, ScalingEngine.longestWait) }
        return policy
    }

    /// How long after `uptime` the next tick comes.
    ///
    /// Ticks are spread over the interval by `phase`, so that a thousand objects with one
    /// interval do not all ask at once. They come in steps of a 20th of the interval, 250 ms at most, for a few polls
    /// at a time cost far less than each alone.
    ///
    /// - Parameters:
    ///   - uptime: now, on the clock that never runs back.
    ///   - phase: any number that stays with the object; see ``ScaledObject/tickPhase``.
    /// - Returns: more than zero, at most the interval.
    public func untilNextTick(after uptime: Duration, phase: UInt64) -> Duration {
        let period = Self.nanoseconds(interval)
        let step = min(period / 20, 250_000_000)
        let shift = Int64(phase % UInt64(period / step)) * step
        let position = (Self.nanoseconds(uptime) - shift) % period
        return .nanoseconds(period - (position < 0 ? position + period : position))
    }

    /// Whole nanoseconds; a process would have to run for 292 years to need more bits.
    private static func nanoseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
    }
}
