internal import KubeClient
internal import KubeModel
internal import Outbound
internal import Scaling

extension ObjectReconciler {
    /// Writes the status that follows from what was found, and tells what changed; nothing when nothing did.
    @inline(never)
    func write(_ pass: ObjectPass) async throws {
        guard let plan = plan(pass) else { return }
        guard try await patch(pass.object, plan) else { return pass.runtime.note(plan.order) }
        note(written: plan, of: pass.object, pass.runtime)
    }

    /// Notes a status that was written.
    @inline(never)
    private func note(written plan: StatusPlan, of object: ScaledObject, _ runtime: ObjectRuntime?) {
        runtime?.wrote(plan.new, over: object.status, at: world.time.uptime())
    }

    /// What the status should be after a pass, and what it is; `nil` where it was found to be in order before, by the same
    /// findings.
    @inline(never)
    private func plan(_ pass: ObjectPass) -> StatusPlan? {
        let order = pass.runtime.isStatusPending ? nil : StatusOrder(pass.object, pass.found)
        guard !pass.runtime.isInOrder(order) else { return nil }
        let old = status(of: pass.object, pass.runtime)
        return StatusPlan(from: old, to: (old ?? ScaledObjectStatus()).after(pass.found, of: pass.object), order: order)
    }

    /// The status as it is, as far as we know.
    private func status(of object: ScaledObject, _ runtime: ObjectRuntime?) -> ScaledObjectStatus? {
        guard let runtime else { return object.status }
        return runtime.status(shown: object.status, at: world.time.uptime())
    }

    /// Writes down the replicas that are to be put back one day, before we or an HPA of ours change them for the first time:
    /// should we end in between, nobody could tell them any more.
    ///
    /// They may have been written down already, by another replica or a moment ago, where the object is not what we were shown:
    /// so nothing is written then.
    ///
    /// - Parameters:
    ///   - replicas: as they are now.
    ///   - object: as the watch shows it.
    ///   - runtime: its own; `nil` for one that is not polled.
    /// - Throws: what may go away by waiting; it is polled again soon. Where the status is refused for good, an Event has
    ///   told of it, and a workload that sleeps on would be worse.
    @inline(never)
    func remember(_ replicas: Int, of object: ScaledObject, _ runtime: ObjectRuntime?) async throws {
        guard let plan = plan(remembering: replicas, of: object, runtime) else { return }
        do {
            guard try await patch(object, plan) else { return }
        } catch let error as KubeError where !error.isRetryable && !error.isCancelled && !error.isNotFound {
            return
        } catch {
            runtime?.retick(after: Self.retryDelay(after: error), world.time.uptime())
            throw error
        }
        note(written: plan, of: object, runtime)
    }

    /// The status with the replicas that are to be put back; `nil` where it has some.
    @inline(never)
    private func plan(
        remembering replicas: Int,
        of object: ScaledObject,
        _ runtime: ObjectRuntime?
    ) -> StatusPlan? {
        let old = status(of: object, runtime)
        guard old?.originalReplicaCount == nil else { return nil }
        var new = old ?? ScaledObjectStatus()
        new.originalReplicaCount = replicas
        return StatusPlan(from: old, to: new, onlyOf: object.metadata.resourceVersion)
    }

    /// Writes the status of an object that is not polled.
    func writeWithoutRuntime(_ found: ObjectFindings, of object: ScaledObject) async throws {
        _ = try await patch(object, plan(found, of: object))
    }

    /// What the status of an object that is not polled should be, and what it is.
    @inline(never)
    private func plan(_ found: ObjectFindings, of object: ScaledObject) -> StatusPlan {
        let old = object.status
        return StatusPlan(from: old, to: (old ?? ScaledObjectStatus()).after(found, of: object))
    }

    /// Puts a problem of the spec into the Ready condition.
    ///
    /// Active becomes Unknown, from which nobody could tell that the object was active up to now: so that is written
    /// down as well, or its cooldown would be cut short.
    ///
    /// - Parameters:
    ///   - object: as stored.
    ///   - problem: a stage and what failed in it.
    ///   - former: what was kept of the object until now.
    /// - Throws: what keeps the status from being written.
    @inline(never)
    func fail(_ object: ScaledObject, _ problem: String, after former: ObjectRuntime?) async throws {
        let now = world.time.now()
        let known = former?.uid == object.metadata.uid ? former?.activity : nil
        var activity = known ?? ActivityState(resuming: object.status, now: now)
        activity.note(isActive: false, now: now)
        var found = ObjectFindings()
        found.problem = problem
        found.activity = activity
        found.controls = ObjectControls(object.metadata.annotations)
        try await writeWithoutRuntime(found, of: object)
    }

    /// Puts a problem with the target into the Ready condition.
    ///
    /// What was polled before is told as a poll that failed; its activity stays as it was last seen.
    ///
    /// - Returns: how long until the target is looked for again.
    @inline(never)
    func fail(_ object: ScaledObject, _ error: TargetError) async throws -> Duration {
        let former = runtimes[object.key]
        if let former, former.isOf(object) {
            let pass = ObjectPass(object, ObjectControls(object.metadata.annotations), former, nil)
            pass.found.replicasFailure = "Error getting current replicas count for ScaleTarget: \(error)"
            pass.found.controls = pass.controls
            try await write(pass)
        } else {
            let stage = "ScaledObject doesn't have correct scaleTargetRef specification"
            try await fail(object, "\(stage): \(error)", after: former)
        }
        return min(PollPolicy(object.spec).interval, .seconds(30))
    }

    /// A status that may have to be written; a class, since passes wait with it.
    private final class StatusPlan: Sendable {
        /// As it is, as far as we know.
        let old: ScaledObjectStatus?
        /// As it should be.
        let new: ScaledObjectStatus
        /// The one version of the object to write to; `nil` for any.
        let version: String?
        /// What it depends on whether it is as it should be.
        let order: StatusOrder?

        /// Plans a status.
        init(
            from old: ScaledObjectStatus?,
            to new: ScaledObjectStatus,
            onlyOf version: String? = nil,
            order: StatusOrder? = nil
        ) {
            self.old = old
            self.new = new
            self.version = version
            self.order = order
        }

        /// The request that writes what differs; `nil` where nothing does.
        @inline(never)
        func request(for object: ObjectKey) throws -> KubeRequest? {
            guard old != new else { return nil }
            let before = try old.map { try KubeJSON.value(of: $0) } ?? .object([:])
            guard let changes = MergePatch.difference(from: before, to: try KubeJSON.value(of: new)) else { return nil }
            var body: JSONValue = ["status": changes]
            if let version { body["metadata"] = ["resourceVersion": .string(version)] }
            return try .patch(ScaledObject.resourceType, object, subresource: "status", with: body)
        }
    }

    /// Writes what differs between two statuses, then tells people.
    ///
    /// - Returns: whether there was anything to write.
    /// - Throws: what the API server said.
    @inline(never)
    private func patch(_ object: ScaledObject, _ plan: StatusPlan) async throws -> Bool {
        guard let request = try plan.request(for: object.key) else { return false }
        do {
            try await world.instruments.writing(.status) { () async throws(KubeError) in
                try await world.client.write { request }
            }
        } catch {
            // An object that is gone needs no status, and of one that is another replica's now that one writes it; one that has
            // just changed is looked at again. Anything else is tried again, too, and Events may still get through.
            if !error.isNotFound, !error.isCancelled, !error.isNotLeading, plan.version == nil || !error.isConflict {
                world.announce(ObjectEvent(.warning, .updateFailed, error.description), object)
            }
            throw error
        }
        for event in ObjectEvent.between(plan.old, plan.new) { world.announce(event, object) }
        return true
    }
}
