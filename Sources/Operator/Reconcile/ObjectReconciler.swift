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
///
/// Hundreds of passes wait at a time, for the API server above all, and what an `async` function has in hand while it waits is
/// kept by its task, temporaries of all that the compiler has put into it included. So what is worked out between two waits,
/// and what few passes need, is in functions of its own that are never put into another.
final class ObjectReconciler: Sendable {
    /// The outside of the operator, as far as a pass needs it.
    struct World: Sendable {
        /// The ScaledObject as the watch shows it.
        let object: @Sendable (ObjectKey) -> ScaledObject?
        /// The HPA as the watch shows it, and a number that is another when the HPA is.
        let hpa: @Sendable (ObjectKey) -> (value: HorizontalPodAutoscaler, revision: Int)?
        /// The number alone; `nil` where there is none.
        let hpaRevision: @Sendable (ObjectKey) -> Int?
        /// Who else wants an object's workload.
        let neighbours: @Sendable (ScaledObject) -> [SpecProblem]
        /// A number that grows whenever the neighbours may be others.
        let revision: @Sendable () -> Int
        /// Tells people.
        var announce: @Sendable (ObjectEvent, ScaledObject) -> Void
        /// The API server.
        var client: KubeClient
        /// Where the API server has HPAs.
        let hpaType: ResourceType
        /// What else the API server serves.
        let discovery: Discovery
        /// What watches show of a target's replicas, if any does.
        let watchedScale: @Sendable (ScaleTarget) -> Scale?
        /// Finds settings.
        let credentials: CredentialResolver
        /// The trigger types there are.
        let registry: ScalerRegistry
        /// The triggers' way out.
        let http: any HTTPTransport
        /// The triggers' way out.
        let sql: any SQLClient
        /// What triggers have asked a moment ago.
        let shared: SharedSources
        /// How long one read may take unless the trigger says otherwise.
        let timeout: Duration
        /// The clocks.
        let time: TimeSource
        /// Swell's version, for a label.
        let version: String
        /// Who scales what is awake, unless its object says otherwise.
        let engine: ScalingEngine
        /// Whether what is decided is done; no object may say that it is where the process does not.
        let mode: OperatingMode
        /// Counts and times.
        let instruments: ScalingInstruments
        /// For operators.
        let log: Logger
    }

    /// See ``World``.
    let world: World
    /// What is kept between passes.
    let runtimes: RuntimeTable

    /// Makes a reconciler.
    init(world: World, runtimes: RuntimeTable) {
        self.world = world
        self.runtimes = runtimes
    }

    /// The way to scale targets.
    var targets: TargetAccess {
        TargetAccess(client: world.client, discovery: world.discovery, watched: world.watchedScale)
    }

    /// The same, writing by another client.
    func writing(by client: KubeClient) -> ObjectReconciler {
        var world = world
        world.client = client
        return ObjectReconciler(world: world, runtimes: runtimes)
    }

    /// Forgets an object that is gone, or is another replica's.
    func forget(_ key: ObjectKey) {
        runtimes[key] = nil
        world.instruments.forget(key)
    }

    /// Does one pass over an object that is ours.
    ///
    /// - Parameters:
    ///   - key: which object; one that is gone is forgotten.
    ///   - release: called when the target has been scaled: what is left, HPA and status, is less urgent than other
    ///     objects' targets.
    /// - Returns: how long until the next pass is due; `nil` when only a change can call for one.
    /// - Throws: what kept the pass from its end, such as an API server that does not answer; it is tried again.
    func pass(
        _ key: ObjectKey,
        afterScaling release: @Sendable () -> Void = {}
    ) async throws -> Duration? {
        guard let stored = world.object(key) else {
            forget(key)
            return nil
        }
        if stored.metadata.deletionTimestamp != nil {
            try await finalise(stored)
            return nil
        }
        if mode(by: ObjectControls(stored.metadata.annotations)) == .recommend { return try await recommend(stored) }
        // Whom nobody can tell whether to scale, and whom no label can name, is not claimed.
        guard stored.labelProblems.isEmpty, stored.modeProblems.isEmpty else { return try await refuse(stored) }
        if let wait = untilClaimIsShown(on: stored) { return wait }
        let object = try await claim(stored)
        let controls = ObjectControls(object.metadata.annotations)
        world.instruments.paused(key, controls.pause != .none)
        if controls.isPaused { return try await pause(object, controls) }
        let pass: ObjectPass
        if let usual = usual(object, controls) {
            pass = usual
        } else {
            guard Self.problem(of: object) == nil else { return try await refuse(object) }
            switch try await begin(object, over: stored, controls) {
            case .end(let wait): return wait
            case .go(let first): pass = first
            }
        }
        if let scale = pass.scale, !(try await tick(pass, scale, afterScaling: release)) { return untilTick(of: pass) }
        return try await settle(pass)
    }

    /// The usual pass: nothing is new about the object, and no tick is due, or a watch shows its target.
    @inline(never)
    private func usual(_ object: ScaledObject, _ controls: ObjectControls) -> ObjectPass? {
        guard let runtime = runtimes[object.key], runtime.isOf(object), runtime.isControlled(by: controls) else {
            return nil
        }
        if runtime.untilTick(world.time.uptime()) > .zero { return ObjectPass(object, controls, runtime, nil) }
        guard !isRemembered(of: object) else { return nil }
        return targets.watchedScale(of: runtime.target, unless: runtime.isOutdated)
            .map { ObjectPass(object, controls, runtime, $0) }
    }

    /// What comes of looking for an object's target.
    private enum Beginning {
        /// There it is.
        case go(ObjectPass)
        /// Nothing more is to be done in this pass; how long until the next one.
        case end(Duration?)
    }

    /// Looks for an object's target, and makes its runtime if there is none.
    ///
    /// - Parameters:
    ///   - object: as it is.
    ///   - stored: as the watch shows it.
    ///   - controls: its annotations'.
    /// - Returns: what to poll for.
    /// - Throws: see ``pass(_:afterScaling:)``.
    @inline(never)
    private func begin(
        _ object: ScaledObject,
        over stored: ScaledObject,
        _ controls: ObjectControls
    ) async throws -> Beginning {
        let target: ScaleTarget
        let scale: Scale
        do {
            target = try await targets.find(object.spec.scaleTargetRef, in: object.key.namespace)
            scale =
                isRemembered(of: object)
                ? try await targets.currentScale(of: target)
                : try await targets.scale(of: target) { runtimes[object.key]?.isOutdated($0) ?? false }
        } catch {
            world.instruments.failed(object.key)
            return .end(try await fail(object, error))
        }
        do {
            let runtime = try runtime(of: object, target)
            runtime.note(claimed: object, over: stored)
            return .go(ObjectPass(object, controls, runtime, scale))
        } catch {
            // Found only here, where the formula is compiled, once for a spec.
            return .end(try await refuse(object, because: Self.told(Self.formulaStage, [error])))
        }
    }

    /// Whether the replicas that the target has now are remembered for good, to be put back one day: what a watch showed a
    /// moment ago will not do then.
    private func isRemembered(of object: ScaledObject) -> Bool {
        object.status?.originalReplicaCount == nil && object.spec.restoresReplicas
    }

    /// Puts a problem of the spec into the Ready condition, and forgets the object until it changes.
    @inline(never)
    private func refuse(_ object: ScaledObject, because problem: String? = nil) async throws -> Duration? {
        let former = runtimes[object.key]
        runtimes[object.key] = nil
        world.instruments.stopped(object.key)
        try await fail(object, problem ?? Self.problem(of: object) ?? "", after: former)
        return nil
    }

    /// Polls, decides and acts, as a tick is due.
    ///
    /// - Returns: whether HPA and status have to follow.
    @inline(never)
    private func tick(
        _ pass: ObjectPass,
        _ scale: Scale,
        afterScaling release: @Sendable () -> Void
    ) async throws -> Bool {
        let asked = try await ask(pass, scale)
        let rest = rest(of: pass, scale, asked.values)
        tellOfNeighbours(of: pass)
        if pass.runtime.restsOn(rest, at: asked.now, keeping: DecisionLog.limit(amid: runtimes.count)) { return false }
        let poll = try await poll(asked, pass, scale)
        // Nobody scales a target beside us.
        if engine(by: pass.controls) == .direct { try await dropHPA(of: pass.object) }
        pass.found.originalReplicas = poll.scale.replicas
        pass.found.poll = poll.found
        tellOfTriggers(of: pass, poll.found.seen)
        if isRemembered(of: pass.object) { try await remember(poll.scale.replicas, of: pass.object, pass.runtime) }
        let wait = await act(on: poll, pass)
        pass.runtime.remember(poll.history(wait == nil))
        if let wait {
            pass.runtime.retick(after: wait, world.time.uptime())
        } else if case .scale = poll.found.decision {
            release()
        }
        if poll.found.decision == .hold(.inactive) { pass.rest = rest }
        return true
    }

    /// What has to stay as it is for the target to rest on; `nil` where it does not rest.
    private func rest(of pass: ObjectPass, _ scale: Scale, _ values: [TriggerValue]) -> RestOrder? {
        let runtime = pass.runtime
        guard scale.replicas == 0, runtime.composite == nil else { return nil }
        let revision = world.hpaRevision(runtime.hpaKey)
        // A watch that does not show what should be there, or shows what should not, tells of no change either.
        guard (engine(by: pass.controls) == .hpa) == (revision != nil) else { return nil }
        let order = HPAOrder(pass.object, revision, runtime.units.map(\.built))
        return RestOrder(order, scale, values)
    }

    /// The end of every pass: HPA and status follow from what was found.
    ///
    /// - Returns: how long until the next tick.
    /// - Throws: what keeps the status from being written.
    @inline(never)
    private func settle(_ pass: ObjectPass) async throws -> Duration {
        note(pass)
        switch pass.found.engine {
        case .hpa: await ensureHPA(of: pass)
        case .direct: noteMetrics(of: pass)
        }
        if pass.runtime.fallback != nil { pass.found.failures = pass.runtime.failures }
        try await write(pass)
        if pass.found.problem == nil, let rest = pass.rest { pass.runtime.note(rest) }
        return untilTick(of: pass)
    }

    /// Notes what is known without a poll.
    private func note(_ pass: ObjectPass) {
        pass.found.target = pass.runtime.target.type
        pass.found.activity = pass.runtime.activity
        pass.found.controls = pass.controls
        pass.found.engine = engine(by: pass.controls)
    }

    /// How long until the next tick.
    private func untilTick(of pass: ObjectPass) -> Duration {
        max(pass.runtime.untilTick(world.time.uptime()), .zero)
    }

    /// How soon a write that failed is tried again: in a second where waiting may help, else when somebody may have
    /// put right what is refused.
    static func retryDelay(after error: any Error) -> Duration {
        (error as? KubeError)?.isRetryable == true ? .seconds(1) : .seconds(30)
    }

    /// Where a formula that makes no sense is found.
    static let formulaStage = "ScaledObject doesn't have correct scalingModifiers specification"

    /// What the spec says that cannot be, as the Ready condition tells it.
    ///
    /// Formulas are looked at when they are compiled.
    static func problem(of object: ScaledObject) -> String? {
        let stages = [
            ("ScaledObject's name is too long", object.labelProblems),
            ("ScaledObject doesn't have correct Idle/Min/Max Replica Counts specification", object.replicaProblems),
            ("ScaledObject doesn't have correct triggers specification", object.triggerProblems),
            ("ScaledObject cannot be scaled by this engine", object.engineProblems),
            ("ScaledObject's annotation \(OperatingMode.annotation) is not understood", object.modeProblems),
        ]
        return stages.first { !$0.1.isEmpty }.map(told)
    }

    /// Problems as the Ready condition tells them.
    static func told(_ stage: String, _ problems: [SpecProblem]) -> String {
        "\(stage): \(problems.map(\.message).joined(separator: "; "))"
    }

    /// The runtime of this generation, made now if there is none.
    ///
    /// - Throws: `SpecProblem` for a formula that makes no sense.
    @inline(never)
    func runtime(of object: ScaledObject, _ target: ScaleTarget) throws(SpecProblem) -> ObjectRuntime {
        let former = runtimes[object.key]
        if let former, former.isOf(object) { return former }
        let composite = try Composite.make(for: object)
        let targets = targets
        let instruments = world.instruments.began(object)
        let around = TriggerUnit.Surroundings(
            object: object.key,
            registry: world.registry,
            credentials: world.credentials,
            feedsFormula: composite != nil,
            container: object.spec.scaleTargetRef.envSourceContainerName,
            template: { try await targets.template(of: target) },
            http: world.http,
            sql: world.sql,
            shared: world.shared,
            cluster: ClientClusterReader(client: world.client),
            timeout: world.timeout,
            time: world.time,
            instruments: instruments,
            log: world.log
        )
        let units = object.spec.triggers.enumerated().map { TriggerUnit(index: $0, $1, around) }
        let heir = former?.uid == object.metadata.uid ? former : nil
        let runtime = ObjectRuntime(
            object,
            target: target,
            units: units,
            composite: composite,
            instruments: instruments,
            after: heir,
            resting: runtimes.rest(of: object)?.activity,
            now: world.time.now()
        )
        runtimes[object.key] = runtime
        announceStart(of: object, isNew: heir == nil)
        return runtime
    }
}
