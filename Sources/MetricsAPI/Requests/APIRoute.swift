import KubeModel
import Scaling

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
    /// The decisions about one ScaledObject.
    case decisions(ObjectKey)
    /// Something we have, asked for in a way that we do not.
    case wrongMethod
    /// Nothing of ours.
    case unknown

    /// The documents that never change.
    enum Document: Sendable, Hashable {
        /// `/apis`.
        case groups
        /// `/apis/<group>`.
        case group(ServedAPI)
        /// `/apis/<group>/<version>`.
        case resources(ServedAPI)
        /// `/openapi/v2`.
        case openAPI2
        /// `/openapi/v3`.
        case openAPI3
        /// `/version`.
        case version
    }

    /// Finds out.
    ///
    /// Only GET exists, metrics and decisions only within a namespace, no lists of decisions, and no watches.
    init(_ call: APICall) {
        guard let found = call.segments.flatMap(Self.find) else {
            self = .unknown
            return
        }
        let isGet = call.method == "GET"
        switch found {
        case .metric(let namespace, let name, _) where isGet && !call.isWatch:
            self = .metric(namespace: namespace, name: name, selector: call.value(of: "labelSelector"))
        case .decisions where isGet && !call.isWatch: self = found
        case .metric, .decisions: self = .wrongMethod
        case .alive, .ready, .document, .wrongMethod, .unknown: self = isGet ? found : .wrongMethod
        }
    }

    /// What a path leads to.
    private static func find(_ segments: [String]) -> APIRoute? {
        switch segments {
        case ["healthz"], ["livez"]: return .alive
        case ["readyz"]: return .ready
        case ["apis"]: return .document(.groups)
        case ["openapi", "v2"]: return .document(.openAPI2)
        case ["openapi", "v3"]: return .document(.openAPI3)
        case ["version"]: return .document(.version)
        default: break
        }
        if let api = ServedAPI.allCases.first(where: { segments == ["apis", $0.groupVersion.group] }) {
            return .document(.group(api))
        }
        guard let (api, rest) = ServedAPI.find(segments) else { return nil }
        return rest.isEmpty ? .document(.resources(api)) : find(Array(rest), in: api)
    }

    /// What the part of a path after the API's version leads to.
    ///
    /// `namespaces/<namespace>/<metric>`, or `namespaces/<namespace>/scaledobjects/<name>`.
    private static func find(_ segments: [String], in api: ServedAPI) -> APIRoute? {
        guard segments.count >= 3, segments[0] == "namespaces" else { return nil }
        switch api {
        case .metrics:
            return segments.count == 3 ? .metric(namespace: segments[1], name: segments[2], selector: nil) : nil
        case .decisions:
            guard segments[2] == DecisionReport.resourceType.plural else { return nil }
            switch segments.count {
            case 3: return .wrongMethod
            case 4: return .decisions(ObjectKey(namespace: segments[1], name: segments[3]))
            default: return nil
            }
        }
    }
}
