import KubeModel

/// What a caller wants to do, in the terms of RBAC.
enum AccessQuestion: Sendable, Hashable {
    /// Something to objects.
    case resource(SubjectAccessReview.ResourceAttributes)
    /// Something to a path.
    case path(SubjectAccessReview.NonResourceAttributes)

    /// The question behind a call; `nil` for what everybody may.
    ///
    /// A metric is read by listing the resource of its name, decisions by getting one object.
    ///
    /// - Source: Kubernetes, `apiserver/pkg/endpoints/request/requestinfo.go`; that probes are open to all,
    ///   `apiserver/pkg/server/options/authorization.go`.
    init?(_ call: APICall) {
        guard let segments = call.segments else {
            self = .path(SubjectAccessReview.NonResourceAttributes(path: call.path, verb: call.method.lowercased()))
            return
        }
        switch segments {
        case ["healthz"], ["livez"], ["readyz"]: return nil
        default: break
        }
        if let attributes = Self.attributes(of: call, segments) {
            self = .resource(attributes)
        } else {
            let path = "/" + segments.joined(separator: "/")
            self = .path(SubjectAccessReview.NonResourceAttributes(path: path, verb: call.method.lowercased()))
        }
    }

    /// The resource that a call is about; `nil` where it is about none of ours.
    private static func attributes(
        of call: APICall,
        _ segments: [String]
    ) -> SubjectAccessReview.ResourceAttributes? {
        guard let (api, rest) = ServedAPI.find(segments), rest.first == "namespaces" else { return nil }
        let parts = Array(rest.dropFirst())
        guard parts.count == 2 || (parts.count == 3 && api == .decisions) else { return nil }
        let name = parts.count == 3 ? parts[2] : nil
        return SubjectAccessReview.ResourceAttributes(
            namespace: parts[0],
            verb: name == nil ? verb(ofAll: call) : verb(ofOne: call),
            group: api.groupVersion.group,
            version: api.groupVersion.version,
            resource: parts[1],
            name: name
        )
    }

    /// The verb of a call to a collection.
    private static func verb(ofAll call: APICall) -> String {
        switch call.method {
        case "GET", "HEAD": call.isWatch ? "watch" : "list"
        case "DELETE": "deletecollection"
        default: verb(ofOne: call)
        }
    }

    /// The verb of a call to one object.
    private static func verb(ofOne call: APICall) -> String {
        switch call.method {
        case "GET", "HEAD": "get"
        case "POST": "create"
        case "PUT": "update"
        default: call.method.lowercased()
        }
    }

    /// What the API server is asked about a user.
    func review(for user: UserInfo) -> SubjectAccessReview {
        switch self {
        case .resource(let attributes): SubjectAccessReview(user: user, resource: attributes)
        case .path(let attributes): SubjectAccessReview(user: user, nonResource: attributes)
        }
    }

    /// The refusal.
    ///
    /// - Source: Kubernetes, `apiserver/pkg/endpoints/handlers/responsewriters/errors.go`, for the wording.
    func forbidden(to user: UserInfo, because reason: String?) -> KubeStatus {
        let name = user.username ?? ""
        let tail = reason.map { $0.isEmpty ? "" : ": \($0)" } ?? ""
        let text =
            switch self {
            case .resource(let it):
                "\(it.resource).\(it.group)\(it.name.map { " \"\($0)\"" } ?? "") is forbidden: User \"\(name)\" cannot "
                    + "\(it.verb) resource \"\(it.resource)\" in API group \"\(it.group)\" in the namespace "
                    + "\"\(it.namespace ?? "")\""
            case .path(let it):
                "forbidden: User \"\(name)\" cannot \(it.verb) path \"\(it.path)\""
            }
        return KubeStatus(code: 403, reason: .forbidden, message: text + tail)
    }
}
