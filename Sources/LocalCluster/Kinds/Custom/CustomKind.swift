import Foundation
import KubeModel

/// Makes a kind out of a CustomResourceDefinition.
enum CustomKind {
    /// The kind that a stored definition describes; `nil` where no version is served.
    static func kind(of definition: JSONValue) -> Kind? {
        let spec = definition["spec"] ?? [:]
        let group = spec["group"]?.string ?? ""
        let versions = (spec["versions"]?.array ?? []).filter { $0["served"] == true }
        let ordered = versions.sorted { one, other in
            (one["storage"] == true ? 0 : 1) < (other["storage"] == true ? 0 : 1)
        }
        guard let first = ordered.first else { return nil }
        let names = spec["names"] ?? [:]
        let hasStatus = first[path: "subresources", "status"] != nil
        return Kind(
            names: Kind.Names(
                kind: names["kind"]?.string ?? "",
                plural: names["plural"]?.string ?? "",
                singular: names["singular"]?.string ?? "",
                shortNames: names["shortNames"]?.array?.compactMap(\.string) ?? [],
                categories: names["categories"]?.array?.compactMap(\.string) ?? []
            ),
            isNamespaced: spec["scope"] == "Namespaced",
            views: ordered.map { version in
                Kind.View(
                    version: GroupVersion(group, version["name"]?.string ?? ""),
                    columns: columns(of: version),
                    schema: version[path: "schema", "openAPIV3Schema"].map(StructuralSchema.ofObject),
                    openAPI: version[path: "schema", "openAPIV3Schema"]
                )
            },
            generation: hasStatus ? .content : .allButMetadata,
            hasStatus: hasStatus,
            scale: first[path: "subresources", "scale"].map(scale),
            allowsUnconditionalUpdate: false,
            mergesStrategically: false
        )
    }

    /// Reads a `scale` subresource, whose paths are simple dotted ones.
    private static func scale(_ rule: JSONValue) -> Kind.ScaleRule {
        Kind.ScaleRule(
            specReplicas: path(rule["specReplicasPath"]?.string ?? ".spec.replicas"),
            statusReplicas: path(rule["statusReplicasPath"]?.string ?? ".status.replicas"),
            selector: rule["labelSelectorPath"]?.string.map(path)
        )
    }

    /// `.spec.replicas` in parts.
    private static func path(_ text: String) -> [String] {
        text.split(separator: ".").map(String.init)
    }

    /// NAME, then what the version asks for, or AGE.
    private static func columns(of version: JSONValue) -> [Column] {
        guard let extra = version["additionalPrinterColumns"]?.array, !extra.isEmpty else { return [.name, .age] }
        return [.name] + extra.map(column)
    }

    /// One printer column.
    private static func column(_ definition: JSONValue) -> Column {
        let type = definition["type"]?.string ?? "string"
        let path = FieldPath(parsing: definition["jsonPath"]?.string ?? "")
        return Column(
            name: definition["name"]?.string ?? "",
            type: type,
            format: definition["format"]?.string ?? "",
            priority: definition.count("priority")
        ) { object, now in
            guard let value = path?.first(in: object) else { return .null }
            return type == "date" ? .string(HumanDuration.since(value.string, now: now)) : cell(value, type)
        }
    }

    /// A value as its column's type; what does not fit is left empty.
    private static func cell(_ value: JSONValue, _ type: String) -> JSONValue {
        switch (type, value) {
        case ("integer", _): value.integer.map(JSONValue.integer) ?? .null
        case ("number", _): value.double.map(JSONValue.number) ?? .null
        case ("boolean", .bool): value
        case ("boolean", _): .null
        case (_, .string): value
        case (_, .integer(let number)): .string(String(number))
        case (_, .number(let number)): .string(String(number))
        case (_, .bool(let flag)): .string(String(flag))
        case (_, .null), (_, .array), (_, .object):
            // Plain JSON always has a text.
            (try? KubeJSON.encode(value)).map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null
        }
    }

    /// What the server says of a definition that it has accepted.
    static func status(of definition: JSONValue, now: Date) -> JSONValue {
        let stored = (definition[path: "spec", "versions"]?.array ?? []).filter { $0["storage"] == true }
        let time = JSONValue.string(RFC3339.seconds(now))
        return [
            "acceptedNames": definition[path: "spec", "names"] ?? [:],
            "conditions": [
                [
                    "type": "NamesAccepted", "status": "True", "lastTransitionTime": time, "reason": "NoConflicts",
                    "message": "no conflicts found",
                ],
                [
                    "type": "Established", "status": "True", "lastTransitionTime": time,
                    "reason": "InitialNamesAccepted",
                    "message": "the initial names have been accepted",
                ],
            ],
            "storedVersions": .array(stored.compactMap { $0["name"] }),
        ]
    }
}
