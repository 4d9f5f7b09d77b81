internal import KubeClient
internal import KubeModel

/// What keeps an object from vanishing before the operator has let go of it.
///
/// Ours is KEDA's, so that either of them lets go of what the other one held.
enum Finalizer {
    /// As it stands in the metadata.
    static let name = "finalizer.keda.sh"

    /// Whether it is on an object.
    static func isOn(_ metadata: ObjectMeta) -> Bool { metadata.finalizers?.contains(name) == true }

    /// Whether it is all that an object which is being deleted waits for from us.
    static func holdsUp(_ metadata: ObjectMeta) -> Bool { metadata.deletionTimestamp != nil && isOn(metadata) }

    /// Puts the wish for it into a patch of an object's metadata.
    static func add(to changes: inout JSONValue, of metadata: ObjectMeta) {
        set((metadata.finalizers ?? []) + [name], in: &changes, of: metadata)
    }

    /// Takes it off an object.
    ///
    /// - Returns: whether it is off; it is not if the object is newer than what is known of it, which will come.
    /// - Throws: `KubeError`.
    static func remove(
        from metadata: ObjectMeta,
        _ type: ResourceType,
        by client: KubeClient
    ) async throws -> Bool {
        var changes: JSONValue = [:]
        set((metadata.finalizers ?? []).filter { $0 != name }, in: &changes, of: metadata)
        let request = try KubeRequest.patch(type, metadata.key, with: ["metadata": changes])
        do throws(KubeError) {
            _ = try await client.send(request)
            return true
        } catch {
            // Whoever else took it off did all there was to do.
            if error.isNotFound { return true }
            guard error.isConflict else { throw error }
            return false
        }
    }

    /// Puts a list of finalizers into a patch of metadata.
    ///
    /// A list is replaced whole, so the patch holds only for the version that was read: it must not undo what somebody
    /// else does to the list meanwhile.
    private static func set(_ finalizers: [String], in changes: inout JSONValue, of metadata: ObjectMeta) {
        changes["finalizers"] = .array(finalizers.map(JSONValue.string))
        changes["resourceVersion"] = metadata.resourceVersion.map(JSONValue.string)
    }
}
