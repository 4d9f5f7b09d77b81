internal import KubeClient
internal import KubeModel
internal import Outbound
internal import Scaling

extension ObjectReconciler {
    /// Writes the status that follows from what was found, and tells what changed; nothing when nothing did.
    func write(_ found: ObjectFindings, of object: ScaledObject, _ runtime: ObjectRuntime) async throws {
        let order = runtime.isStatusPending ? nil : StatusOrder(object, found)
        guard !runtime.isInOrder(order) else { return }
        let old = runtime.status(shown: object.status, at: world.time.uptime())
        let new = (old ?? ScaledObjectStatus()).after(found, of: object)
        guard try await patch(object, from: old, to: new) else { return runtime.note(order) }
        runtime.wrote(new, over: object.status, at: world.time.uptime())
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
        let old = runtime.map { $0.status(shown: object.status, at: world.time.uptime()) } ?? object.status
        guard old?.originalReplicaCount == nil else { return }
        var new = old ?? ScaledObjectStatus()
        new.originalReplicaCount = replicas
        do {
            guard try await patch(object, from: old, to: new, onlyOf: object.metadata.resourceVersion) else { return }
        } catch let error as KubeError where !error.isRetryable && !error.isCancelled && !error.isNotFound {
            return
        } catch {
            runtime?.retick(after: Self.retryDelay(after: error), world.time.uptime())
            throw error
        }
        runtime?.wrote(new, over: object.status, at: world.time.uptime())
    }

    /// Writes the status of an object that is not polled.
    func writeWithoutRuntime(_ found: ObjectFindings, of object: ScaledObject) async throws {
        let old = object.status
        _ = try await patch(object, from: old, to: (old ?? ScaledObjectStatus()).after(found, of: object))
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
            var found = ObjectFindings()
            found.replicasFailure = "Error getting current replicas count for ScaleTarget: \(error)"
            found.controls = ObjectControls(object.metadata.annotations)
            try await write(found, of: object, former)
        } else {
            let stage = "ScaledObject doesn't have correct scaleTargetRef specification"
            try await fail(object, "\(stage): \(error)", after: former)
        }
        return min(PollPolicy(object.spec).interval, .seconds(30))
    }

    /// Writes what differs between two statuses, then tells people.
    ///
    /// - Parameters:
    ///   - object: whose.
    ///   - old: as it is, as far as we know.
    ///   - new: as it should be.
    ///   - version: the one version of the object to write to; `nil` for any.
    /// - Returns: whether there was anything to write.
    /// - Throws: what the API server said.
    private func patch(
        _ object: ScaledObject,
        from old: ScaledObjectStatus?,
        to new: ScaledObjectStatus,
        onlyOf version: String? = nil
    ) async throws -> Bool {
        guard old != new else { return false }
        let before = try old.map { try KubeJSON.value(of: $0) } ?? .object([:])
        guard let changes = MergePatch.difference(from: before, to: try KubeJSON.value(of: new)) else { return false }
        var body: JSONValue = ["status": changes]
        if let version { body["metadata"] = ["resourceVersion": .string(version)] }
        do {
            try await world.instruments.writing(.status) { () async throws(KubeError) in
                try await world.client.write {
                    try .patch(
                        ScaledObject.resourceType,
                        object.key,
                        subresource: "status",
                        with: body
                    )
                }
            }
        } catch {
            // An object that is gone needs no status, and of one that is another replica's now that one writes it; one that has
            // just changed is looked at again. Anything else is tried again, too, and Events may still get through.
            if !error.isNotFound, !error.isCancelled, !error.isNotLeading, version == nil || !error.isConflict {
                world.announce(ObjectEvent(.warning, .updateFailed, error.description), object)
            }
            throw error
        }
        for event in ObjectEvent.between(old, new) { world.announce(event, object) }
        return true
    }
}
