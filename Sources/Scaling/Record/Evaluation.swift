public import Foundation

/// One evaluation as it is kept: what went into it and what came of it, without a word for people.
///
/// ``DecisionRecord`` puts it into words when somebody asks.
public struct Evaluation: Sendable {
    /// When.
    public var time: Date
    /// The bounds and waits.
    public var policy: ScalePolicy
    /// What the poll found.
    public var seen: Observation
    /// The same in full, in the order of the spec.
    public var triggers: [TriggerRecord]
    /// What the formula made of it, where there is one.
    public var composite: CompositeRecord?
    /// Who scales while the workload is awake.
    public var engine: ScalingEngine
    /// Whether what came of it is done.
    public var mode: OperatingMode
    /// What came of it.
    public var decision: Decision
    /// What the HPA's algorithm makes of it, where it was asked.
    public var outcome: AutoscalerOutcome?

    /// Makes an evaluation.
    public init(
        at time: Date,
        _ policy: ScalePolicy,
        _ seen: Observation,
        triggers: [TriggerRecord],
        composite: CompositeRecord? = nil,
        engine: ScalingEngine = .hpa,
        mode: OperatingMode = .manage,
        decision: Decision,
        autoscaler outcome: AutoscalerOutcome? = nil
    ) {
        self.time = time
        self.policy = policy
        self.seen = seen
        self.triggers = triggers
        self.composite = composite
        self.engine = engine
        self.mode = mode
        self.decision = decision
        self.outcome = outcome
    }

    /// The replicas that it comes to with the HPA's part.
    public var recommendation: Int {
        switch decision {
        case .scale(let replicas, _): replicas
        case .hold: engine == .direct ? seen.replicas : outcome?.desiredReplicas ?? seen.replicas
        }
    }

    /// Notes what the algorithm makes of a metric of pods, which is read only after all else is known.
    ///
    /// Pods that are starting have no sample yet; that is told with the algorithm's answer and is no trouble.
    ///
    /// - Parameters:
    ///   - proposal: what it makes of it.
    ///   - trigger: the place of the trigger that asks for it.
    ///   - metric: the place among the trigger's metrics.
    ///   - label: how messages name the trigger.
    public mutating func note(
        _ proposal: Result<AutoscalerProposal, AutoscalerFailure>,
        of trigger: Int,
        metric: Int,
        _ label: String
    ) {
        switch proposal {
        case .success(let proposal): triggers[trigger].metrics[metric].value = proposal.current?.number
        case .failure(let failure):
            // A trigger that could not be built anew has said so already.
            guard !failure.isOfStart, seen.triggers[trigger].isResource else { return }
            let reason = "\(label): \(failure)"
            triggers[trigger].failure = reason
            seen.triggers[trigger] = .resourceFailed(reason: reason)
        }
    }

    /// Whether another one came to the same for the same reasons, whatever the numbers that it read.
    ///
    /// That holds also where the HPA's algorithm was not asked, so that what the numbers mean is not known.
    public func isRepeated(by other: Evaluation) -> Bool {
        decision == other.decision && engine == other.engine && mode == other.mode && policy == other.policy
            && seen.replicas == other.seen.replicas && seen.triggers == other.seen.triggers
            && triggers.elementsEqual(other.triggers) { $0.metrics.elementsEqual($1.metrics) { $0.isLike($1) } }
            && composite?.isActive == other.composite?.isActive && composite?.failure == other.composite?.failure
            && composite?.isFallback == other.composite?.isFallback
            && composite?.metric.target == other.composite?.metric.target
            && outcome?.desiredReplicas == other.outcome?.desiredReplicas && outcome?.cause == other.outcome?.cause
            && outcome?.reasons == other.outcome?.reasons && outcome?.conditions == other.outcome?.conditions
    }
}
