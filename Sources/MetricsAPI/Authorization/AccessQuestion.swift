import KubeModel

/// What a caller wants to do, in the terms of RBAC.
enum AccessQuestion: Sendable, Hashable {
    /// Something to objects.
    case resource(SubjectAccessReview.ResourceAttributes)
    /// Something to a path.
    case path(SubjectAccessReview.NonResourceAttributes)

    /// The question behind a call; `nil` for what everybody may.
    ///
    /// A metric is read by listing the resource of its name.
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
        let api = APIRoute.api
        if segments.count == 6, segments.starts(with: ["apis", api.group, api.version, "namespaces"]) {
            self = .resource(
                SubjectAccessReview.ResourceAttributes(
                    namespace: segments[4],
                    verb: Self.verb(call),
                    group: api.group,
                    version: api.version,
                    resource: segments[5]
                )
            )
        } else {
            let path = "/" + segments.joined(separator: "/")
            self = .path(SubjectAccessReview.NonResourceAttributes(path: path, verb: call.method.lowercased()))
        }
    }

    /// The verb of a call to a collection.
    private static func verb(_ call: APICall) -> String {
        switch call.method {
        case "GET", "HEAD": call.isWatch ? "watch" : "list"
        case "POST": "create"
        case "PUT": "update"
        case "PATCH": "patch"
        case "DELETE": "deletecollection"
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
                "\(it.resource).\(it.group) is forbidden: User \"\(name)\" cannot \(it.verb) resource \"\(it.resource)\""
                    + " in API group \"\(it.group)\" in the namespace \"\(it.namespace ?? "")\""
            case .path(let it):
                "forbidden: User \"\(name)\" cannot \(it.verb) path \"\(it.path)\""
            }
        return KubeStatus(code: 403, reason: .forbidden, message: text + tail)
    }
}
