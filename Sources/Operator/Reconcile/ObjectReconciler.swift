internal import Foundation
internal import KubeClient
internal import KubeModel
internal import Logging
internal import Outbound
internal import ScalerKit
internal import Scaling

/// Brings one ScaledObject, its scale target, its HPA and its status in line, one pass at a time.
///
/// A pass reads the world into values, polls the triggers when their tick is due, lets pure functions decide, and
/// then acts. Nothing tells it why it was called: it does whatever is to be done, and nothing when nothing is. Never
/// two passes run for one object at once; the queue sees to that.
struct ObjectReconciler: Sendable {
    /// The outside of the operator, as far as a pass needs it.
    struct World: Sendable {
        /// The ScaledObject as the watch shows it.
        let object: @Sendable (ObjectKey) -> ScaledObject?
        /// The HPA as the watch shows it.
        let hpa: @Sendable (ObjectKey) -> HorizontalPodAutoscaler?
        /// Tells people.
        let announce: @Sendable (ObjectEvent, ScaledObject) -> Void
        /// The API server.
        let client: KubeClient
        /// Where the API server has HPAs.
        let hpaType: ResourceType
        /// What else the API server serves.
        let discovery: Discovery
        /// Finds settings.
        let credentials: CredentialResolver
        /// The trigger types there are.
        let registry: ScalerRegistry
        /// The triggers' way out.
        let http: any HTTPTransport
        /// The triggers' way out.
        let sql: any SQLClient
        /// How long one read may take unless the trigger says otherwise.
        let timeout: Duration
        /// The clocks.
        let time: TimeSource
        /// Swell's version, for a label.
        let version: String
        /// For operators.
        let log: Logger
    }

    /// See ``World``.
    let world: World
    /// What is kept between passes.
    let runtimes: RuntimeTable

    /// The way to scale targets.
    var targets: TargetAccess { TargetAccess(client: world.client, discovery: world.discovery) }

    /// Does one pass.
    ///
    /// - Parameter key: which object; one that is gone is forgotten.
    /// - Returns: how long until the next pass is due; `nil` when only a change can call for one.
    /// - Throws: what kept the pass from its end, such as an API server that does not answer; it is tried again.
    func pass(_ key: ObjectKey) async throws -> Duration? {
        guard let stored = world.object(key) else {
            runtimes[key] = nil
            return nil
        }
        if stored.metadata.deletionTimestamp != nil {
            try await finalise(stored)
            return nil
        }
        if let problem = Self.problem(of: stored) {
            runtimes[key] = nil
            try await fail(stored, problem)
            return nil
        }
        let object = try await claim(stored)
        if let runtime = runtimes[key], runtime.isOf(object), runtime.untilTick(world.time.uptime()) > .zero {
            return try await settle(object, runtime, ObjectFindings())
        }
        let target: ScaleTarget
        let scale: Scale
        do {
            target = try await targets.find(object.spec.scaleTargetRef, in: key.namespace)
            scale = try await targets.scale(of: target)
        } catch {
            return try await fail(object, error)
        }
        return try await tick(object, runtime(of: object, target), scale)
    }

    /// A pass whose tick is due: polls, decides and acts.
    private func tick(_ object: ScaledObject, _ runtime: ObjectRuntime, _ scale: Scale) async throws -> Duration {
        let poll = try await poll(runtime, object, replicas: scale.replicas)
        var found = ObjectFindings()
        found.originalReplicas = scale.replicas
        found.poll = poll
        let isDone = await act(on: poll, object, runtime.target, scale)
        if !isDone { runtime.retick(after: Self.retryDelay, world.time.uptime()) }
        return try await settle(object, runtime, found)
    }

    /// The end of every pass: HPA and status follow from what was found.
    ///
    /// - Returns: how long until the next tick.
    private func settle(
        _ object: ScaledObject,
        _ runtime: ObjectRuntime,
        _ found: ObjectFindings
    ) async throws -> Duration {
        var found = found
        found.target = runtime.target.type
        found.activity = runtime.activity
        await ensureHPA(of: object, runtime, &found)
        try await write(found, of: object, runtime)
        return max(runtime.untilTick(world.time.uptime()), .zero)
    }

    /// How soon a write that failed is tried again.
    private static let retryDelay = Duration.seconds(1)

    /// What the spec says that cannot be, as the Ready condition tells it.
    static func problem(of object: ScaledObject) -> String? {
        let stages = [
            ("ScaledObject's name is too long", object.labelProblems),
            ("ScaledObject doesn't have correct Idle/Min/Max Replica Counts specification", object.replicaProblems),
            ("ScaledObject doesn't have correct triggers specification", object.triggerProblems),
        ]
        for (stage, problems) in stages where !problems.isEmpty {
            return "\(stage): \(problems.map(\.message).joined(separator: "; "))"
        }
        return nil
    }

    /// The runtime of this generation, made now if there is none.
    private func runtime(of object: ScaledObject, _ target: ScaleTarget) -> ObjectRuntime {
        let former = runtimes[object.key]
        if let former, former.isOf(object) { return former }
        let targets = targets
        let around = TriggerUnit.Surroundings(
            object: object.key,
            registry: world.registry,
            credentials: world.credentials,
            container: object.spec.scaleTargetRef.envSourceContainerName,
            template: { try await targets.template(of: target) },
            http: world.http,
            sql: world.sql,
            cluster: ClientClusterReader(client: world.client),
            timeout: world.timeout,
            time: world.time,
            log: world.log
        )
        let units = object.spec.triggers.enumerated().map { TriggerUnit(index: $0, $1, around) }
        let heir = former?.uid == object.metadata.uid ? former : nil
        let runtime = ObjectRuntime(
            object,
            target: target,
            units: units,
            after: heir,
            now: world.time.now()
        )
        runtimes[object.key] = runtime
        announceStart(of: object, isNew: heir == nil)
        return runtime
    }

    /// Tells that polling begins, and of keys that mean nothing.
    private func announceStart(of object: ScaledObject, isNew: Bool) {
        if isNew { world.announce(ObjectEvent(.normal, .scalersStarted, "Started scalers watch"), object) }
        for (index, trigger) in object.spec.triggers.enumerated() {
            guard let schema = world.registry[trigger.type]?.schema else { continue }
            let unknown = schema.unknownKeys(in: trigger.metadata)
            guard !unknown.isEmpty else { continue }
            let keys = unknown.map { key, nearest in
                nearest.map { "\"\(key)\" (did you mean \"\($0)\"?)" } ?? "\"\(key)\""
            }
            let note = "trigger \(index) (\(trigger.type)) does not know \(keys.joined(separator: ", "))"
            world.announce(ObjectEvent(.normal, .scalerInfo, note), object)
        }
    }

    /// Asks all triggers at once and decides.
    private func poll(
        _ runtime: ObjectRuntime,
        _ object: ScaledObject,
        replicas: Int
    ) async throws -> ObjectFindings.Poll {
        let now = world.time.now()
        let outcomes = try await withThrowingTaskGroup { group in
            for unit in runtime.units {
                group.addTask { (unit.index, try await Self.outcome(of: unit, runtime.polls)) }
            }
            var outcomes: [Int: TriggerOutcome] = [:]
            for try await (index, outcome) in group { outcomes[index] = outcome }
            return runtime.units.compactMap { outcomes[$0.index] }
        }
        runtime.ticked(world.time.uptime())
        let isActive = outcomes.contains(where: \.isActive)
        runtime.note(isActive: isActive, now: now)
        let seen = Observation(
            replicas: replicas,
            triggers: outcomes,
            lastActive: runtime.activity.lastActive,
            created: object.metadata.creationTimestamp?.date ?? now
        )
        let decision = decide(runtime.policy, seen, now: now)
        runtime.decided(decision)
        return ObjectFindings.Poll(seen: seen, decision: decision)
    }

    /// What one trigger says on this tick.
    ///
    /// What the metrics API has just asked is not asked again.
    private static func outcome(of unit: TriggerUnit, _ polls: PollPolicy) async throws -> TriggerOutcome {
        let outcome = try await unit.outcome(noOlderThan: min(.seconds(1), polls.interval / 2))
        switch outcome.result {
        case .success(let readings):
            return .read(metrics: readings.keys.sorted(), isActive: readings.values.contains(where: \.isActive))
        case .failure(let failure):
            return .failed(reason: "\(unit.label): \(failure)")
        }
    }

    /// Does what a poll came to.
    ///
    /// - Returns: whether it is done; else it should be tried again soon.
    private func act(
        on poll: ObjectFindings.Poll,
        _ object: ScaledObject,
        _ target: ScaleTarget,
        _ scale: Scale
    ) async -> Bool {
        guard case .scale(let replicas, let cause) = poll.decision else { return true }
        do {
            try await targets.set(scale, to: replicas, of: target)
        } catch {
            // Somebody else was faster: the next pass sees what they did. That is nothing to tell people about.
            guard !error.isConflict else { return false }
            world.log.warning(
                "cannot scale",
                metadata: ["object": "\(object.key)", "error": "\(String(reflecting: error))"]
            )
            world.announce(
                .notScaled(
                    because: cause,
                    target.description,
                    from: scale.replicas,
                    to: replicas,
                    error: error.description
                ),
                object
            )
            return false
        }
        let active = poll.seen.triggers.flatMap { outcome -> [String] in
            guard case .read(let metrics, true) = outcome else { return [] }
            return metrics
        }
        world.log.info(
            "scaled",
            metadata: [
                "object": "\(object.key)", "target": "\(target)", "from": "\(scale.replicas)", "to": "\(replicas)",
                "cause": "\(cause)",
            ]
        )
        let event = ObjectEvent.scaled(
            because: cause,
            target.description,
            from: scale.replicas,
            to: replicas,
            metrics: active
        )
        if let event { world.announce(event, object) }
        return true
    }
}
