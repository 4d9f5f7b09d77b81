import KubeModel

/// Every kind that the cluster serves: the built-in ones and those of registered CustomResourceDefinitions.
struct KindTable: Sendable {
    /// By ``Kind/id``.
    private var kinds: [Kind.ID: Kind]
    /// Where to find a kind by what its URL says.
    private var places: [Place: Kind.ID] = [:]

    /// Group, version and plural.
    private struct Place: Hashable {
        /// Group and version.
        var version: GroupVersion
        /// In the URL.
        var plural: String
    }

    /// A table of built-in kinds.
    init(_ builtIn: [Kind] = BuiltInKinds.all) {
        self.kinds = [:]
        for kind in builtIn { register(kind) }
    }

    /// Adds a kind, or replaces the one with its id.
    mutating func register(_ kind: Kind) {
        unregister(kind.id)
        kinds[kind.id] = kind
        for view in kind.views { places[Place(version: view.version, plural: kind.names.plural)] = kind.id }
    }

    /// Takes a kind out.
    mutating func unregister(_ id: Kind.ID) {
        guard let old = kinds.removeValue(forKey: id) else { return }
        for view in old.views { places[Place(version: view.version, plural: old.names.plural)] = nil }
    }

    /// A kind by its id.
    subscript(id: Kind.ID) -> Kind? { kinds[id] }

    /// All kinds, in a fixed order.
    var all: [Kind] { kinds.values.sorted { $0.id < $1.id } }

    /// The kind and version that a URL names.
    func kind(plural: String, in version: GroupVersion) -> (Kind, Kind.View)? {
        guard let id = places[Place(version: version, plural: plural)], let kind = kinds[id],
            let view = kind.views.first(where: { $0.version == version })
        else { return nil }
        return (kind, view)
    }

    /// The kind and version that an object names.
    func kind(named name: String, in version: GroupVersion) -> (Kind, Kind.View)? {
        for kind in kinds.values where kind.names.kind == name {
            if let view = kind.views.first(where: { $0.version == version }) { return (kind, view) }
        }
        return nil
    }

    /// Every version of every group, each group's favourite first; the core group is `""`.
    var groups: [String: [String]] {
        var groups: [String: [String]] = [:]
        for kind in all {
            for view in kind.views where groups[view.version.group]?.contains(view.version.version) != true {
                groups[view.version.group, default: []].append(view.version.version)
            }
        }
        return groups.mapValues { $0.sorted(by: Self.isPreferred) }
    }

    /// Kubernetes' order of versions: v2 before v1, v1 before v2beta2, and anything else by name after those.
    ///
    /// - Source: Kubernetes, "Versions in CustomResourceDefinitions", version priority.
    static func isPreferred(_ one: String, _ other: String) -> Bool {
        switch (rank(one), rank(other)) {
        case (let one?, let other?): one > other
        case (.some, nil): true
        case (nil, .some): false
        case (nil, nil): one < other
        }
    }

    /// Stability, major and minor number of a version; `nil` for a name that does not follow the pattern.
    private static func rank(_ version: String) -> (Int, Int, Int)? {
        guard let match = version.wholeMatch(of: /v(?<major>[0-9]+)(?:(?<stage>alpha|beta)(?<minor>[0-9]+))?/),
            let major = Int(match.major)
        else { return nil }
        let stability = match.stage.map { $0 == "beta" ? 1 : 0 } ?? 2
        return (stability, major, match.minor.flatMap { Int($0) } ?? 0)
    }
}
