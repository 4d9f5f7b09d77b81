import Foundation
import KubeModel

extension ClusterState {
    /// What a DELETE asks for besides the deletion.
    private struct Options {
        /// What the body of the request, or its query, says.
        init(_ request: APIRequest) throws(APIFailure) {
            let body = request.request.body.isEmpty ? [:] : try request.json()
            let policy = body["propagationPolicy"]?.string ?? request[query: "propagationPolicy"] ?? "Background"
            guard ["Background", "Foreground", "Orphan"].contains(policy) else {
                throw .invalidOptions([
                    .unsupported("propagationPolicy", policy, ["Foreground", "Background", "Orphan"])
                ])
            }
            let dryRun = body["dryRun"]?.array ?? []
            guard dryRun.allSatisfy({ $0 == "All" }) else {
                throw .invalidOptions([.unsupported("dryRun", dryRun.first?.string ?? "", ["All"])])
            }
            self.orphans = policy == "Orphan" || body["orphanDependents"] == true
            self.isDryRun = !dryRun.isEmpty
            self.uid = body[path: "preconditions", "uid"]?.string ?? ""
            self.resourceVersion = body[path: "preconditions", "resourceVersion"]?.string ?? ""
        }

        /// Whether what the object owns stays.
        ///
        /// Foreground deletion is carried out as background deletion.
        let orphans: Bool
        /// Whether to try only.
        let isDryRun: Bool
        /// The life that is meant; empty for any.
        let uid: String
        /// The state that is meant; empty for any.
        let resourceVersion: String
    }

    /// DELETE of one object.
    ///
    /// - Returns: the object if it has to wait for its finalizers, or if its kind has it so; else a Status.
    /// - Throws: 400, 404, 409, 422.
    mutating func delete(
        _ request: APIRequest,
        _ target: ResourceTarget,
        _ renderer: ObjectRenderer,
        now: Date
    ) throws(APIFailure) -> JSONValue {
        let options = try Options(request)
        let object = try find(target)
        if target.kind.id == BuiltInKinds.ID.namespaces, Self.lastingNamespaces.contains(object.name) {
            throw target.forbidden(object.name, "this namespace may not be deleted")
        }
        try checkPreconditions(object, uid: options.uid, resourceVersion: options.resourceVersion, target)
        if options.isDryRun {
            var copy = self
            return copy.delete(object, options, target, renderer, now: now)
        }
        return delete(object, options, target, renderer, now: now)
    }

    /// Namespaces that stay.
    ///
    /// - Source: Kubernetes, `apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go`.
    private static let lastingNamespaces = ["default", "kube-public", "kube-system"]

    /// Deletes an object that is there.
    private mutating func delete(
        _ object: JSONValue,
        _ options: Options,
        _ target: ResourceTarget,
        _ renderer: ObjectRenderer,
        now: Date
    ) -> JSONValue {
        if options.orphans { orphanDependents(of: object.uid) }
        let waiting = beginDeletion(id(target, object.name), now: now)
        if let waiting { return renderer.object(waiting, now: now) }
        if target.kind.answersDeletedObject { return renderer.object(object, now: now) }
        var details = target.details(object.name)
        details.uid = object.uid
        return KubeStatus.success(details).json
    }

    /// DELETE of a collection.
    ///
    /// - Returns: the list of what was deleted.
    /// - Throws: 400.
    mutating func deleteAll(
        _ request: APIRequest,
        _ target: ResourceTarget,
        _ renderer: ObjectRenderer,
        now: Date
    ) throws(APIFailure) -> JSONValue {
        let options = try Options(request)
        let selection = try Selection(request, of: target)
        let doomed = shelf(target.kind.id).objects.sorted { $0.key < $1.key }.map(\.value)
            .filter {
                selection.matches($0, target.kind, target.view)
            }
        if !options.isDryRun {
            for object in doomed {
                if options.orphans { orphanDependents(of: object.uid) }
                beginDeletion(id(target, object.name), now: now)
            }
        }
        return renderer.list(doomed, metadata: ["resourceVersion": .string(String(revision))], now: now)
    }

    /// Deletes an object, or marks it as waiting for its finalizers.
    ///
    /// - Returns: the object if it waits; `nil` if it is gone.
    @discardableResult
    mutating func beginDeletion(_ id: ObjectID, now: Date) -> JSONValue? {
        guard var object = self[id] else { return nil }
        let isNamespace = id.kind == BuiltInKinds.ID.namespaces
        guard isNamespace || !object.finalizers.isEmpty else {
            remove(id)
            return nil
        }
        guard !object.isTerminating else { return object }
        object[meta: "deletionTimestamp"] = .string(RFC3339.seconds(now))
        if isNamespace {
            object[path: "status", "phase"] = "Terminating"
        } else {
            object[meta: "deletionGracePeriodSeconds"] = 0
        }
        if object.generation > 0 { object[meta: "generation"] = .integer(object.generation + 1) }
        return put(object, at: id)
    }

    /// Takes an owner out of everything that names it.
    private mutating func orphanDependents(of uid: String) {
        for id in (dependents[uid] ?? []).sorted(by: { $0.key < $1.key }) {
            guard var object = self[id] else { continue }
            let owners = (object[meta: "ownerReferences"]?.array ?? []).filter { $0["uid"]?.string != uid }
            object[meta: "ownerReferences"] = .array(owners)
            if owners.isEmpty { object[meta: "ownerReferences"] = nil }
            put(object, at: id)
        }
    }
}

extension KubeStatus {
    /// That something was done.
    fileprivate static func success(_ details: Details) -> KubeStatus {
        var status = KubeStatus(code: 200, reason: nil, message: "", details: details)
        (status.status, status.message, status.code) = ("Success", nil, nil)
        return status
    }
}
