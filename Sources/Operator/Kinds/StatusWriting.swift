internal import KubeClient
internal import KubeModel
internal import KubeRuntime

extension KubeClient {
    /// Changes the status of an object, if it is still the version that was read.
    ///
    /// - Returns: whether it was; if not, the newer version will be seen, and gone objects need no status.
    /// - Throws: `KubeError`.
    @discardableResult
    func patchStatus(of type: ResourceType, _ metadata: ObjectMeta, with changes: JSONValue) async throws -> Bool {
        var patch: JSONValue = ["status": changes]
        patch["metadata"] = metadata.resourceVersion.map { ["resourceVersion": .string($0)] }
        let request = try KubeRequest.patch(type, metadata.key, subresource: "status", with: patch)
        do throws(KubeError) {
            _ = try await send(request)
            return true
        } catch {
            guard error.isConflict || error.isNotFound else { throw error }
            return false
        }
    }
}

extension Occurrence {
    /// Something that happened to an object of any kind.
    init(_ severity: Severity, reason: String, note: String, about type: ResourceType, _ metadata: ObjectMeta) {
        self.init(
            severity,
            reason: reason,
            action: reason,
            note: note,
            regarding: EventObject.Reference(
                apiVersion: type.groupVersion.description,
                kind: type.kind,
                namespace: metadata.namespace,
                name: metadata.name,
                uid: metadata.uid
            )
        )
    }
}
