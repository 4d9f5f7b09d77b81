import KubeModel

/// The workloads.
extension BuiltInKinds {
    /// The version of the apps group.
    private static let apps = GroupVersion("apps", "v1")

    /// Deployments; ``DeploymentLoop`` runs them.
    static let deployments = Kind(
        names: .init(
            kind: "Deployment",
            plural: "deployments",
            singular: "deployment",
            shortNames: ["deploy"],
            categories: ["all"]
        ),
        views: [.init(version: apps)],
        generation: .contentAndAnnotations,
        hasStatus: true,
        scale: Kind.ScaleRule(),
        fill: { object in
            fillWorkload(&object)
            object.fill("spec", "strategy", "type", with: "RollingUpdate")
            if object[path: "spec", "strategy", "type"] == "RollingUpdate" {
                object.fill("spec", "strategy", "rollingUpdate", "maxSurge", with: "25%")
                object.fill("spec", "strategy", "rollingUpdate", "maxUnavailable", with: "25%")
            }
            object.fill("spec", "revisionHistoryLimit", with: 10)
            object.fill("spec", "progressDeadlineSeconds", with: 600)
        },
        check: workloadProblems,
        columns: [
            .name, readyOfWanted,
            .count("Up-to-date", "status", "updatedReplicas"),
            .count("Available", "status", "availableReplicas"),
            .age, containers, images, selector,
        ]
    )

    /// ReplicaSets; ``ReplicaSetLoop`` runs them.
    static let replicaSets = Kind(
        names: .init(
            kind: "ReplicaSet",
            plural: "replicasets",
            singular: "replicaset",
            shortNames: ["rs"],
            categories: ["all"]
        ),
        views: [.init(version: apps)],
        generation: .content,
        hasStatus: true,
        scale: Kind.ScaleRule(),
        selectableFields: ["status.replicas": ["status", "replicas"]],
        fill: { object in
            fillWorkload(&object)
            object.fill("status", "replicas", with: 0)
        },
        check: workloadProblems,
        columns: [
            .name,
            .count("Desired", "spec", "replicas"),
            .count("Current", "status", "replicas"),
            .count("Ready", "status", "readyReplicas"),
            .age, containers, images, selector,
        ]
    )

    /// StatefulSets; ``StatefulSetLoop`` runs them.
    static let statefulSets = Kind(
        names: .init(
            kind: "StatefulSet",
            plural: "statefulsets",
            singular: "statefulset",
            shortNames: ["sts"],
            categories: ["all"]
        ),
        views: [.init(version: apps)],
        generation: .content,
        hasStatus: true,
        scale: Kind.ScaleRule(),
        fill: { object in
            fillWorkload(&object)
            object.fill("spec", "podManagementPolicy", with: "OrderedReady")
            object.fill("spec", "updateStrategy", "type", with: "RollingUpdate")
            if object[path: "spec", "updateStrategy", "type"] == "RollingUpdate" {
                object.fill("spec", "updateStrategy", "rollingUpdate", "partition", with: 0)
            }
            object.fill("spec", "revisionHistoryLimit", with: 10)
            object.fill("status", "replicas", with: 0)
        },
        check: workloadProblems,
        columns: [.name, readyOfWanted, .age, containers, images]
    )

    /// What all three have in common.
    private static func fillWorkload(_ object: inout JSONValue) {
        object.fill("spec", "replicas", with: 1)
        object[path: "spec", "template", "spec"] = PodDefaults.filled(object[path: "spec", "template", "spec"] ?? [:])
        object.fill("status", with: [:])
    }

    /// What is wrong with one of the three.
    private static func workloadProblems(_ draft: Kind.Draft) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        let spec = draft.object["spec"] ?? [:]
        if let replicas = spec["replicas"]?.integer, replicas < 0 {
            problems.append(
                .invalid("spec.replicas", .integer(replicas), "must be greater than or equal to 0")
            )
        }
        let labels = spec[path: "template", "metadata", "labels"] ?? [:]
        if let selector = spec["selector"] {
            if !Selection.selects(selector, labels.object?.compactMapValues(\.string) ?? [:]) {
                problems.append(
                    .invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
                )
            }
        } else {
            problems.append(.required("spec.selector"))
        }
        if let old = draft.old, old[path: "spec", "selector"] != spec["selector"] {
            problems.append(.invalid("spec.selector", spec["selector"] ?? .null, "field is immutable"))
        }
        return problems + PodDefaults.problems(spec[path: "template", "spec"], at: "spec.template.spec")
    }

    /// `2/3`.
    private static let readyOfWanted = Column.text("Ready") {
        "\($0.count("status", "readyReplicas"))/\($0.count("spec", "replicas"))"
    }

    /// Names of the template's containers.
    private static let containers = Column.text("Containers", wide: true) { listed($0, "name") }

    /// Images of the template's containers.
    private static let images = Column.text("Images", wide: true) { listed($0, "image") }

    /// The selector as text.
    private static let selector = Column.text("Selector", wide: true) {
        Selection.text(of: $0[path: "spec", "selector"])
    }

    /// One field of each of the template's containers.
    private static func listed(_ object: JSONValue, _ field: String) -> String {
        let containers = object[path: "spec", "template", "spec", "containers"]?.array ?? []
        return containers.compactMap { $0[field]?.string }.joined(separator: ",")
    }
}
