import KubeModel

/// What a path leads to.
enum Route: Sendable {
    /// Objects.
    case resource(ResourceTarget)
    /// What the server says of itself.
    case document(ServerDocument)

    /// Reads a path; `nil` where it leads nowhere.
    init?(_ path: [String], in table: KindTable) {
        let path = path.filter { !$0.isEmpty }
        if let document = ServerDocument(path, in: table) {
            self = .document(document)
        } else if let target = ResourceTarget(path, in: table) {
            self = .resource(target)
        } else {
            return nil
        }
    }
}

/// The objects that a path names.
struct ResourceTarget: Sendable {
    /// Of which kind.
    var kind: Kind
    /// In which version.
    var view: Kind.View
    /// `nil` for all namespaces and for cluster-wide kinds.
    var namespace: String?
    /// `nil` for a collection.
    var name: String?
    /// Such as `scale`.
    var subresource: String?

    /// Reads `/api/v1/…` and `/apis/<group>/<version>/…`; `nil` for what is not served.
    init?(_ path: [String], in table: KindTable) {
        var rest = path[...]
        guard let root = rest.popFirst(), root == "api" || root == "apis" else { return nil }
        let group = root == "apis" ? rest.popFirst() : ""
        guard let group, let version = rest.popFirst() else { return nil }
        let groupVersion = GroupVersion(group, version)
        var namespace: String?
        // `namespaces/<name>/<plural>` leads into a namespace; `namespaces/<name>` and its subresources do not.
        if rest.first == "namespaces", rest.count >= 3, !Self.namespaceSubresources.contains(rest[rest.startIndex + 2])
        {
            namespace = rest[rest.startIndex + 1]
            rest = rest.dropFirst(2)
        }
        guard let plural = rest.popFirst(), let (kind, view) = table.kind(plural: plural, in: groupVersion),
            kind.isNamespaced || namespace == nil
        else { return nil }
        (self.kind, self.view, self.namespace) = (kind, view, namespace)
        self.name = rest.popFirst()
        self.subresource = rest.popFirst()
        guard rest.isEmpty, self.subresource.map({ kind.serves($0) }) ?? true else { return nil }
        if kind.isNamespaced, namespace == nil, name != nil { return nil }
    }

    /// What follows a namespace's name without leading into it.
    private static let namespaceSubresources = ["status", "finalize"]

    /// The object's place in its store, once it has a name.
    func key(_ name: String) -> ObjectKey {
        ObjectKey(namespace: namespace ?? "", name: name)
    }
}

extension Kind {
    /// Whether a subresource of this name is served.
    func serves(_ subresource: String) -> Bool {
        switch subresource {
        case "status": hasStatus
        case "scale": scale != nil
        case "finalize": id == "namespaces"
        default: false
        }
    }
}
