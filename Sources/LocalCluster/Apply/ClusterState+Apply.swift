import Foundation
import KubeModel

extension ClusterState {
    /// PATCH by server-side apply: brings an object to a configuration, or makes it.
    ///
    /// - Returns: the object, and whether it is new.
    /// - Throws: 400, 404, 409, 415, 422, 500, in the order in which an API server checks.
    mutating func apply(
        _ request: APIRequest,
        _ target: ResourceTarget,
        now: Date
    ) throws(APIFailure) -> (object: JSONValue, isNew: Bool) {
        guard !target.view.converts else {
            throw APIFailure(
                415,
                .unsupportedMediaType,
                "the local cluster knows server-side apply of \(target.kind.names.kind) as "
                    + "\(target.kind.storedVersion) only, not as \(target.view.version)"
            )
        }
        let config = try configuration(request, target)
        let name = target.name ?? ""
        let old = self[id(target, name)]
        if old == nil, target.subresource != nil { throw target.notFound(name) }
        if let uid = config[meta: "uid"]?.string, uid != old?.uid {
            throw target.invalid(name, [.invalid("metadata.uid", .string(uid), "field is immutable")])
        }
        var wish = target.ownable(config)
        if wish["metadata"] == [:] { wish["metadata"] = nil }
        let rules = ServerSideApply(
            config: wish,
            shape: target.shape,
            manager: target.manager(request.manager, applies: true),
            version: target.ownersVersion,
            isForced: request.flag("force")
        )
        let known = old?[meta: "managedFields"].flatMap(ManagedFields.init)
        let owners = known ?? old.map { target.ownersBeforeApply($0, now: now) } ?? ManagedFields()
        var outcome = try carryOut(rules, on: target.ownable(old ?? [:]), owners, target, now: now)
        LastApplied.renew(in: &outcome.object, config, by: request.manager)
        var object = outcome.object
        for field in ["apiVersion", "kind"] { object[field] = config[field] }
        object[meta: "name"] = .string(name)
        object[meta: "resourceVersion"] = old == nil ? nil : config[meta: "resourceVersion"]
        guard let old else {
            return (try create(object, target, .applied(outcome.owners), now: now), true)
        }
        let changed = try change(
            old,
            to: try accepted(object, target),
            [:],
            target,
            .applied(outcome.owners),
            now: now
        )
        return (changed, false)
    }

    /// Carries out the rules; what kubectl has applied before by itself, and nobody has changed since, is no conflict.
    ///
    /// - Throws: 409.
    private func carryOut(
        _ rules: ServerSideApply,
        on live: JSONValue,
        _ owners: ManagedFields,
        _ target: ResourceTarget,
        now: Date
    ) throws(APIFailure) -> ServerSideApply.Outcome {
        let time = RFC3339.seconds(now)
        do {
            return try rules.carryOut(on: live, owners, time: time)
        } catch {
            let own = LastApplied.unchanged(in: live, target, by: rules.manager.name)
            if let conflict = error.without(own) { throw conflict.failure }
        }
        do {
            return try rules.forced.carryOut(on: live, owners, time: time)
        } catch {
            throw error.failure
        }
    }

    /// Reads and checks the configuration.
    ///
    /// - Throws: 400, 422, 500.
    private func configuration(_ request: APIRequest, _ target: ResourceTarget) throws(APIFailure) -> JSONValue {
        guard !(request[query: "fieldManager"] ?? "").isEmpty else {
            throw .invalidOptions([.required("fieldManager", "is required for apply patch")], of: "PatchOptions")
        }
        let body = try request.parsedBody()
        guard body.object != nil else { throw .badRequest("the configuration is not a JSON object") }
        // As it would be stored, or what storing leaves out would count as new each time.
        let isTyped = target.view.schema == nil
        let config = (isTyped ? body.withoutNulls.withoutEmptyLists : body.withoutNulls).withoutHollowMetadata
        let version = config["apiVersion"]?.string ?? ""
        guard version == target.view.version.description else {
            throw .badRequest(
                "Incorrect version specified in apply patch. Specified patch version: \(version), "
                    + "expected: \(target.view.version)"
            )
        }
        guard body[path: "metadata", "managedFields"] ?? .null == .null else {
            throw .badRequest("metadata.managedFields must be nil")
        }
        guard config["kind"]?.string == target.kind.names.kind else {
            throw target.cannotBeHandled("its kind is \"\(config["kind"]?.string ?? "")\"")
        }
        if let problem = target.shape.problem(in: config) {
            throw APIFailure(500, nil, "failed to create typed patch object: \(problem)")
        }
        let name = target.name ?? ""
        guard !config.name.isEmpty else {
            throw .badRequest(
                "the name of the object (\(name) based on URL) was undeterminable: name must be provided"
            )
        }
        guard config.name == name else {
            throw .badRequest("the name of the object (\(config.name)) does not match the name on the URL (\(name))")
        }
        return config
    }
}

extension ServerSideApply {
    /// The same, taking what others own.
    fileprivate var forced: ServerSideApply {
        ServerSideApply(config: config, shape: shape, manager: manager, version: version, isForced: true)
    }
}

/// The annotation in which `kubectl apply` keeps what it has applied by itself: it goes over to server-side apply by
/// it, and back.
///
/// - Source: Kubernetes, `apiserver/pkg/endpoints/handlers/fieldmanager/lastappliedmanager.go` and
///   `lastappliedupdater.go`.
enum LastApplied {
    /// Its name.
    private static let annotation = "kubectl.kubernetes.io/last-applied-configuration"
    /// The manager for which this is done.
    private static let manager = "kubectl"

    /// What kubectl has applied by itself and is still so.
    static func unchanged(in live: JSONValue, _ target: ResourceTarget, by manager: String) -> FieldSet {
        // What a user has put there instead of JSON was never applied.
        guard manager == Self.manager, let text = live[path: "metadata", "annotations", annotation]?.string,
            let config = try? JSONValue(parsing: [UInt8](text.utf8))
        else { return FieldSet() }
        let applied = target.ownable(config.withoutNulls)
        let changes = FieldChanges(from: applied, to: live, target.shape)
        return applied.fields(target.shape).subtracting(changes.set).subtracting(changes.removed)
    }

    /// Writes a configuration into the annotation where there is one already.
    static func renew(in object: inout JSONValue, _ config: JSONValue, by manager: String) {
        guard manager == Self.manager, object[path: "metadata", "annotations", annotation] != nil else { return }
        var config = config
        if config[path: "metadata", "annotations", annotation] != nil {
            config[path: "metadata", "annotations", annotation] = nil
        }
        object[path: "metadata", "annotations", annotation] = .string(config.text + "\n")
    }
}
