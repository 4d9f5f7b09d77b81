import Foundation

/// What an autoscaler does on one pass, and why.
public struct AutoscalerOutcome: Equatable, Sendable {
    /// Why the replicas are to be what they are to be.
    public enum Cause: Hashable, Sendable {
        /// The target is at 0, which turns the autoscaler off.
        case disabled
        /// The target had more replicas than allowed; the metrics were not asked.
        case aboveMaximum
        /// The target had fewer replicas than allowed; the metrics were not asked.
        case belowMinimum
        /// The target's pods cannot be told.
        case noSelector
        /// No metric gave an answer, or one did not and the others would remove replicas.
        case metricsFailed
        /// The named metric asked for the most replicas.
        case metric(String)
    }

    /// The replicas at present.
    public let currentReplicas: Int

    /// The replicas to set; the present ones if nothing is to be done.
    public let desiredReplicas: Int

    /// Why.
    public let cause: Cause

    /// What each metric asks for, in the spec's order; empty if they were not asked.
    public let proposals: [Result<AutoscalerProposal, AutoscalerFailure>]

    /// The conditions that this pass sets; others keep their former state.
    public let conditions: [AutoscalerCondition]

    /// What to remember, whether or not the scale can then be written.
    public let history: AutoscalerHistory

    /// The spec's part that recording a rescale needs.
    let spec: AutoscalerSpec

    /// The settings that recording a rescale needs.
    let settings: AutoscalerSettings

    /// When the pass took place.
    let now: Date

    /// Whether the target's scale is to be written.
    public var isRescale: Bool { desiredReplicas != currentReplicas }

    /// The outcome once the scale has been written: the change is remembered and the condition says so.
    ///
    /// Without a rescale it is the same outcome.
    public func succeeded() -> AutoscalerOutcome {
        guard isRescale else { return self }
        var history = history
        history.noteRescale(
            from: currentReplicas,
            to: desiredReplicas,
            under: spec.behavior,
            limitPeriod: settings.upscaleLimitPeriod,
            minReplicas: spec.minReplicas,
            at: now
        )
        let message = "the target was scaled to \(desiredReplicas)"
        return replacing(AutoscalerCondition(.ableToScale, true, "SucceededRescale", message), history)
    }

    /// The outcome if the scale could not be written: nothing is remembered but the recommendation.
    public func failed(_ message: String) -> AutoscalerOutcome {
        let message = "the target's scale could not be written: \(message)"
        return replacing(AutoscalerCondition(.ableToScale, false, "FailedUpdateScale", message), history)
    }

    /// Why each metric asks for what it asks for, or gives no answer, without the numbers.
    var reasons: [Result<AutoscalerProposal.Reason, AutoscalerFailure>] { proposals.map { $0.map(\.reason) } }

    /// The same outcome for the record: without the history, which only the next pass needs, and with the former one's
    /// conditions while they are equal, so that they are kept once.
    func recorded(after former: AutoscalerOutcome?) -> AutoscalerOutcome {
        var kept = conditions
        if let former, former.conditions == kept { kept = former.conditions }
        return replacing(kept, AutoscalerHistory())
    }

    /// The same outcome with another condition and history.
    private func replacing(_ condition: AutoscalerCondition, _ history: AutoscalerHistory) -> AutoscalerOutcome {
        var conditions = AutoscalerConditions(all: conditions)
        conditions.set(condition)
        return replacing(conditions.all, history)
    }

    /// The same outcome with other conditions and another history.
    private func replacing(_ conditions: [AutoscalerCondition], _ history: AutoscalerHistory) -> AutoscalerOutcome {
        AutoscalerOutcome(
            currentReplicas: currentReplicas,
            desiredReplicas: desiredReplicas,
            cause: cause,
            proposals: proposals,
            conditions: conditions,
            history: history,
            spec: spec,
            settings: settings,
            now: now
        )
    }
}
