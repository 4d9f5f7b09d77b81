import Foundation
import KubeModel

/// The core group, but for pods and events.
extension BuiltInKinds {
    /// The version of the core group.
    static let core = GroupVersion("", "v1")

    /// Namespaces; deleting one empties it first.
    static let namespaces = Kind(
        names: .init(kind: "Namespace", plural: "namespaces", singular: "namespace", shortNames: ["ns"]),
        isNamespaced: false,
        views: [.init(version: core)],
        hasStatus: true,
        nameRule: .label,
        answersDeletedObject: true,
        deletesCollections: false,
        selectableFields: ["status.phase": ["status", "phase"]],
        fill: { object in
            object.fill("metadata", "labels", "kubernetes.io/metadata.name", with: .string(object.name))
            object.fill("spec", "finalizers", with: ["kubernetes"])
            object.fill("status", "phase", with: "Active")
        },
        columns: [.name, .text("Status") { $0[path: "status", "phase"]?.string ?? "" }, .age]
    )

    /// Services; only stored, nothing is routed.
    static let services = Kind(
        names: .init(
            kind: "Service",
            plural: "services",
            singular: "service",
            shortNames: ["svc"],
            categories: ["all"]
        ),
        views: [.init(version: core)],
        hasStatus: true,
        nameRule: .label1035,
        answersDeletedObject: true,
        fill: { object in
            object.fill("spec", "type", with: "ClusterIP")
            object.fill("spec", "sessionAffinity", with: "None")
            object.fill("status", with: ["loadBalancer": [:]])
            let ports = object[path: "spec", "ports"]?.array?
                .map { port in
                    var port = port
                    port.fill("protocol", with: "TCP")
                    port.fill("targetPort", with: port["port"] ?? 0)
                    return port
                }
            if let ports { object[path: "spec", "ports"] = .array(ports) }
        },
        columns: [
            .name,
            .text("Type") { $0[path: "spec", "type"]?.string ?? "" },
            .text("Cluster-IP") { $0[path: "spec", "clusterIP"]?.string ?? "<none>" },
            .text("External-IP") { _ in "<none>" },
            .text("Port(s)") { service in
                let ports = service[path: "spec", "ports"]?.array ?? []
                return ports.isEmpty
                    ? "<none>"
                    : ports.map { "\($0.count("port"))/\($0["protocol"]?.string ?? "TCP")" }.joined(separator: ",")
            },
            .age,
        ]
    )

    /// Secrets; `stringData` is taken over into `data`.
    static let secrets = Kind(
        names: .init(kind: "Secret", plural: "secrets", singular: "secret"),
        views: [.init(version: core)],
        selectableFields: ["type": ["type"]],
        fill: { object in
            object.fill("type", with: "Opaque")
            guard let texts = object["stringData"]?.object else { return }
            object["stringData"] = nil
            for (key, value) in texts {
                object[path: "data", key] = .string(Data((value.string ?? "").utf8).base64EncodedString())
            }
        },
        check: { draft in
            let values = draft.object["data"]?.object ?? [:]
            var problems = values.filter { Data(base64Encoded: $0.value.string ?? " ") == nil }.keys.sorted()
                .map {
                    FieldProblem.invalid("data[\($0)]", "<redacted>", "must be base64")
                }
            if let old = draft.old, old["type"] != draft.object["type"] {
                problems.append(.invalid("type", draft.object["type"] ?? .null, "field is immutable"))
            }
            return problems + keyProblems("data", values.keys) + immutableProblems(draft)
        },
        columns: [
            .name,
            .text("Type") { $0["type"]?.string ?? "" },
            Column(name: "Data", type: "integer") { object, _ in .integer(Int64(object["data"]?.object?.count ?? 0)) },
            .age,
        ]
    )

    /// ConfigMaps.
    static let configMaps = Kind(
        names: .init(kind: "ConfigMap", plural: "configmaps", singular: "configmap", shortNames: ["cm"]),
        views: [.init(version: core)],
        check: { draft in
            let keys = draft.object["data"]?.object?.keys.sorted() ?? []
            return keyProblems("data", keys) + immutableProblems(draft)
        },
        columns: [
            .name,
            Column(name: "Data", type: "integer") { object, _ in
                let count = (object["data"]?.object?.count ?? 0) + (object["binaryData"]?.object?.count ?? 0)
                return .integer(Int64(count))
            },
            .age,
        ]
    )

    /// Service accounts; no tokens are made for them.
    static let serviceAccounts = Kind(
        names: .init(kind: "ServiceAccount", plural: "serviceaccounts", singular: "serviceaccount", shortNames: ["sa"]),
        views: [.init(version: core)],
        answersDeletedObject: true,
        columns: [
            .name,
            Column(name: "Secrets", type: "integer") { object, _ in
                .integer(Int64(object["secrets"]?.array?.count ?? 0))
            },
            .age,
        ]
    )

    /// Keys that a ConfigMap or Secret may not have.
    private static func keyProblems(_ field: String, _ keys: some Sequence<String>) -> [FieldProblem] {
        keys.filter { $0.wholeMatch(of: /[-._a-zA-Z0-9]{1,253}/) == nil || $0 == "." || $0.hasPrefix("..") }.sorted()
            .map {
                .invalid(
                    "\(field)[\($0)]",
                    .string($0),
                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
                )
            }
    }

    /// What an object that was declared immutable refuses.
    private static func immutableProblems(_ draft: Kind.Draft) -> [FieldProblem] {
        guard let old = draft.old, old["immutable"] == true else { return [] }
        let fields = ["data", "binaryData", "immutable"].filter { old[$0] != draft.object[$0] }
        return fields.map { .forbidden($0, "field is immutable when `immutable` is set") }
    }
}
