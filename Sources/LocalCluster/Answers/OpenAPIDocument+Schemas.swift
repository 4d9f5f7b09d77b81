import KubeModel

/// Version 3: custom kinds only, as their definitions describe them.
///
/// - Source: Kubernetes, "The Kubernetes API", OpenAPI V3.
extension OpenAPIDocument {
    /// Where the groups and versions are.
    static func index(_ table: KindTable) -> JSONValue {
        let versions = Set(described(table).map(\.view.version))
        let paths = versions.map { version in
            ("apis/\(version)", JSONValue.object(["serverRelativeURL": .string("/openapi/v3/apis/\(version)")]))
        }
        return ["paths": .object(Dictionary(uniqueKeysWithValues: paths))]
    }

    /// The kinds of a group and version.
    static func schemas(of version: GroupVersion, _ table: KindTable) -> JSONValue {
        var (paths, schemas): ([String: JSONValue], [String: JSONValue]) = ([:], [:])
        for (kind, view, schema) in described(table) where view.version == version {
            let identity: JSONValue = [
                "group": .string(version.group), "version": .string(version.version), "kind": .string(kind.names.kind),
            ]
            let place = kind.isNamespaced ? "namespaces/{namespace}/" : ""
            paths["/apis/\(version)/\(place)\(kind.names.plural)"] = [
                "get": ["x-kubernetes-group-version-kind": identity, "x-kubernetes-action": "list"]
            ]
            var schema = schema
            schema["x-kubernetes-group-version-kind"] = [identity]
            let group = version.group.split(separator: ".").reversed().joined(separator: ".")
            schemas["\(group).\(version.version).\(kind.names.kind)"] = schema
        }
        return [
            "openapi": "3.0.0", "info": ["title": .string(title), "version": .string(Self.version)],
            "paths": .object(paths), "components": ["schemas": .object(schemas)],
        ]
    }

    /// Every kind of which a definition says something.
    private static func described(_ table: KindTable) -> [(kind: Kind, view: Kind.View, schema: JSONValue)] {
        table.all.flatMap { kind in
            kind.views.compactMap { view in view.openAPI.map { (kind, view, $0) } }
        }
    }
}
