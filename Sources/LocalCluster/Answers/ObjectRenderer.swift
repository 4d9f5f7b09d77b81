import Foundation
import KubeModel

/// Puts stored objects into the version and shape that a client asked for.
struct ObjectRenderer: Sendable {
    /// Of which kind.
    let kind: Kind
    /// In which version.
    let view: Kind.View
    /// In which shape.
    let shape: AnswerShape
    /// What a table's rows carry of their object: `None`, `Metadata` or `Object`.
    let includes: String

    /// What a request asks for.
    init(_ target: ResourceTarget, _ request: APIRequest) throws(APIFailure) {
        self.kind = target.kind
        self.view = target.view
        self.shape = try request.shape()
        self.includes = request[query: "includeObject"] ?? "Metadata"
    }

    /// One object.
    func object(_ object: JSONValue, now: Date) -> JSONValue {
        switch shape {
        case .plain: kind.shown(object, in: view)
        case .metadata: Self.partial(kind.shown(object, in: view))
        case .table: table([object], metadata: ["resourceVersion": object[meta: "resourceVersion"] ?? ""], now: now)
        }
    }

    /// A list.
    func list(_ objects: [JSONValue], metadata: JSONValue, now: Date) -> JSONValue {
        switch shape {
        case .table: return table(objects, metadata: metadata, now: now)
        case .metadata:
            let items = objects.map { Self.partial(kind.shown($0, in: view)) }
            return [
                "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
                "items": .array(items),
            ]
        case .plain:
            return [
                "kind": .string(kind.names.kind + "List"), "apiVersion": .string(view.version.description),
                "metadata": metadata, "items": .array(objects.map(item)),
            ]
        }
    }

    /// One object in a list; those of built-in kinds do not repeat what the list says.
    private func item(_ object: JSONValue) -> JSONValue {
        var item = kind.shown(object, in: view)
        if kind.mergesStrategically { (item["kind"], item["apiVersion"]) = (nil, nil) }
        return item
    }

    /// A bookmark: an object that says nothing but where the watch stands.
    func bookmark(_ revision: Int64) -> JSONValue {
        let metadata: JSONValue = ["resourceVersion": .string(String(revision)), "creationTimestamp": nil]
        return switch shape {
        case .plain:
            [
                "kind": .string(kind.names.kind), "apiVersion": .string(view.version.description),
                "metadata": metadata,
            ]
        case .metadata: ["kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": metadata]
        case .table:
            [
                "kind": "Table", "apiVersion": "meta.k8s.io/v1",
                "metadata": ["resourceVersion": .string(String(revision))], "columnDefinitions": [], "rows": [],
            ]
        }
    }

    /// Rows for people.
    private func table(_ objects: [JSONValue], metadata: JSONValue, now: Date) -> JSONValue {
        let columns = view.columns ?? kind.columns
        return [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "columnDefinitions": .array(columns.map(\.definition)),
            "rows": .array(
                objects.map { object in
                    var row: JSONValue = ["cells": .array(columns.map { $0.cell(object, now) })]
                    switch includes {
                    case "None": break
                    case "Object": row["object"] = kind.shown(object, in: view)
                    default: row["object"] = Self.partial(kind.shown(object, in: view))
                    }
                    return row
                }
            ),
        ]
    }

    /// An object's metadata on its own.
    private static func partial(_ object: JSONValue) -> JSONValue {
        [
            "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"] ?? [:],
        ]
    }
}
