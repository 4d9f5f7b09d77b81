import KubeModel

/// What a call is about.
enum APIRoute: Sendable, Hashable {
    /// `/healthz` or `/livez`.
    case alive
    /// `/readyz`.
    case ready
    /// A document that never changes.
    case document(Document)
    /// One metric; the selector as the query has it.
    case metric(namespace: String, name: String, selector: String?)
    /// Something we have, asked for in a way that we do not.
    case wrongMethod
    /// Nothing of ours.
    case unknown

    /// The documents that never change.
    enum Document: Sendable, Hashable, CaseIterable {
        /// `/apis`.
        case groups
        /// `/apis/<group>`.
        case group
        /// `/apis/<group>/<version>`.
        case resources
        /// `/openapi/v2`.
        case openAPI2
        /// `/openapi/v3`.
        case openAPI3
        /// `/version`.
        case version
    }

    /// The API that this room serves.
    static let api = GroupVersion("external.metrics.k8s.io", "v1beta1")

    /// Finds out.
    ///
    /// Only GET exists, metrics only within a namespace, and no watches.
    init(_ call: APICall) {
        guard let found = call.segments.flatMap(Self.find) else {
            self = .unknown
            return
        }
        switch found {
        case .metric(let namespace, let name, _) where call.method == "GET" && !call.isWatch:
            self = .metric(namespace: namespace, name: name, selector: call.value(of: "labelSelector"))
        case .metric: self = .wrongMethod
        case .alive, .ready, .document, .wrongMethod, .unknown:
            self = call.method == "GET" ? found : .wrongMethod
        }
    }

    /// What a path leads to.
    private static func find(_ segments: [String]) -> APIRoute? {
        switch segments {
        case ["healthz"], ["livez"]: .alive
        case ["readyz"]: .ready
        case ["apis"]: .document(.groups)
        case ["apis", api.group]: .document(.group)
        case ["apis", api.group, api.version]: .document(.resources)
        case ["openapi", "v2"]: .document(.openAPI2)
        case ["openapi", "v3"]: .document(.openAPI3)
        case ["version"]: .document(.version)
        default: metric(segments)
        }
    }

    /// `/apis/<group>/<version>/namespaces/<namespace>/<metric>`.
    private static func metric(_ segments: [String]) -> APIRoute? {
        guard segments.count == 6, segments.starts(with: ["apis", api.group, api.version, "namespaces"]) else {
            return nil
        }
        return .metric(namespace: segments[4], name: segments[5], selector: nil)
    }
}
