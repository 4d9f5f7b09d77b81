public import KubeModel

/// One object at a time. Where a type is served in several versions, `as` picks one.
extension KubeClient {
    /// Reads one object.
    ///
    /// - Throws: ``KubeError``; `.notFound` when it is not there.
    public func get<R: KubeResource>(
        _ kind: R.Type = R.self,
        _ key: ObjectKey,
        as type: ResourceType = R.resourceType
    ) async throws(KubeError) -> R {
        try await answer(to: .get(type, key))
    }

    /// Reads one object that may be absent.
    ///
    /// - Returns: `nil` when there is no such object.
    public func find<R: KubeResource>(
        _ kind: R.Type = R.self,
        _ key: ObjectKey,
        as type: ResourceType = R.resourceType
    ) async throws(KubeError) -> R? {
        do {
            return try await get(kind, key, as: type)
        } catch  where error.isNotFound {
            return nil
        }
    }

    /// Stores a new object.
    ///
    /// - Returns: the object as stored, `uid` and `resourceVersion` filled in.
    public func create<R: KubeResource>(
        _ object: R,
        as type: ResourceType = R.resourceType,
        within deadline: Duration? = nil
    ) async throws(KubeError) -> R {
        try await answer(
            to: written { try .create(object, as: type, in: object.metadata.namespace) },
            within: deadline
        )
    }

    /// Replaces an object whole, so only for kinds whose every field our type knows, such as a Lease.
    ///
    /// - Throws: ``KubeError``; `.conflict` when `resourceVersion` is set and somebody else was faster.
    public func replace<R: KubeResource>(
        _ object: R,
        as type: ResourceType = R.resourceType,
        within deadline: Duration? = nil
    ) async throws(KubeError) -> R {
        try await answer(to: written { try .replace(object, as: type, at: object.key) }, within: deadline)
    }

    /// Changes part of an object, or of its `status`.
    ///
    /// - Returns: the object as it is now.
    public func patch<R: KubeResource>(
        _ type: R.Type = R.self,
        _ key: ObjectKey,
        subresource: String? = nil,
        _ kind: KubeRequest.PatchKind = .merge,
        with patch: JSONValue,
        as resource: ResourceType = R.resourceType
    ) async throws(KubeError) -> R {
        try await answer(to: written { try .patch(resource, key, subresource: subresource, kind, with: patch) })
    }

    /// Deletes an object, and after it what it owns.
    ///
    /// A `uid` says which life of the name is meant; another one gives a conflict.
    ///
    /// - Throws: ``KubeError``; `.notFound` when it is gone already.
    public func delete(_ type: ResourceType, _ key: ObjectKey, uid: String? = nil) async throws(KubeError) {
        _ = try await send(written { try .delete(type, key, uid: uid) })
    }

    /// Sends a request that has to be encoded, where what the server stores then means nothing to the caller: the answer
    /// is not read.
    ///
    /// - Throws: ``KubeError``; `.invalidRequest` when the object cannot be written as JSON.
    public func write(_ request: () throws -> KubeRequest) async throws(KubeError) {
        _ = try await send(written(request))
    }

    /// Sends a request and reads the answer as a type.
    ///
    /// - Throws: ``KubeError``; `.malformedAnswer` when the answer is something else.
    public func answer<Answer: Decodable>(
        to request: KubeRequest,
        as type: Answer.Type = Answer.self,
        within deadline: Duration? = nil
    ) async throws(KubeError) -> Answer {
        let body = try await send(request, within: deadline)
        do {
            guard body.count > Self.shortAnswer else { return try KubeJSON.decode(from: body) }
            return try await withTaskExecutorPreference(globalConcurrentExecutor) { try KubeJSON.decode(from: body) }
        } catch {
            throw KubeError(.malformedAnswer, "\(request.line): the answer is not a \(Answer.self)", cause: error)
        }
    }

    /// Bytes of an answer that are read at once; more, such as a page of pods, are read where nobody waits for the thread.
    private static let shortAnswer = 32 * 1024

    /// A request whose body had to be encoded.
    func written(_ build: () throws -> KubeRequest) throws(KubeError) -> KubeRequest {
        do {
            return try build()
        } catch {
            throw KubeError(.invalidRequest, "the object cannot be written as JSON", cause: error)
        }
    }
}
