import Foundation

/// Holding a change back while recent recommendations speak against it.
///
/// - Source: Kubernetes, `pkg/controller/podautoscaler/horizontal.go`, `stabilizeRecommendation…`.
extension AutoscalerHistory {
    /// The highest of the present and the recent recommendations, for an autoscaler without `behavior`.
    ///
    /// A recommendation that is exactly as old as the window still counts.
    func stabilized(_ desired: Int, window: TimeInterval, now: Date) -> Int {
        recommendations.reduce(desired) {
            now.timeIntervalSince($1.time) <= window ? max($0, $1.replicas) : $0
        }
    }

    /// The present replicas, moved up only as far as all recent recommendations agree, and down likewise.
    ///
    /// A recommendation that is exactly as old as a window no longer counts, so a window of 0 uses none.
    func stabilized(
        _ desired: Int,
        from current: Int,
        upWindow: TimeInterval,
        downWindow: TimeInterval,
        now: Date
    ) -> Int {
        var floor = desired
        var ceiling = desired
        for recommendation in recommendations {
            let age = now.timeIntervalSince(recommendation.time)
            if age < upWindow { floor = min(floor, recommendation.replicas) }
            if age < downWindow { ceiling = max(ceiling, recommendation.replicas) }
        }
        return min(max(current, floor), ceiling)
    }
}

extension AutoscalerCondition {
    /// The condition AbleToScale after stabilising.
    ///
    /// - Parameters:
    ///   - stabilized: the recommendation after, `desired` the one before.
    ///   - desired: what the metrics ask for.
    ///   - isUp: whether a rise was held back rather than a fall.
    /// - Returns: a condition that is always true; only its reason differs.
    static func stabilized(_ stabilized: Int, from desired: Int, isUp: Bool) -> AutoscalerCondition {
        if stabilized == desired {
            return AutoscalerCondition(.ableToScale, true, "ReadyForNewScale", "nothing holds the recommendation back")
        }
        return isUp
            ? AutoscalerCondition(.ableToScale, true, "ScaleUpStabilized", "a recent recommendation was lower")
            : AutoscalerCondition(.ableToScale, true, "ScaleDownStabilized", "a recent recommendation was higher")
    }
}
