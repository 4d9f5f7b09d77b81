public import Foundation

/// What an autoscaler remembers between passes; it is lost when the controller restarts.
public struct AutoscalerHistory: Hashable, Sendable {
    /// What the metrics asked for on one pass, before it was stabilised or limited.
    public struct Recommendation: Hashable, Sendable {
        /// The replicas asked for.
        public let replicas: Int
        /// When.
        public let time: Date
    }

    /// One successful change of the target by this autoscaler.
    public struct Rescale: Hashable, Sendable {
        /// How many replicas were added, negative if removed.
        public let change: Int
        /// When.
        public let time: Date
        /// Whether no policy reached it at some later change in its direction, so that another may take its place.
        fileprivate(set) var isOutdated = false
    }

    /// Past recommendations; a new one takes the place of one that no window reached.
    public private(set) var recommendations: [Recommendation]

    /// Past changes while the spec had a `behavior`; a new one takes the place of one that no policy reached.
    public private(set) var rescales: [Rescale]

    /// Whether this autoscaler itself took its target to 0 (condition `ScaledToZero`).
    public private(set) var hasScaledToZero: Bool

    /// The empty history of an autoscaler that is seen for the first time.
    public init() { self.init(recommendations: []) }

    /// Makes a history.
    init(recommendations: [Recommendation], rescales: [Rescale] = [], hasScaledToZero: Bool = false) {
        self.recommendations = recommendations
        self.rescales = rescales
        self.hasScaledToZero = hasScaledToZero
    }

    /// Takes the present replicas for a first recommendation if there is none yet.
    ///
    /// That holds a scale-down back for a whole window after the autoscaler, or its controller, has started.
    mutating func noteFirstSight(of replicas: Int, at now: Date) {
        guard recommendations.isEmpty else { return }
        recommendations.append(Recommendation(replicas: replicas, time: now))
    }

    /// Adds a recommendation, in place of the last one that no window reaches any more if there is such.
    ///
    /// Only one is forgotten at a time, as in Kubernetes: what a short window leaves counts again when the window is made
    /// longer. There are never more than a window once reached.
    mutating func note(recommendation replicas: Int, at now: Date, keepingFor window: TimeInterval) {
        let new = Recommendation(replicas: replicas, time: now)
        if let old = recommendations.lastIndex(where: { now.timeIntervalSince($0.time) > window }) {
            recommendations[old] = new
        } else {
            recommendations.append(new)
        }
    }

    /// Adds a successful change of the target, in place of the last one in its direction that is outdated.
    ///
    /// Without a `behavior` and a period of the fixed limit nothing reads the changes, and none is kept.
    mutating func noteRescale(
        from old: Int,
        to new: Int,
        under behavior: AutoscalerBehavior?,
        limitPeriod: TimeInterval = 0,
        minReplicas: Int,
        at now: Date
    ) {
        hasScaledToZero = old > 0 && new == 0 && minReplicas == 0
        guard behavior != nil || limitPeriod > 0 else { return }
        let isUp = new > old
        let longest = behavior.map { (isUp ? $0.scaleUp : $0.scaleDown).longestPeriod } ?? limitPeriod
        var free: Int?
        for index in rescales.indices where (rescales[index].change > 0) == isUp {
            if now.timeIntervalSince(rescales[index].time) > longest { rescales[index].isOutdated = true }
            if rescales[index].isOutdated { free = index }
        }
        let rescale = Rescale(change: new - old, time: now)
        if let free { rescales[free] = rescale } else { rescales.append(rescale) }
    }

    /// The same after somebody else has scaled the target in this autoscaler's place, as it is seen.
    ///
    /// Policies of `behavior` count that as they would count its own change. From rest and to rest is no autoscaler's.
    ///
    /// - Parameters:
    ///   - replicas: what the target has now.
    ///   - former: what it had at the last look; `nil` at the first.
    ///   - spec: whose `behavior` counts.
    ///   - settings: what else limits changes.
    ///   - now: the time of the look.
    /// - Returns: what to go on with.
    public func seeing(
        _ replicas: Int,
        after former: Int?,
        of spec: AutoscalerSpec,
        settings: AutoscalerSettings = AutoscalerSettings(),
        at now: Date
    ) -> AutoscalerHistory {
        guard let former, former != replicas, former > 0, replicas > 0 else { return self }
        var history = self
        history.noteRescale(
            from: former,
            to: replicas,
            under: spec.behavior,
            limitPeriod: settings.upscaleLimitPeriod,
            minReplicas: spec.minReplicas,
            at: now
        )
        return history
    }

    /// The net change by this autoscaler in the last seconds, not counting what happened exactly at their beginning.
    func change(within period: TimeInterval, before now: Date) -> Int {
        rescales.reduce(0) { now.timeIntervalSince($1.time) < period ? $0 + $1.change : $0 }
    }
}
