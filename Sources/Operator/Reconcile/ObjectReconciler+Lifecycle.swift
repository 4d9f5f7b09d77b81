internal import KubeClient
internal import KubeModel
internal import Logging
internal import Scaling

extension ObjectReconciler {
    /// Keeps a ScaledObject from vanishing before we have let go of it.
    private static let finalizer = "finalizer.keda.sh"

    /// Puts our finalizer and label on an object that lacks them.
    ///
    /// - Returns: the object as it is then.
    /// - Source: KEDA, `controllers/keda/scaledobject_finalizer.go` and `ensureScaledObjectLabel`.
    func claim(_ object: ScaledObject) async throws -> ScaledObject {
        let meta = object.metadata
        let isMarked = meta.labels?[ObjectLabel.name] == meta.name
        let isHeld = meta.finalizers?.contains(Self.finalizer) == true
        guard !isMarked || !isHeld else { return object }
        var changes: JSONValue = [:]
        if !isMarked { changes["labels"] = [ObjectLabel.name: .string(meta.name)] }
        if !isHeld { Self.set((meta.finalizers ?? []) + [Self.finalizer], in: &changes, over: object) }
        return try await world.instruments.writing(.metadata) {
            try await world.client.patch(ScaledObject.self, object.key, with: ["metadata": changes])
        }
    }

    /// Lets go of an object that is being deleted: its replicas go back to what they were if the user wants that.
    ///
    /// The HPA goes after its owner by itself.
    ///
    /// - Source: KEDA, `controllers/keda/scaledobject_finalizer.go`.
    func finalise(_ object: ScaledObject) async throws {
        runtimes[object.key] = nil
        world.instruments.forget(object.key)
        guard let finalizers = object.metadata.finalizers, finalizers.contains(Self.finalizer) else { return }
        world.announce(ObjectEvent(.normal, .scalersStopped, "Stopped scalers watch"), object)
        if object.spec.advanced?.restoreToOriginalReplicaCount == true { await restore(object) }
        var changes: JSONValue = [:]
        Self.set(finalizers.filter { $0 != Self.finalizer }, in: &changes, over: object)
        do {
            _ = try await world.instruments.writing(.metadata) { () async throws(KubeError) in
                try await world.client.patch(ScaledObject.self, object.key, with: ["metadata": changes])
            }
        } catch {
            // If somebody else removed the finalizer the object is gone, which was all there was to do.
            guard error.isNotFound else { throw error }
            return
        }
        world.announce(ObjectEvent(.warning, .deleted, "ScaledObject was deleted"), object)
    }

    /// Adds a list of finalizers to a patch of metadata.
    ///
    /// A list is replaced whole, so the patch holds only for the version that was read: it must not undo what somebody
    /// else does to the list meanwhile.
    private static func set(_ finalizers: [String], in changes: inout JSONValue, over object: ScaledObject) {
        changes["finalizers"] = .array(finalizers.map(JSONValue.string))
        changes["resourceVersion"] = object.metadata.resourceVersion.map(JSONValue.string)
    }

    /// Puts back the replicas that were found at first.
    ///
    /// That it fails must not keep the object from being deleted.
    private func restore(_ object: ScaledObject) async {
        guard let replicas = object.status?.originalReplicaCount else { return }
        do {
            let target = try await targets.find(object.spec.scaleTargetRef, in: object.key.namespace)
            let scale = try await targets.scale(of: target)
            if scale.replicas != replicas { try await targets.set(scale, to: replicas, of: target) }
        } catch {
            world.log.warning(
                "cannot restore the original replicas",
                metadata: ["object": "\(object.key)", "error": "\(String(reflecting: error))"]
            )
        }
    }
}
