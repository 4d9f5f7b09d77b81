internal import Foundation
internal import KubeClient
internal import KubeModel
internal import Logging
internal import Outbound
internal import Scaling

extension ObjectReconciler {
    /// What a poll came to.
    struct Polled {
        /// For the status.
        let found: ObjectFindings.Poll
        /// What was decided upon: the scale that was looked at, or a newer one.
        let scale: Scale
        /// What the HPA's algorithm is to remember, by whether the replicas were set.
        let history: (_ isWritten: Bool) -> AutoscalerHistory?
    }

    /// Who scales an object while it is awake.
    func engine(by controls: ObjectControls) -> ScalingEngine { controls.engine ?? world.engine }

    /// What all triggers said when they were asked.
    struct Asked {
        /// When.
        let now: Date
        /// One for each trigger, in their order.
        let values: [TriggerValue]
        /// Who has asked.
        let evaluator: TriggerEvaluator
        /// Whether a source had pushed.
        let isPushed: Bool
    }

    /// Asks all triggers at once.
    func ask(_ pass: ObjectPass, _ shown: Scale) async throws -> Asked {
        let (object, runtime) = (pass.object, pass.runtime)
        let engine = engine(by: pass.controls)
        let (now, start) = (world.time.now(), world.time.uptime())
        let late = runtime.lateness(start)
        world.instruments.pollBegan(object.key, late: late)
        // The time of the tick, which is one for all objects that tick together: they ask in the same words.
        let moment = late < .seconds(1) ? now.addingTimeInterval(-(late / .seconds(1))) : now
        let pushed = runtime.began(start)
        let targets = targets
        let evaluator = TriggerEvaluator(
            runtime: runtime,
            replicas: { shown.replicas },
            readyPods: { try await targets.readyPods(of: shown, runtime.target) }
        )
        // What the metrics API has just asked is not asked again, unless the source has told of something new. Nor are other
        // sources asked more often because one of them tells.
        let polls = runtime.polls.at(engine)
        let age = pushed.isEmpty ? min(.seconds(1), runtime.polls.interval / 2) : polls.interval
        let values = try await evaluator.values(noOlderThan: { pushed.contains($0.index) ? .zero : age }, at: moment)
        world.instruments.pollEnded(
            object.key,
            triggers: values.count,
            failures: values.reduce(0) { $1.isFailed ? $0 + 1 : $0 },
            took: world.time.uptime() - start
        )
        runtime.ticked(world.time.uptime(), by: engine)
        runtime.note(pass.controls)
        return Asked(now: now, values: values, evaluator: evaluator, isPushed: !pushed.isEmpty)
    }

    /// Decides by what all triggers said.
    func poll(_ asked: Asked, _ pass: ObjectPass, _ shown: Scale) async throws -> Polled {
        let runtime = pass.runtime
        var composed: TriggerEvaluator.Composed?
        if let composite = runtime.composite {
            // Users write formulas of any length, and other objects' answers wait for this thread.
            composed = await withTaskExecutorPreference(globalConcurrentExecutor) {
                await asked.evaluator.compose(composite, of: asked.values)
            }
        }
        var seen = Observation(
            replicas: shown.replicas,
            triggers: asked.values.map(\.outcome),
            lastActive: nil,
            created: pass.object.metadata.creationTimestamp?.date ?? asked.now
        )
        seen.composite = composed?.outcome
        let isNews = seen.isActive && (runtime.seen?.isActive != true || asked.isPushed)
        let scale = isNews ? try await confirmed(shown, of: runtime.target) : shown
        seen.replicas = scale.replicas
        // Before the pods are looked at: a pass that is called off there has seen activity all the same.
        runtime.note(isActive: seen.isActive || pass.controls.forcesActivation, now: asked.now)
        seen.lastActive = runtime.activity.lastActive
        let rules = rules(of: pass)
        var look: PodLook?
        if asksAlgorithm(by: pass.controls, rules) {
            look = try await targets.look(at: scale, runtime.target, for: rules.autoscaler.metrics)
        }
        return decided(upon: seen, asked, composed, look, pass, rules, scale)
    }

    /// Whether the HPA's algorithm is asked: what only pods can tell, a poll does not read where our HPA does.
    private func asksAlgorithm(by controls: ObjectControls, _ rules: ScalingRules) -> Bool {
        engine(by: controls) == .direct || mode(by: controls) == .recommend || !rules.hpa.needsPods
    }

    /// Decides, once everything is known, and notes what came of it.
    ///
    /// - Parameters:
    ///   - seen: the target and its triggers.
    ///   - asked: what the triggers said.
    ///   - composed: what the formula made of it.
    ///   - look: the pods; `nil` where the HPA's algorithm is not asked.
    ///   - pass: the object and what is its own.
    ///   - rules: what its HPA is to do.
    ///   - scale: the target's.
    /// - Returns: what the poll came to.
    @inline(never)
    private func decided(
        upon seen: Observation,
        _ asked: Asked,
        _ composed: TriggerEvaluator.Composed?,
        _ look: PodLook?,
        _ pass: ObjectPass,
        _ rules: ScalingRules,
        _ scale: Scale
    ) -> Polled {
        let (object, controls, runtime) = (pass.object, pass.controls, pass.runtime)
        let policy = ScalePolicy(object.spec, controls)
        var evaluation = Evaluation(
            at: asked.now,
            policy,
            seen,
            triggers: asked.evaluator.records(of: asked.values),
            composite: composed.flatMap { asked.evaluator.record(of: $0.outcome, $0.value) },
            engine: engine(by: controls),
            mode: mode(by: controls),
            decision: decide(policy, seen, now: asked.now)
        )
        var history: (Bool) -> AutoscalerHistory? = { _ in nil }
        if let look {
            let readings = asked.evaluator.readings(for: rules.hpa.metrics ?? [], asked.values, composed)
            let target = observation(of: object, scale, look, rules.autoscaler, readings)
            history = evaluate(&evaluation, of: object, runtime, rules, target)
        }
        runtime.decided(evaluation, keeping: DecisionLog.limit(amid: runtimes.count))
        let found = ObjectFindings.Poll(seen: evaluation.seen, decision: evaluation.decision, isForced: policy.isForced)
        return Polled(found: found, scale: scale, history: history)
    }

    /// Makes sure that a target that a watch shows awake is so, when activity begins: if the watch is behind, nothing
    /// would be written, and so no conflict would tell.
    private func confirmed(_ shown: Scale, of target: ScaleTarget) async throws -> Scale {
        guard shown.replicas > 0, shown.status?.selector == nil else { return shown }
        return try await targets.currentScale(of: target)
    }

    /// What the object's HPA is to do.
    @inline(never)
    private func rules(of pass: ObjectPass) -> ScalingRules {
        let (object, runtime) = (pass.object, pass.runtime)
        let basis = ScalingRules.Basis(controls: pass.controls, built: runtime.units.map(\.built))
        if let rules = runtime.rules(for: basis) { return rules }
        let metrics = hpaMetrics(of: object, runtime)
        let spec = HPAPlan.spec(for: object, target: runtime.target.type, metrics: metrics)
        let rules = ScalingRules(basis: basis, hpa: spec, autoscaler: AutoscalerSpec(spec))
        runtime.note(rules)
        return rules
    }

    /// Lets the engine have its say about what ``decide(_:_:now:)`` came to.
    ///
    /// - Returns: what the HPA's algorithm is to remember, by whether the replicas were set.
    private func evaluate(
        _ evaluation: inout Evaluation,
        of object: ScaledObject,
        _ runtime: ObjectRuntime,
        _ both: ScalingRules,
        _ target: AutoscalerObservation
    ) -> (Bool) -> AutoscalerHistory? {
        let (spec, rules) = (both.hpa, both.autoscaler)
        let remembered = history(of: runtime, evaluation, rules)
        switch evaluation.engine {
        case .hpa:
            let outcome = autoscale(rules, target, history: remembered, now: evaluation.time)
            evaluation.outcome = outcome
            runtime.note(outcome, of: spec, for: object, in: &evaluation)
            // The HPA is taken to have done what its algorithm says; the next poll sees what it did. Where we only
            // recommend there may be none.
            let history = evaluation.mode == .manage ? outcome.succeeded().history : outcome.history
            return { _ in history }
        case .direct:
            let direct = decideDirect(
                evaluation.policy,
                evaluation.seen,
                rules,
                target,
                history: remembered,
                now: evaluation.time
            )
            evaluation.decision = direct.decision
            evaluation.outcome = direct.outcome
            runtime.note(direct.outcome, of: spec, for: object, in: &evaluation)
            return { direct.history(isWritten: $0) }
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
            after: runtime.seen?.replicas,
            of: spec,
            settings: evaluation.engine == .direct ? .direct : AutoscalerSettings(),
            at: evaluation.time
        )
    }

    /// The target as the HPA's algorithm looks at it, with its pods where a metric asks for them.
    private func observation(
        of object: ScaledObject,
        _ scale: Scale,
        _ look: PodLook,
        _ rules: AutoscalerSpec,
        _ readings: [AutoscalerReading]
    ) -> AutoscalerObservation {
        if case .failure(let failure) = look.pods {
            world.log.warning(
                "cannot look at pods",
                metadata: ["object": "\(object.key)", "error": "\(failure.detail)"]
            )
        }
        return AutoscalerObservation(
            replicas: scale.replicas,
            existingReplicas: scale.status?.replicas,
            pods: look.knownPods,
            readings: zip(rules.metrics, readings).map { look.reading(of: $0) ?? $1 }
        )
    }
}

extension ObjectRuntime {
    /// Notes what the algorithm makes of each metric of pods with the trigger that asks for it.
    fileprivate func note(
        _ outcome: AutoscalerOutcome,
        of spec: HPASpec,
        for object: ScaledObject,
        in evaluation: inout Evaluation
    ) {
        let proposals = zip(spec.metrics ?? [], outcome.proposals)
        for unit in units {
            for (place, measure) in (unit.built?.measures ?? []).enumerated() where !measure.isExternal {
                let metric = measure.metric(of: object.metadata.name)
                guard let proposal = proposals.first(where: { $0.0 == metric })?.1 else { continue }
                evaluation.note(proposal, of: unit.index, metric: place, unit.label)
            }
        }
    }
}

extension HPASpec {
    /// Whether some metric means nothing without looking at pods.
    fileprivate var needsPods: Bool { metrics?.contains { $0.external?.target.averageValue == nil } == true }
}
