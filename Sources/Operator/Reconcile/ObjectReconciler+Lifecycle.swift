internal import KubeClient
internal import KubeModel
internal import Logging
internal import Outbound
internal import Scaling

extension ObjectReconciler {
    /// How long putting back the replicas may take before the object is let go without it.
    private static let restoreLimit = Duration.seconds(10)

    /// How long to wait for the next poll where a watch shows an object as it was before we claimed it.
    ///
    /// To put our finalizer on that version again would only be refused, and the watch calls for a pass when it shows the
    /// claim.
    ///
    /// - Returns: `nil` where there is work to do.
    @inline(never)
    func untilClaimIsShown(on object: ScaledObject) -> Duration? {
        guard !object.isHeld, let runtime = runtimes[object.key], runtime.hasClaimed(object) else { return nil }
        let wait = runtime.untilTick(world.time.uptime())
        return wait > .zero ? wait : nil
    }

    /// Puts our finalizer and label on an object that lacks them.
    ///
    /// - Returns: the object as it is then.
    /// - Source: KEDA, `controllers/keda/scaledobject_finalizer.go` and `ensureScaledObjectLabel`.
    @inline(never)
    func claim(_ object: ScaledObject) async throws -> ScaledObject {
        let meta = object.metadata
        let isMarked = meta.labels?[ObjectLabel.name] == meta.name
        let isHeld = object.isHeld
        guard !isMarked || !isHeld else { return object }
        var changes: JSONValue = [:]
        if !isMarked { changes["labels"] = [ObjectLabel.name: .string(meta.name)] }
        if !isHeld { Finalizer.add(to: &changes, of: meta) }
        return try await world.instruments.writing(.metadata) {
            try await world.client.patch(ScaledObject.self, object.key, with: ["metadata": changes])
        }
    }

    /// Lets go of an object that is being deleted: its replicas go back to what they were if the user wants that.
    ///
    /// Nothing but the API server's refusal to take our finalizer off keeps the object: not its target, its HPA or its
    /// triggers. The HPA goes after its owner by itself. Where Swell only recommends for the object, the finalizer is
    /// all that it touches, as it may have put it there before; and where it only recommends for all, not even that.
    ///
    /// - Source: KEDA, `controllers/keda/scaledobject_finalizer.go`.
    @inline(never)
    func finalise(_ object: ScaledObject) async throws {
        runtimes[object.key] = nil
        world.instruments.forget(object.key)
        guard world.mode == .manage, Finalizer.holdsUp(object.metadata) else { return }
        let controls = ObjectControls(object.metadata.annotations)
        let isManaged = mode(by: controls) == .manage && controls.modeProblem == nil
        let wantsReplicas = isManaged && object.spec.restoresReplicas
        let failure = wantsReplicas ? await restore(object) : nil
        // Shutdown has ended the attempt: the next process makes another one.
        try Task.checkCancellation()
        let isOurs = try await world.instruments.writing(.metadata) {
            try await Finalizer.remove(from: object.metadata, ScaledObject.resourceType, by: world.client)
        }
        guard isOurs, isManaged else { return }
        world.announce(ObjectEvent(.normal, .scalersStopped, "Stopped scalers watch"), object)
        let note =
            "ScaledObject was deleted" + (failure.map { "; its original replicas were not restored: \($0)" } ?? "")
        world.announce(ObjectEvent(.warning, .deleted, note), object)
    }

    /// Puts back the replicas that were found at first.
    ///
    /// Whoever else changes the target meanwhile, such as its HPA, is not in the way.
    ///
    /// - Returns: why that could not be done, which must not keep the object from being deleted.
    private func restore(_ object: ScaledObject) async -> String? {
        guard let replicas = object.status?.originalReplicaCount else { return nil }
        do {
            try await world.time.withDeadline(Self.restoreLimit) { [self] in
                let target = try await targets.find(object.spec.scaleTargetRef, in: object.key.namespace)
                try await world.instruments.writing(.scale) {
                    _ = try await world.client.setScale(of: target.type, target.key, to: replicas)
                }
            }
            return nil
        } catch {
            world.log.warning(
                "cannot restore the original replicas",
                metadata: ["object": "\(object.key)", "error": "\(String(reflecting: error))"]
            )
            return TriggerFailure(error).description
        }
    }
}

extension ScaledObject {
    /// Whether it has our finalizer.
    fileprivate var isHeld: Bool { Finalizer.isOn(metadata) }
}

extension ScaledObject.Spec {
    /// Whether the replicas that were found at first are put back when the object goes.
    var restoresReplicas: Bool { advanced?.restoreToOriginalReplicaCount == true }
}
