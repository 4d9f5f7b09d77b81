public import KubeModel

/// The `/scale` subresource of any kind.
extension KubeClient {
    /// How many pods an object wants and has.
    ///
    /// - Throws: ``KubeError``; `.notFound` when the object is not there or its kind has no `/scale`.
    public func scale(of type: ResourceType, _ key: ObjectKey) async throws(KubeError) -> Scale {
        try await answer(to: .get(type, key, subresource: "scale"))
    }

    /// Sets how many pods an object wants.
    ///
    /// A merge patch, so that whoever else changes the object at the same time is not in the way.
    ///
    /// - Returns: the scale as it is now.
    public func setScale(of type: ResourceType, _ key: ObjectKey, to replicas: Int) async throws(KubeError) -> Scale {
        let patch: JSONValue = ["spec": ["replicas": .integer(Int64(replicas))]]
        return try await answer(to: written { try .patch(type, key, subresource: "scale", with: patch) })
    }

    /// Sets how many pods an object wants, if nobody has changed it since it was read.
    ///
    /// - Throws: ``KubeError``; `.conflict` when somebody has.
    public func replaceScale(
        of type: ResourceType,
        _ key: ObjectKey,
        with scale: Scale
    ) async throws(KubeError) -> Scale {
        try await answer(to: written { try .replace(scale, as: type, at: key, subresource: "scale") })
    }
}
