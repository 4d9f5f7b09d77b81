public import Foundation

/// What happens to one scale target on one tick without an HPA.
public struct DirectDecision: Sendable {
    /// What happens, and why.
    public let decision: Decision
    /// What the HPA's algorithm makes of the metrics.
    public let outcome: AutoscalerOutcome

    /// What the algorithm is to remember.
    ///
    /// - Parameter isWritten: whether the replicas were set, if they were to be.
    /// - Returns: for the next tick.
    public func history(isWritten: Bool) -> AutoscalerHistory {
        guard isWritten, case .scale(let replicas, let cause) = decision else { return outcome.history }
        switch cause {
        case .recommended: return outcome.succeeded().history
        case .activated, .forced:
            // An HPA would have recommended as much at its first look, and held a fall back from there.
            return outcome.history(recommending: replicas)
        case .deactivated, .belowMinimum: return outcome.history
        }
    }
}

/// Chooses what happens to one scale target on this tick where no HPA has a say.
///
/// Pure: the same arguments give the same answer. Rest and waking are ``decide(_:_:now:)``'s; between them the HPA's
/// algorithm chooses, as an HPA of the same object would on this moment. From rest it goes straight to what the metrics
/// ask for, in one step that no rate limits.
///
/// - Parameters:
///   - policy: counts in pods, waits in seconds, defaults applied.
///   - seen: what the poll found.
///   - spec: bounds, metrics and behavior, as the object's HPA would have them.
///   - target: the same target as the algorithm looks at it, one reading for each metric of `spec`.
///   - history: what the last decision said to remember; an empty one holds a scale-in back for a whole window.
///   - settings: what a cluster's administrator chooses for its HPAs.
///   - now: the time of the tick.
/// - Returns: the decision, and what the algorithm made of the metrics.
public func decideDirect(
    _ policy: ScalePolicy,
    _ seen: Observation,
    _ spec: AutoscalerSpec,
    _ target: AutoscalerObservation,
    history: AutoscalerHistory,
    settings: AutoscalerSettings = .direct,
    now: Date
) -> DirectDecision {
    let decision = decide(policy, seen, now: now)
    let outcome = autoscale(spec, target, history: history, settings: settings, now: now)
    switch decision {
    case .scale(let replicas, let cause) where cause == .activated || cause == .forced:
        let wanted = target.proposals(of: spec, settings: settings, now: now).max() ?? replicas
        return DirectDecision(
            decision: .scale(to: min(max(wanted, replicas), max(policy.maximum, replicas)), because: cause),
            outcome: outcome
        )
    case .hold(let reason) where reason != .scaleOutPaused && !policy.isResting(seen):
        guard outcome.isRescale else { return DirectDecision(decision: decision, outcome: outcome) }
        return DirectDecision(decision: .scale(to: outcome.desiredReplicas, because: .recommended), outcome: outcome)
    case .scale, .hold: return DirectDecision(decision: decision, outcome: outcome)
    }
}

extension ScalePolicy {
    /// Whether a workload is at rest, where the algorithm has no say.
    fileprivate func isResting(_ seen: Observation) -> Bool {
        guard !seen.isActive, !isForced else { return false }
        return seen.replicas == 0 || idle.map { seen.replicas <= $0 } == true
    }
}

extension AutoscalerOutcome {
    /// What to remember if the metrics had asked for so many replicas, and they were set.
    fileprivate func history(recommending replicas: Int) -> AutoscalerHistory {
        var history = history
        let down = spec.behavior?.scaleDown.stabilization ?? settings.downscaleStabilization
        let window = max(spec.behavior?.scaleUp.stabilization ?? 0, down)
        history.note(recommendation: replicas, at: now, keepingFor: window)
        return history
    }
}

extension AutoscalerSettings {
    /// The controller's own, with the fixed limit counted per 15 s, because we may look more often than an HPA.
    public static let direct: AutoscalerSettings = {
        var settings = AutoscalerSettings()
        settings.upscaleLimitPeriod = 15
        return settings
    }()
}

extension AutoscalerObservation {
    /// What each metric that gives an answer asks for, before anything limits it.
    fileprivate func proposals(of spec: AutoscalerSpec, settings: AutoscalerSettings, now: Date) -> [Int] {
        let tolerance = AutoscalerTolerance(up: 0, down: 0)
        let calculator = ReplicaCalculator(seen: self, tolerance: tolerance, settings: settings, now: now)
        return zip(spec.metrics, readings)
            .compactMap { metric, reading in
                // A metric that fails is told of already, in the outcome or by its trigger.
                try? calculator.propose(metric, reading).replicas
            }
    }
}
