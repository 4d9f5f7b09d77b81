import Foundation
import KubeModel

extension ClusterState {
    /// Stores a new object, from a body in the target's version.
    ///
    /// - Throws: 400, 403, 404, 409, 422, in the order in which an API server checks.
    mutating func create(
        _ body: JSONValue,
        _ target: ResourceTarget,
        _ authorship: Authorship,
        now: Date
    ) throws(APIFailure) -> JSONValue {
        guard target.kind.isNamespaced == (target.namespace != nil) else { throw .methodNotAllowed }
        var object = try accepted(body, target)
        guard object.resourceVersion ?? "" == "" else {
            throw APIFailure(500, nil, "resourceVersion should not be set on objects to be created")
        }
        let prefix = object[meta: "generateName"]?.string ?? ""
        if object.name.isEmpty, !prefix.isEmpty {
            object[meta: "name"] = .string(prefix.prefix(58) + names.suffix())
        }
        let name = object.name
        try checkNamespace(target, name)
        ObjectRules.clearServerFields(&object)
        if target.kind.hasStatus { object["status"] = nil }
        target.kind.fill(&object)
        try check(object, old: nil, target, named: name.isEmpty ? prefix : name)
        guard self[id(target, name)] == nil else { throw target.alreadyExists(name) }
        guard objectCount < settings.objectCapacity else {
            throw .full("the local cluster holds \(settings.objectCapacity) objects and takes no more")
        }
        object[meta: "managedFields"] = authorship.owners(of: object, from: nil, body, target, now: now).json
        return put(born(object, target.kind, now: now), at: id(target, name))
    }

    /// An object with what the server sets at birth.
    mutating func born(_ object: JSONValue, _ kind: Kind, now: Date) -> JSONValue {
        var object = object
        object[meta: "uid"] = .string(names.uid())
        object[meta: "creationTimestamp"] = .string(RFC3339.seconds(now))
        if kind.hasGeneration { object[meta: "generation"] = 1 }
        return object
    }

    /// A body in its stored form, once it is clear that it belongs where it was sent.
    ///
    /// - Throws: 400 for another kind, version, namespace.
    func accepted(_ body: JSONValue, _ target: ResourceTarget) throws(APIFailure) -> JSONValue {
        guard body.object != nil else { throw target.cannotBeHandled("the body is not a JSON object") }
        let schema = target.view.schema
        var object = body
        if schema == nil { object = body.withoutNulls } else { object["metadata"] = body["metadata"]?.withoutNulls }
        let version = object["apiVersion"]?.string ?? ""
        let kind = object["kind"]?.string ?? ""
        guard target.kind.mergesStrategically || !kind.isEmpty else { throw .badRequest("Object 'Kind' is missing") }
        guard version.isEmpty || version == target.view.version.description else {
            throw .badRequest(
                "the API version in the data (\(version)) does not match the expected API version "
                    + "(\(target.view.version))"
            )
        }
        guard kind.isEmpty || kind == target.kind.names.kind else {
            throw .badRequest(
                "\(kind) in version \"\(target.view.version.version)\" cannot be handled as a \(target.kind.names.kind)"
            )
        }
        if let wrong = Self.misfit(in: object, hasSchema: schema != nil) { throw target.cannotBeHandled(wrong) }
        if target.kind.isNamespaced {
            guard object.namespace.isEmpty || object.namespace == target.namespace else {
                throw .badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request"
                )
            }
            object[meta: "namespace"] = target.namespace.map(JSONValue.string)
        } else {
            object[meta: "namespace"] = nil
        }
        if let schema { object = schema.completed(object) }
        let stored = target.kind.stored(object, from: target.view)
        // In a definition's schema an empty list may be a default.
        let isTyped = target.kind.mergesStrategically && target.kind.id != BuiltInKinds.ID.definitions
        return isTyped ? stored.withoutEmptyLists : stored
    }

    /// The first part of an object that has not the type that every kind gives it, as a sentence.
    private static func misfit(in object: JSONValue, hasSchema: Bool) -> String? {
        let texts = ["name", "generateName", "namespace", "uid", "resourceVersion"]
        guard object["metadata"]?.object != nil || object["metadata"] == nil else { return "metadata is not an object" }
        for field in texts where object[meta: field] != nil && object[meta: field]?.string == nil {
            return "metadata.\(field) is not a string"
        }
        for field in ["labels", "annotations"] {
            guard let map = object[meta: field] else { continue }
            guard let members = map.object, members.values.allSatisfy({ $0.string != nil }) else {
                return "metadata.\(field) is not a map of strings"
            }
        }
        for field in ["finalizers", "ownerReferences"] where object[meta: field] != nil {
            guard object[meta: field]?.array != nil else { return "metadata.\(field) is not a list" }
        }
        if !hasSchema, let replicas = object[path: "spec", "replicas"], replicas.integer == nil {
            return "spec.replicas is not a whole number"
        }
        return nil
    }

    /// What is wrong with a finished object.
    ///
    /// - Throws: 422 with every problem.
    func check(_ object: JSONValue, old: JSONValue?, _ target: ResourceTarget, named name: String) throws(APIFailure) {
        let problems =
            (target.view.schema?.problems(in: object) ?? []).compactMap(FieldProblem.init)
            + ObjectRules.problems(object, old: old, of: target.kind)
            + target.kind.check(Kind.Draft(object: object, old: old, version: target.view.version))
        guard problems.isEmpty else { throw target.invalid(name, problems) }
    }

    /// Whether the namespace takes new objects.
    ///
    /// - Throws: 404 where there is none, 403 where it is being deleted.
    private func checkNamespace(_ target: ResourceTarget, _ name: String) throws(APIFailure) {
        guard let namespace = target.namespace else { return }
        let id = ObjectID(kind: BuiltInKinds.ID.namespaces, key: ObjectKey(namespace: "", name: namespace))
        guard let found = self[id] else {
            throw APIFailure(
                404,
                .notFound,
                "namespaces \"\(namespace)\" not found",
                details: .init(name: namespace, kind: "namespaces")
            )
        }
        guard !found.isTerminating else {
            let cause = KubeStatus.Cause(
                reason: "NamespaceTerminating",
                message: "namespace \(namespace) is being terminated",
                field: "metadata.namespace"
            )
            throw target.forbidden(
                name,
                "unable to create new content in namespace \(namespace) because it is being terminated",
                causes: [cause]
            )
        }
    }
}

extension Kind {
    /// Whether its objects count their changes.
    var hasGeneration: Bool {
        switch generation {
        case .none: false
        case .content, .contentAndAnnotations, .allButMetadata: true
        }
    }
}
