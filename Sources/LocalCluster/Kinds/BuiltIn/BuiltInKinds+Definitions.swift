import KubeModel

/// CustomResourceDefinitions; ``CustomKind`` makes kinds of them.
extension BuiltInKinds {
    /// The finalizer that empties a kind before its definition goes.
    static let definitionFinalizer = "customresourcecleanup.apiextensions.k8s.io"

    /// CustomResourceDefinitions; whether their schemas are structural is not checked.
    static let customResourceDefinitions = Kind(
        names: .init(
            kind: "CustomResourceDefinition",
            plural: "customresourcedefinitions",
            singular: "customresourcedefinition",
            shortNames: ["crd", "crds"],
            categories: ["api-extensions"]
        ),
        isNamespaced: false,
        views: [.init(version: GroupVersion("apiextensions.k8s.io", "v1"))],
        generation: .content,
        hasStatus: true,
        allowsUnconditionalUpdate: false,
        fill: { object in
            object.fill("spec", "conversion", "strategy", with: "None")
            let kind = object[path: "spec", "names", "kind"]?.string ?? ""
            object.fill("spec", "names", "singular", with: .string(kind.lowercased()))
            object.fill("spec", "names", "listKind", with: .string(kind + "List"))
        },
        check: definitionProblems,
        columns: [.name, createdAt]
    )

    /// What is wrong with a definition.
    private static func definitionProblems(_ draft: Kind.Draft) -> [FieldProblem] {
        let spec = draft.object["spec"] ?? [:]
        var problems: [FieldProblem] = []
        for path in [["group"], ["names", "plural"], ["names", "kind"], ["scope"]]
        where (spec[at: path]?.string ?? "").isEmpty {
            problems.append(.required("spec.\(path.joined(separator: "."))"))
        }
        let wanted = "\(spec[path: "names", "plural"]?.string ?? "").\(spec["group"]?.string ?? "")"
        if draft.object.name != wanted {
            problems.append(
                .invalid("metadata.name", .string(draft.object.name), "must be spec.names.plural+\".\"+spec.group")
            )
        }
        let versions = spec["versions"]?.array ?? []
        if versions.isEmpty { problems.append(.required("spec.versions", "must have at least one version")) }
        if !versions.isEmpty, versions.count(where: { $0["storage"] == true }) != 1 {
            problems.append(
                .invalid("spec.versions", .array(versions), "must have exactly one version marked as storage version")
            )
        }
        for (index, version) in versions.enumerated() where version[path: "schema", "openAPIV3Schema"] == nil {
            problems.append(.required("spec.versions[\(index)].schema.openAPIV3Schema", "schemas are required"))
        }
        if let scope = spec["scope"]?.string, scope != "Namespaced", scope != "Cluster" {
            problems.append(.unsupported("spec.scope", scope, ["Cluster", "Namespaced"]))
        }
        return problems
    }
}
