import Foundation

/// A number of replicas after a bound or a rate was applied, with what to say about it.
struct AutoscalerLimitation: Equatable {
    /// The replicas that are allowed.
    let replicas: Int
    /// The condition ScalingLimited.
    let condition: AutoscalerCondition

    /// Says that nothing was cut.
    static func none(_ replicas: Int) -> AutoscalerLimitation {
        let condition = AutoscalerCondition(
            .scalingLimited,
            false,
            "DesiredWithinRange",
            "the recommendation is within all limits"
        )
        return AutoscalerLimitation(replicas: replicas, condition: condition)
    }

    /// Says which limit cut the recommendation.
    static func cut(to replicas: Int, _ reason: String, _ message: String) -> AutoscalerLimitation {
        AutoscalerLimitation(replicas: replicas, condition: AutoscalerCondition(.scalingLimited, true, reason, message))
    }

    /// Says that the upper bound or the rate upwards cut the recommendation.
    static func cutAbove(to limit: Int, isRate: Bool) -> AutoscalerLimitation {
        isRate
            ? cut(to: limit, "ScaleUpLimit", "the recommendation grows faster than the rate allows")
            : cut(to: limit, "TooManyReplicas", "the recommendation is above maxReplicas")
    }

    /// Says that the lower bound or the rate downwards cut the recommendation.
    static func cutBelow(to limit: Int, isRate: Bool) -> AutoscalerLimitation {
        isRate
            ? cut(to: limit, "ScaleDownLimit", "the recommendation shrinks faster than the rate allows")
            : cut(to: limit, "TooFewReplicas", "the recommendation is below minReplicas")
    }
}

/// Bounds and rates.
///
/// - Source: Kubernetes, `pkg/controller/podautoscaler/horizontal.go`, `convertDesiredReplicas…`.
extension AutoscalerSpec {
    /// Applies the bounds, and the fixed rate of an autoscaler without `behavior`: doubled at most, or up to 4.
    ///
    /// - Parameters:
    ///   - desired: what is asked for.
    ///   - current: the present replicas.
    ///   - start: the replicas that may be doubled; the present ones unless given.
    /// - Returns: what is allowed.
    func limited(_ desired: Int, from current: Int, rateFrom start: Int? = nil) -> AutoscalerLimitation {
        // Never below the present ones: the rate holds growth back, it takes nothing away.
        let rate = max(2 * (start ?? current), 4, current)
        if desired < minReplicas { return .cutBelow(to: minReplicas, isRate: false) }
        if desired > min(maxReplicas, rate) {
            return .cutAbove(to: min(maxReplicas, rate), isRate: rate < maxReplicas)
        }
        return .none(desired)
    }

    /// Applies the bound on the side of the move, and the policies of a `behavior`.
    func limited(
        _ desired: Int,
        from current: Int,
        by behavior: AutoscalerBehavior,
        _ history: AutoscalerHistory,
        now: Date
    ) -> AutoscalerLimitation {
        if desired > current {
            let rate = behavior.scaleUp.upperLimit(from: current, history, now: now)
            let limit = min(maxReplicas, rate)
            if desired > limit { return .cutAbove(to: limit, isRate: rate < maxReplicas) }
        } else if desired < current {
            let rate = behavior.scaleDown.lowerLimit(from: current, history, now: now)
            let limit = max(minReplicas, rate)
            if desired < limit { return .cutBelow(to: limit, isRate: rate > minReplicas) }
        }
        return .none(desired)
    }
}

extension AutoscalerRules {
    /// The most replicas that these rules allow now, not below the present ones.
    func upperLimit(from current: Int, _ history: AutoscalerHistory, now: Date) -> Int {
        let limits = policies.map { policy in
            let start = current - history.change(within: policy.period, before: now)
            switch policy.amount {
            case .pods(let count): return start + count
            // Rounded up: a small percentage of few replicas must still allow one more.
            case .percent(let share): return Int(replicasRoundingUp: Double(start) * (1 + Double(share) / 100))
            }
        }
        let limit =
            switch selection {
            case .max: limits.max()
            case .min: limits.min()
            case .disabled: current
            }
        return max(limit ?? current, current)
    }

    /// The fewest replicas that these rules allow now, not above the present ones.
    func lowerLimit(from current: Int, _ history: AutoscalerHistory, now: Date) -> Int {
        let limits = policies.map { policy in
            let start = current - history.change(within: policy.period, before: now)
            switch policy.amount {
            case .pods(let count): return start - count
            case .percent(let share): return Int(Double(start) * (1 - Double(share) / 100))
            }
        }
        let limit =
            switch selection {
            case .max: limits.min()
            case .min: limits.max()
            case .disabled: current
            }
        return min(limit ?? current, current)
    }
}
