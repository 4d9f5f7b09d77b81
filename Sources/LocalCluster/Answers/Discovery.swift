import KubeModel

/// The lists from which clients learn what is served.
///
/// - Source: Kubernetes, "API Concepts", discovery.
enum Discovery {
    /// `/apis`.
    static func groups(_ table: KindTable) -> JSONValue {
        let names = table.groups.keys.filter { !$0.isEmpty }.sorted(by: isEarlier)
        return [
            "kind": "APIGroupList", "apiVersion": "v1",
            "groups": .array(names.map { group($0, table, isAlone: false) }),
        ]
    }

    /// `/apis/<group>`, or its entry in `/apis`.
    static func group(_ name: String, _ table: KindTable, isAlone: Bool) -> JSONValue {
        let versions: [JSONValue] = (table.groups[name] ?? [])
            .map {
                ["groupVersion": .string("\(name)/\($0)"), "version": .string($0)]
            }
        var group: JSONValue = [
            "name": .string(name), "versions": .array(versions), "preferredVersion": versions.first ?? [:],
        ]
        if isAlone { (group["kind"], group["apiVersion"]) = ("APIGroup", "v1") }
        return group
    }

    /// `/api/v1` and `/apis/<group>/<version>`.
    static func resources(_ version: GroupVersion, _ table: KindTable) -> JSONValue {
        let kinds = table.all.filter { $0.views.contains { $0.version == version } }
        return [
            "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": .string(version.description),
            "resources": .array(kinds.flatMap(entries)),
        ]
    }

    /// A kind and its subresources.
    private static func entries(_ kind: Kind) -> [JSONValue] {
        var entry: JSONValue = [
            "name": .string(kind.names.plural), "singularName": .string(kind.names.singular),
            "namespaced": .bool(kind.isNamespaced), "kind": .string(kind.names.kind),
            "verbs": .array(kind.verbs.map(JSONValue.string)),
        ]
        if !kind.names.shortNames.isEmpty { entry["shortNames"] = .array(kind.names.shortNames.map(JSONValue.string)) }
        if !kind.names.categories.isEmpty { entry["categories"] = .array(kind.names.categories.map(JSONValue.string)) }
        var entries = [entry]
        if kind.hasStatus { entries.append(subresource("status", of: kind, kind: kind.names.kind)) }
        if kind.scale != nil {
            var scale = subresource("scale", of: kind, kind: "Scale")
            (scale["group"], scale["version"]) = ("autoscaling", "v1")
            entries.append(scale)
        }
        return entries
    }

    /// One subresource.
    private static func subresource(_ name: String, of owner: Kind, kind: String) -> JSONValue {
        [
            "name": .string("\(owner.names.plural)/\(name)"), "singularName": "",
            "namespaced": .bool(owner.isNamespaced), "kind": .string(kind), "verbs": ["get", "patch", "update"],
        ]
    }

    /// Kubernetes' own groups before those of definitions, which decides what a short name means.
    private static func isEarlier(_ one: String, _ other: String) -> Bool {
        func rank(_ name: String) -> Int { name.contains(".") && !name.hasSuffix(".k8s.io") ? 1 : 0 }
        return (rank(one), one) < (rank(other), other)
    }
}
