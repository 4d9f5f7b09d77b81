/// An API group and one of its versions: `apps/v1`, or `v1` for the core group.
public struct GroupVersion: Sendable, Hashable, CustomStringConvertible {
    /// Empty for the core group.
    public var group: String
    /// Such as `v1` or `v2beta2`.
    public var version: String

    /// Makes a pair.
    public init(_ group: String, _ version: String) {
        self.group = group
        self.version = version
    }

    /// Reads an `apiVersion`.
    ///
    /// Everything before the one slash is the group.
    public init(apiVersion: String) {
        let parts = apiVersion.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(parts.count == 2 ? String(parts[0]) : "", String(parts.last ?? ""))
    }

    /// As `apiVersion` has it.
    public var description: String { group.isEmpty ? version : "\(group)/\(version)" }
}

/// A kind of object as the API serves it: what `kind` says and where its URL is.
public struct ResourceType: Sendable, Hashable {
    /// Group and version.
    public var groupVersion: GroupVersion
    /// What objects say in `kind`.
    public var kind: String
    /// What URLs say: lower case, plural.
    public var plural: String
    /// Whether its objects live in namespaces.
    public var isNamespaced: Bool

    /// Makes a type.
    public init(_ groupVersion: GroupVersion, kind: String, plural: String, isNamespaced: Bool = true) {
        self.groupVersion = groupVersion
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
    }

    /// `<group>/<version>.<Kind>`, as KEDA writes it into `status.scaleTargetKind`; `/v1.Pod` for the core group.
    public var qualifiedKind: String { "\(groupVersion.group)/\(groupVersion.version).\(kind)" }
}

/// A kind with a Swift type of its own.
public protocol KubeResource: Codable, Sendable {
    /// Where the API serves it.
    static var resourceType: ResourceType { get }
    /// Name, namespace, labels and the like.
    var metadata: ObjectMeta { get set }
    /// As what lists and watches ask for such objects; JSON unless a type says otherwise.
    static var shape: ObjectShape { get }
}

extension KubeResource {
    /// Whole objects.
    public static var shape: ObjectShape { .whole }

    /// Which object this is.
    public var key: ObjectKey { metadata.key }
}

/// A page of a list, or all of it.
public struct KubeList<Item: Codable & Sendable>: Codable, Sendable {
    /// Where the list stands.
    public var metadata: ListMeta
    /// Its objects; without `kind` and `apiVersion` where they come from a server.
    public var items: [Item]

    /// Makes a list.
    public init(metadata: ListMeta, items: [Item]) {
        self.metadata = metadata
        self.items = items
    }
}

/// What a list says of itself.
public struct ListMeta: Codable, Sendable, Hashable {
    /// The state of the store that the list shows.
    public var resourceVersion: String?
    /// Given back to the server for the next page; absent or empty on the last one.
    public var `continue`: String?

    /// Makes list metadata.
    public init(resourceVersion: String? = nil, continue: String? = nil) {
        self.resourceVersion = resourceVersion
        self.continue = `continue`
    }
}
