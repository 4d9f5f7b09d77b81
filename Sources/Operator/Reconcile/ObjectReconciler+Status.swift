internal import KubeClient
internal import KubeModel
internal import Outbound
internal import Scaling

extension ObjectReconciler {
    /// Writes the status that follows from what was found, and tells what changed; nothing when nothing did.
    func write(_ found: ObjectFindings, of object: ScaledObject, _ runtime: ObjectRuntime) async throws {
        let old = runtime.status(shown: object.status, at: world.time.uptime())
        let new = (old ?? ScaledObjectStatus()).after(found, of: object)
        guard try await patch(object, from: old, to: new) else { return }
        runtime.wrote(new, over: object.status, at: world.time.uptime())
    }

    /// Puts a problem of the spec into the Ready condition.
    func fail(_ object: ScaledObject, _ problem: String) async throws {
        var found = ObjectFindings()
        found.problem = problem
        _ = try await patch(
            object,
            from: object.status,
            to: (object.status ?? ScaledObjectStatus()).after(found, of: object)
        )
    }

    /// Puts a problem with the target into the Ready condition.
    ///
    /// - Returns: how long until the target is looked for again.
    func fail(_ object: ScaledObject, _ error: TargetError) async throws -> Duration {
        try await fail(object, "ScaledObject doesn't have correct scaleTargetRef specification: \(error)")
        return min(PollPolicy(object.spec).interval, .seconds(30))
    }

    /// Writes what differs between two statuses, then tells people.
    ///
    /// - Returns: whether there was anything to write.
    private func patch(
        _ object: ScaledObject,
        from old: ScaledObjectStatus?,
        to new: ScaledObjectStatus
    ) async throws -> Bool {
        guard old != new else { return false }
        let before = try old.map { try KubeJSON.value(of: $0) } ?? .object([:])
        guard let changes = MergePatch.difference(from: before, to: try KubeJSON.value(of: new)) else { return false }
        try await world.instruments.writing(.status) {
            _ = try await world.client.patch(
                ScaledObject.self,
                object.key,
                subresource: "status",
                with: ["status": changes]
            )
        }
        for event in ObjectEvent.between(old, new) { world.announce(event, object) }
        return true
    }
}
