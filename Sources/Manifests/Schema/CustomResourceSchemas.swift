internal import CustomResources
public import KubeModel

/// The schemas of custom kinds.
public struct CustomResourceSchemas: Sendable {
    /// A kind in a version of its group.
    private struct Key: Hashable {
        let groupVersion: GroupVersion
        let kind: String
    }

    /// By kind.
    private let schemas: [Key: StructuralSchema]

    /// Those of `config/crd`: ScaledObject, ScaledJob, TriggerAuthentication and ClusterTriggerAuthentication.
    public static let builtIn: CustomResourceSchemas = {
        var reading = ManifestReading()
        for (name, bytes) in CustomResources.files.sorted(by: { $0.key < $1.key }) {
            reading.add(String(decoding: bytes, as: UTF8.self), from: name)
        }
        precondition(reading.problems.isEmpty, "the built-in CRDs are not YAML: \(reading.problems)")
        return CustomResourceSchemas(definitions: reading.manifests.map(\.content))
    }()

    /// Takes the schemas of CustomResourceDefinitions; versions without one are left out.
    public init(definitions: [JSONValue]) {
        var schemas: [Key: StructuralSchema] = [:]
        for spec in definitions.compactMap({ $0["spec"] }) {
            for version in spec["versions"]?.array ?? [] {
                guard let schema = version[path: "schema", "openAPIV3Schema"] else { continue }
                let groupVersion = GroupVersion(spec["group"]?.string ?? "", version["name"]?.string ?? "")
                let kind = spec[path: "names", "kind"]?.string ?? ""
                schemas[Key(groupVersion: groupVersion, kind: kind)] = .ofObject(schema)
            }
        }
        self.schemas = schemas
    }

    /// The schema of a kind, if there is one.
    public subscript(groupVersion: GroupVersion, kind: String) -> StructuralSchema? {
        schemas[Key(groupVersion: groupVersion, kind: kind)]
    }

    /// Whether any kind of a group is known; then all are.
    func has(group: String) -> Bool {
        schemas.keys.contains { $0.groupVersion.group == group }
    }

    /// The kinds of a group, in order.
    func kinds(in group: String) -> [String] {
        Set(schemas.keys.filter { $0.groupVersion.group == group }.map(\.kind)).sorted()
    }

    /// The versions of a kind, in order.
    func versions(of kind: String, in group: String) -> [GroupVersion] {
        schemas.keys.filter { $0.groupVersion.group == group && $0.kind == kind }.map(\.groupVersion)
            .sorted { $0.description < $1.description }
    }
}
