internal import KubeClient
internal import KubeModel
internal import Logging
internal import Outbound
internal import Scaling

extension ObjectReconciler.World {
    /// The same world where nothing can be written, and nobody is told by an Event.
    fileprivate var readOnly: Self {
        var world = self
        world.client = client.readOnly
        world.announce = { _, _ in }
        return world
    }
}

extension ObjectReconciler {
    /// Whether what is decided about an object is done; never where the whole process only recommends.
    func mode(by controls: ObjectControls) -> OperatingMode {
        world.mode == .recommend ? .recommend : controls.mode ?? .manage
    }

    /// A pass over an object for which Swell only recommends: it is polled and decided about as ever, and nothing of it
    /// is written.
    ///
    /// One that this process managed before loses the HPA that Swell has made for it, so that whoever takes over is
    /// alone; another HPA, which KEDA or a person has made, stays, also where Swell had taken it over.
    ///
    /// - Returns: how long until the next pass is due; `nil` when only a change can call for one.
    @inline(never)
    func recommend(_ object: ScaledObject) async throws -> Duration? {
        if world.mode == .manage { try await dropHPA(of: object, where: HPAPlan.hasMade) }
        return try await ObjectReconciler(world: world.readOnly, runtimes: runtimes).look(at: object)
    }

    /// The part of the pass that only looks.
    private func look(at object: ScaledObject) async throws -> Duration? {
        let key = object.key
        let controls = ObjectControls(object.metadata.annotations)
        world.instruments.paused(key, controls.pause != .none)
        if let reason = controls.pauseReason ?? Self.problem(of: object) {
            return rest(object, because: reason, isPaused: controls.isPaused)
        }
        if let runtime = runtimes[key], runtime.isOf(object), runtime.isControlled(by: controls),
            runtime.untilTick(world.time.uptime()) > .zero
        {
            return runtime.untilTick(world.time.uptime())
        }
        do {
            let target = try await targets.find(object.spec.scaleTargetRef, in: key.namespace)
            let scale = try await targets.scale(of: target)
            return try await tell(ObjectPass(object, controls, runtime(of: object, target), scale), scale)
        } catch let error as TargetError {
            world.instruments.failed(key)
            return missTarget(of: object, error)
        } catch let problem as SpecProblem {
            return rest(object, because: Self.told(Self.formulaStage, [problem]))
        }
    }

    /// Polls, decides, and tells what it comes to beside what is in place.
    private func tell(_ pass: ObjectPass, _ scale: Scale) async throws -> Duration {
        let (key, runtime) = (pass.object.key, pass.runtime)
        let former = runtime.latest.map(RecommendationRecord.init)
        let polled = try await poll(ask(pass, scale), pass, scale)
        runtime.remember(polled.history(false))
        // For no status: metrics that are gone are forgotten by the way.
        noteMetrics(of: pass)
        runtimes.wake(key)
        if let latest = runtime.latest.map(RecommendationRecord.init), latest != former {
            world.log.info("\(latest.text)", metadata: ["object": "\(key)"])
        }
        return max(runtime.untilTick(world.time.uptime()), .zero)
    }

    /// Notes that the target cannot be looked at; what was decided before is kept.
    ///
    /// - Returns: how long until it is looked for again.
    private func missTarget(of object: ScaledObject, _ error: TargetError) -> Duration {
        let reason = "ScaledObject doesn't have correct scaleTargetRef specification: \(error)"
        let isKept = runtimes[object.key]?.isOf(object) == true
        note(reason, of: object, activity(of: object), keepsRuntime: isKept)
        if !isKept { world.instruments.stopped(object.key) }
        return min(PollPolicy(object.spec).interval, .seconds(30))
    }

    /// Stops telling of an object until it changes.
    ///
    /// - Parameters:
    ///   - object: which one.
    ///   - reason: why, for people.
    ///   - isPaused: whether its activity goes on meanwhile, as that of an object does whose status is left as it was.
    /// - Returns: that only a change can call for a pass.
    private func rest(_ object: ScaledObject, because reason: String, isPaused: Bool = false) -> Duration? {
        var activity = activity(of: object)
        if !isPaused { activity.note(isActive: false, now: world.time.now()) }
        note(reason, of: object, activity, keepsRuntime: false)
        world.instruments.stopped(object.key)
        return nil
    }

    /// When an object was active, by what this process has seen, else by its status.
    private func activity(of object: ScaledObject) -> ActivityState {
        let known = runtimes[object.key]
        return (known?.uid == object.metadata.uid ? known?.activity : nil) ?? runtimes.rest(of: object)?.activity
            ?? ActivityState(resuming: object.status, now: world.time.now())
    }

    /// Keeps why an object rests, and tells it once.
    private func note(_ reason: String, of object: ScaledObject, _ activity: ActivityState, keepsRuntime: Bool) {
        let rest = RuntimeTable.Rest(uid: object.metadata.uid, reason: reason, activity: activity)
        guard runtimes.note(rest, of: object.key, keepsRuntime: keepsRuntime) else { return }
        world.log.info("recommends nothing", metadata: ["object": "\(object.key)", "reason": "\(reason)"])
    }
}

extension ObjectControls {
    /// Why an object is not polled, where an annotation says so.
    fileprivate var pauseReason: String? {
        switch pause {
        case .none, .oneWay: nil
        case .frozen: "an annotation pauses it"
        case .at(let replicas): "an annotation pauses it at \(replicas) replicas"
        case .unreadable(let problem): "annotation \(Self.pausedReplicas) \(problem)"
        }
    }
}
