/// The requests that the API knows for each kind of object.
///
/// - Source: Kubernetes, "API Concepts".
extension KubeRequest {
    /// A page of a list.
    ///
    /// No namespace means all of them, or a cluster-wide kind; no limit means all objects at once; the token is
    /// ``ListMeta/continue`` of the page before.
    public static func list(
        _ type: ResourceType,
        in namespace: String? = nil,
        labels: LabelSelector = LabelSelector(),
        fields: String? = nil,
        limit: Int? = nil,
        continuing token: String? = nil,
        shape: ObjectShape = .whole
    ) -> KubeRequest {
        var query = selection(labels, fields)
        if let limit { query.append(QueryItem("limit", String(limit))) }
        if let token { query.append(QueryItem("continue", token)) }
        var request = KubeRequest(.get, path: path(type, namespace), query: query)
        request.accept = shape.ofLists
        return request
    }

    /// A watch from a state on, with bookmarks.
    ///
    /// After so many seconds the server ends it in good order.
    public static func watch(
        _ type: ResourceType,
        in namespace: String? = nil,
        labels: LabelSelector = LabelSelector(),
        fields: String? = nil,
        from resourceVersion: String,
        seconds: Int,
        shape: ObjectShape = .whole
    ) -> KubeRequest {
        let query =
            selection(labels, fields) + [
                QueryItem("watch", "true"),
                QueryItem("allowWatchBookmarks", "true"),
                QueryItem("resourceVersion", resourceVersion),
                QueryItem("timeoutSeconds", String(seconds)),
            ]
        var request = KubeRequest(.get, path: path(type, namespace), query: query)
        request.accept = shape.ofObjects
        return request
    }

    /// Reads one object, or one of its subresources such as `scale`.
    public static func get(_ type: ResourceType, _ key: ObjectKey, subresource: String? = nil) -> KubeRequest {
        KubeRequest(.get, path: path(type, key, subresource))
    }

    /// Stores a new object, or posts to a subresource such as `token`.
    ///
    /// - Throws: `EncodingError`.
    public static func create(_ object: some KubeResource) throws -> KubeRequest {
        try create(object, as: type(of: object).resourceType, in: object.metadata.namespace)
    }

    /// Stores a new object of a kind known only at run time, or in another version than its type's own.
    ///
    /// - Throws: `EncodingError`.
    public static func create(
        _ object: some Encodable,
        as type: ResourceType,
        in namespace: String?
    ) throws -> KubeRequest {
        KubeRequest(
            .post,
            path: path(type, namespace),
            body: try KubeJSON.encode(object),
            contentType: "application/json"
        )
    }

    /// Replaces an object, or a subresource of it; fails with a conflict if `resourceVersion` is set and old.
    ///
    /// - Throws: `EncodingError`.
    public static func replace(
        _ object: some Encodable,
        as type: ResourceType,
        at key: ObjectKey,
        subresource: String? = nil
    ) throws -> KubeRequest {
        KubeRequest(
            .put,
            path: path(type, key, subresource),
            body: try KubeJSON.encode(object),
            contentType: "application/json"
        )
    }

    /// Changes part of an object, or of a subresource of it.
    ///
    /// - Throws: `EncodingError`.
    public static func patch(
        _ type: ResourceType,
        _ key: ObjectKey,
        subresource: String? = nil,
        _ kind: PatchKind = .merge,
        with patch: JSONValue
    ) throws -> KubeRequest {
        KubeRequest(
            .patch,
            path: path(type, key, subresource),
            body: try KubeJSON.encode(patch),
            contentType: kind.rawValue
        )
    }

    /// Deletes an object; what it owns goes after it.
    ///
    /// A `uid` says which life of the name is meant; a newer one gives a conflict.
    ///
    /// - Throws: `EncodingError`.
    public static func delete(_ type: ResourceType, _ key: ObjectKey, uid: String? = nil) throws -> KubeRequest {
        var options: JSONValue = ["kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"]
        if let uid { options["preconditions"] = ["uid": .string(uid)] }
        return KubeRequest(
            .delete,
            path: path(type, key, nil),
            body: try KubeJSON.encode(options),
            contentType: "application/json"
        )
    }

    /// The segments that lead to a collection.
    public static func path(_ type: ResourceType, _ namespace: String?) -> [String] {
        let version = type.groupVersion
        var path = version.group.isEmpty ? ["api", version.version] : ["apis", version.group, version.version]
        if type.isNamespaced, let namespace, !namespace.isEmpty { path += ["namespaces", namespace] }
        return path + [type.plural]
    }

    /// The segments that lead to an object.
    private static func path(_ type: ResourceType, _ key: ObjectKey, _ subresource: String?) -> [String] {
        path(type, key.namespace) + [key.name] + (subresource.map { [$0] } ?? [])
    }

    /// The query items that narrow a list.
    private static func selection(_ labels: LabelSelector, _ fields: String?) -> [QueryItem] {
        var query: [QueryItem] = []
        if !labels.requirements.isEmpty { query.append(QueryItem("labelSelector", labels.description)) }
        if let fields { query.append(QueryItem("fieldSelector", fields)) }
        return query
    }
}
