/// The kinds that one group and version serves; `GET /apis/<group>/<version>`.
public struct APIResourceList: Codable, Sendable, Hashable {
    /// `v1`.
    public var apiVersion: String?
    /// `APIResourceList`.
    public var kind: String?
    /// Group and version.
    public var groupVersion: String
    /// Kinds, and their subresources under `plural/subresource`.
    public var resources: [APIResource]

    /// One kind, or one subresource.
    public struct APIResource: Codable, Sendable, Hashable {
        /// The plural, or `plural/subresource`.
        public var name: String
        /// Often empty.
        public var singularName: String?
        /// Whether its objects live in namespaces.
        public var namespaced: Bool
        /// What objects say in `kind`.
        public var kind: String
        /// For a subresource: the group of its kind, such as `autoscaling` for `Scale`.
        public var group: String?
        /// For a subresource: the version of its kind.
        public var version: String?
        /// Such as `get` and `list`.
        public var verbs: [String]
        /// Such as `deploy`.
        public var shortNames: [String]?
        /// Such as `all`.
        public var categories: [String]?

        /// Makes an entry.
        public init(
            name: String,
            singularName: String = "",
            namespaced: Bool,
            kind: String,
            group: String? = nil,
            version: String? = nil,
            verbs: [String],
            shortNames: [String]? = nil,
            categories: [String]? = nil
        ) {
            self.name = name
            self.singularName = singularName
            self.namespaced = namespaced
            self.kind = kind
            self.group = group
            self.version = version
            self.verbs = verbs
            self.shortNames = shortNames
            self.categories = categories
        }
    }

    /// Makes a list.
    public init(groupVersion: String, resources: [APIResource]) {
        self.apiVersion = "v1"
        self.kind = "APIResourceList"
        self.groupVersion = groupVersion
        self.resources = resources
    }
}

/// The groups that a server has; `GET /apis`.
public struct APIGroupList: Codable, Sendable, Hashable {
    /// `v1`.
    public var apiVersion: String?
    /// `APIGroupList`.
    public var kind: String?
    /// All but the core group.
    public var groups: [APIGroup]

    /// Makes a list.
    public init(groups: [APIGroup]) {
        self.apiVersion = "v1"
        self.kind = "APIGroupList"
        self.groups = groups
    }
}

/// One group and its versions; `GET /apis/<group>`.
public struct APIGroup: Codable, Sendable, Hashable {
    /// `v1` where it stands alone.
    public var apiVersion: String?
    /// `APIGroup` where it stands alone.
    public var kind: String?
    /// Its name.
    public var name: String
    /// The server's favourite first.
    public var versions: [Version]
    /// The server's favourite.
    public var preferredVersion: Version?

    /// One version of a group.
    public struct Version: Codable, Sendable, Hashable {
        /// Such as `apps/v1`.
        public var groupVersion: String
        /// Such as `v1`.
        public var version: String

        /// Makes a version.
        public init(_ groupVersion: GroupVersion) {
            self.groupVersion = groupVersion.description
            self.version = groupVersion.version
        }
    }

    /// Makes a group, its favourite version first.
    public init(name: String, versions: [String], isAlone: Bool = false) {
        self.apiVersion = isAlone ? "v1" : nil
        self.kind = isAlone ? "APIGroup" : nil
        self.name = name
        self.versions = versions.map { Version(GroupVersion(name, $0)) }
        self.preferredVersion = self.versions.first
    }
}
