internal import Foundation
internal import KubeClient
internal import KubeModel
internal import Outbound
internal import Scaling

extension ObjectReconciler {
    /// What a poll came to.
    struct Polled {
        /// For the status.
        let found: ObjectFindings.Poll
        /// What the HPA's algorithm is to remember, by whether the replicas were set.
        let history: (_ isWritten: Bool) -> AutoscalerHistory?
    }

    /// Who scales an object while it is awake.
    func engine(of object: ScaledObject) -> ScalingEngine {
        ObjectControls(object.metadata.annotations).engine ?? world.engine
    }

    /// Asks all triggers at once and decides.
    func poll(_ runtime: ObjectRuntime, _ object: ScaledObject, _ scale: Scale) async throws -> Polled {
        let (now, start) = (world.time.now(), world.time.uptime())
        let targets = targets
        let evaluator = TriggerEvaluator(
            runtime: runtime,
            replicas: { scale.replicas },
            readyPods: { try await targets.readyPods(of: scale, in: object.key.namespace) }
        )
        // What the metrics API has just asked is not asked again.
        let age = min(.seconds(1), runtime.polls.interval / 2)
        let values = try await evaluator.values { _ in age }
        world.instruments.pollEnded(
            object.key,
            triggers: values.count,
            failures: values.compactMap(\.outcome.failure).count,
            took: world.time.uptime() - start
        )
        let controls = ObjectControls(object.metadata.annotations)
        runtime.ticked(world.time.uptime(), by: engine(of: object))
        runtime.note(controls)
        var seen = Observation(
            replicas: scale.replicas,
            triggers: values.map(\.outcome),
            lastActive: nil,
            created: object.metadata.creationTimestamp?.date ?? now
        )
        var composed: TriggerEvaluator.Composed?
        if let composite = runtime.composite {
            composed = await evaluator.compose(composite, of: values)
            seen.composite = composed?.outcome
        }
        let policy = ScalePolicy(object.spec, controls)
        runtime.note(isActive: seen.isActive || policy.isForced, now: now)
        seen.lastActive = runtime.activity.lastActive
        let spec = HPAPlan.spec(for: object, target: runtime.target.type, metrics: hpaMetrics(of: object, runtime))
        let readings = evaluator.readings(for: spec.metrics ?? [], values, composed)
        let (evaluation, history) = try await evaluate(
            object,
            runtime,
            Evaluation(
                at: now,
                policy,
                seen,
                triggers: evaluator.records(of: values),
                composite: composed.flatMap { evaluator.record(of: $0.outcome, $0.value) },
                engine: engine(of: object),
                mode: mode(of: object),
                decision: decide(policy, seen, now: now)
            ),
            spec,
            scale,
            readings
        )
        runtime.decided(evaluation, keeping: DecisionLog.limit(amid: runtimes.count))
        let found = ObjectFindings.Poll(seen: seen, decision: evaluation.decision, isForced: policy.isForced)
        return Polled(found: found, history: history)
    }

    /// Lets the engine have its say about what ``decide(_:_:now:)`` came to.
    private func evaluate(
        _ object: ScaledObject,
        _ runtime: ObjectRuntime,
        _ evaluation: Evaluation,
        _ spec: HPASpec,
        _ scale: Scale,
        _ readings: [AutoscalerReading]
    ) async throws -> (Evaluation, history: (Bool) -> AutoscalerHistory?) {
        var evaluation = evaluation
        let remembered = history(of: runtime, evaluation, AutoscalerSpec(spec))
        switch evaluation.engine {
        case .hpa:
            // What only pods can tell, a poll does not read: the HPA does that, but where we only recommend.
            guard !spec.needsPods || evaluation.mode == .recommend && spec.isExternal else {
                return (evaluation, { _ in nil })
            }
            let pods = spec.needsPods ? try await targets.pods(of: scale, in: object.key.namespace) : []
            let outcome = autoscale(
                AutoscalerSpec(spec),
                Self.observation(scale, readings, pods),
                history: remembered,
                now: evaluation.time
            )
            evaluation.outcome = outcome
            // Where we only recommend, the next poll sees whether anybody has scaled.
            guard evaluation.mode == .manage else { return (evaluation, { _ in outcome.history }) }
            // The HPA is taken to have done what its algorithm says; the next poll sees what it did.
            return (evaluation, { _ in outcome.succeeded().history })
        case .direct:
            let pods = spec.needsPods ? try await targets.pods(of: scale, in: object.key.namespace) : []
            let direct = decideDirect(
                evaluation.policy,
                evaluation.seen,
                AutoscalerSpec(spec),
                Self.observation(scale, readings, pods),
                history: remembered,
                now: evaluation.time
            )
            evaluation.decision = direct.decision
            evaluation.outcome = direct.outcome
            return (evaluation, { direct.history(isWritten: $0) })
        }
    }

    /// What the HPA's algorithm remembers: where we only recommend, with what others have done since the last poll.
    private func history(
        of runtime: ObjectRuntime,
        _ evaluation: Evaluation,
        _ spec: AutoscalerSpec
    ) -> AutoscalerHistory {
        guard evaluation.mode == .recommend else { return runtime.autoscaler }
        return runtime.autoscaler.seeing(
            evaluation.seen.replicas,
            after: runtime.latest?.seen.replicas,
            of: spec,
            settings: evaluation.engine == .direct ? .direct : AutoscalerSettings(),
            at: evaluation.time
        )
    }

    /// The target as the HPA's algorithm looks at it.
    private static func observation(
        _ scale: Scale,
        _ readings: [AutoscalerReading],
        _ pods: [AutoscalerPod] = []
    ) -> AutoscalerObservation {
        AutoscalerObservation(
            replicas: scale.replicas,
            existingReplicas: scale.status?.replicas,
            pods: pods,
            readings: readings
        )
    }
}

extension HPASpec {
    /// Whether some metric means nothing without looking at pods.
    fileprivate var needsPods: Bool { metrics?.contains { $0.external?.target.averageValue == nil } == true }
    /// Whether all metrics are ours, which cpu and memory are not.
    fileprivate var isExternal: Bool { metrics?.allSatisfy { $0.external != nil } == true }
}
