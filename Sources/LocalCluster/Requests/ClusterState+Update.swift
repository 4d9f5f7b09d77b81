import Foundation
import KubeModel

extension ClusterState {
    /// PUT: replaces an object, or its status.
    ///
    /// - Throws: 400, 404, 409, 422.
    mutating func replace(
        _ body: JSONValue,
        _ target: ResourceTarget,
        by manager: String,
        now: Date
    ) throws(APIFailure) -> JSONValue {
        let old = try find(target)
        let object = try accepted(body, target)
        guard object.name == old.name else {
            throw .badRequest(
                "the name of the object (\(object.name)) does not match the name on the URL (\(old.name))"
            )
        }
        if (object.resourceVersion ?? "").isEmpty, !target.kind.allowsUnconditionalUpdate {
            throw target.invalid(
                old.name,
                [.invalid("metadata.resourceVersion", 0, "must be specified for an update")]
            )
        }
        return try change(old, to: object, body, target, .update(by: manager), now: now)
    }

    /// PATCH: changes part of an object, or of its status.
    ///
    /// - Throws: 400, 404, 409, 415, 422.
    mutating func patch(
        _ request: APIRequest,
        _ target: ResourceTarget,
        now: Date
    ) throws(APIFailure) -> JSONValue {
        let patch = try Patch(request, target)
        let old = try find(target)
        let wish = try patch.apply(to: target.kind.shown(old, in: target.view), target)
        let object = try accepted(wish, target)
        guard object.name == old.name else {
            throw target.invalid(old.name, [.invalid("metadata.name", .string(object.name), "field is immutable")])
        }
        return try change(old, to: object, wish, target, .update(by: request.manager), now: now)
    }

    /// Brings an object from one state to another, as far as the path of the request lets it.
    mutating func change(
        _ old: JSONValue,
        to wish: JSONValue,
        _ body: JSONValue,
        _ target: ResourceTarget,
        _ authorship: Authorship,
        now: Date
    ) throws(APIFailure) -> JSONValue {
        try checkPreconditions(old, uid: wish.uid, resourceVersion: wish.resourceVersion ?? "", target)
        var object = wish
        if target.subresource == "status" {
            object = old
            object["status"] = wish["status"]
        } else if target.kind.hasStatus {
            object["status"] = old["status"]
        }
        ObjectRules.keepServerFields(of: old, in: &object)
        target.kind.fill(&object)
        try check(object, old: old, target, named: old.name)
        object[meta: "managedFields"] = authorship.owners(of: object, from: old, body, target, now: now).json
        return finish(object, from: old, target.kind, at: id(target, old.name))
    }

    /// Stores a changed object if it has changed, and lets it go if nothing holds it any more.
    ///
    /// - Returns: the object as stored, or as it was last.
    @discardableResult
    mutating func finish(_ wish: JSONValue, from old: JSONValue, _ kind: Kind, at id: ObjectID) -> JSONValue {
        var object = wish.withoutHollowMetadata
        if ObjectRules.isNewGeneration(old, object, of: kind) {
            object[meta: "generation"] = .integer(old.generation + 1)
        }
        if object.isTerminating, object.finalizers.isEmpty, !Self.isHeld(object, kind) {
            remove(id)
            return object
        }
        return object == old ? old : put(object, at: id)
    }

    /// Whether the kind has a reason of its own to keep an object whose finalizers are gone.
    private static func isHeld(_ object: JSONValue, _ kind: Kind) -> Bool {
        kind.id == BuiltInKinds.ID.namespaces && !(object[path: "spec", "finalizers"]?.array ?? []).isEmpty
    }

    /// Whether the object is still the one that the client means.
    ///
    /// - Throws: 409.
    func checkPreconditions(
        _ object: JSONValue,
        uid: String,
        resourceVersion: String,
        _ target: ResourceTarget
    ) throws(APIFailure) {
        guard uid.isEmpty || uid == object.uid else {
            throw target.conflict(
                object.name,
                "Precondition failed: UID in precondition: \(uid), UID in object meta: \(object.uid)"
            )
        }
        guard resourceVersion.isEmpty || resourceVersion == "0" || resourceVersion == object.resourceVersion else {
            throw target.conflict(object.name)
        }
    }

    /// The `/scale` of an object.
    ///
    /// - Throws: 500 where a custom object lacks the field that its definition names.
    func scale(of object: JSONValue, _ target: ResourceTarget) throws(APIFailure) -> JSONValue {
        guard let rule = target.kind.scale else { throw target.notFound(object.name) }
        var metadata: JSONValue = [:]
        for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[field] = object[meta: field]
        }
        var scale: JSONValue = [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata, "spec": [:],
            "status": ["replicas": .integer(object[at: rule.statusReplicas]?.integer ?? 0)],
        ]
        let wish = object[at: rule.specReplicas]?.integer ?? 0
        if wish != 0 { scale[path: "spec", "replicas"] = .integer(wish) }
        let selector = Selection.text(of: rule.selector.flatMap { object[at: $0] })
        if !selector.isEmpty { scale[path: "status", "selector"] = .string(selector) }
        return scale
    }

    /// PUT or PATCH of `/scale`: changes the number of replicas and nothing else.
    ///
    /// - Throws: 400, 404, 409, 422.
    mutating func rescale(
        _ wish: JSONValue,
        _ target: ResourceTarget,
        by manager: String,
        now: Date
    ) throws(APIFailure) -> JSONValue {
        let old = try find(target)
        guard let rule = target.kind.scale else { throw target.notFound(old.name) }
        let wish = wish.withoutNulls
        guard wish["kind"]?.string ?? "Scale" == "Scale", wish.name.isEmpty || wish.name == old.name else {
            throw .badRequest("the body is not the Scale of \"\(old.name)\"")
        }
        try checkPreconditions(old, uid: wish.uid, resourceVersion: wish.resourceVersion ?? "", target)
        let replicas = wish[path: "spec", "replicas"] ?? 0
        guard let count = replicas.integer else {
            throw .badRequest(
                "Scale in version \"v1\" cannot be handled as a Scale: spec.replicas is not a whole number"
            )
        }
        guard count >= 0 else {
            let problem = FieldProblem.invalid("spec.replicas", replicas, "must be greater than or equal to 0")
            throw APIFailure(
                422,
                .invalid,
                "Scale.autoscaling \"\(old.name)\" is invalid: \(problem.field): \(problem.message)",
                details: .init(
                    name: old.name,
                    group: "autoscaling",
                    kind: "Scale",
                    causes: [.init(reason: problem.reason.rawValue, message: problem.message, field: problem.field)]
                )
            )
        }
        var object = old
        object[at: rule.specReplicas] = .integer(count)
        try check(object, old: old, target, named: old.name)
        let owners = target.owners(of: object, from: old, said: nil, by: manager, now: now)
        object[meta: "managedFields"] = owners.json
        return try scale(of: finish(object, from: old, target.kind, at: id(target, old.name)), target)
    }
}
