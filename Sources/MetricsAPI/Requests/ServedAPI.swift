import KubeModel
import Scaling

/// One of the APIs that this room serves; an APIService for each leads the API server here.
enum ServedAPI: Sendable, Hashable, CaseIterable {
    /// The numbers that HPAs ask for.
    case metrics
    /// Why objects have their replicas.
    case decisions

    /// Where it is.
    var groupVersion: GroupVersion {
        switch self {
        case .metrics: GroupVersion("external.metrics.k8s.io", "v1beta1")
        case .decisions: DecisionReport.resourceType.groupVersion
        }
    }

    /// The only resource that its discovery names.
    ///
    /// For metrics it stands for all of them, whose real names are not listed.
    ///
    /// - Source: KEDA, `pkg/provider/provider.go`, `ListAllExternalMetrics`.
    var resource: APIResourceList.APIResource {
        switch self {
        case .metrics:
            APIResourceList.APIResource(
                name: "externalmetrics",
                namespaced: true,
                kind: "ExternalMetricValueList",
                verbs: ["get"]
            )
        case .decisions:
            APIResourceList.APIResource(
                name: DecisionReport.resourceType.plural,
                singularName: "scaledobject",
                namespaced: true,
                kind: DecisionReport.resourceType.kind,
                verbs: ["get"]
            )
        }
    }

    /// What its APIService is called.
    var serviceName: String { "\(groupVersion.version).\(groupVersion.group)" }

    /// The API whose group and version stand in a path, and what follows them.
    ///
    /// - Returns: `nil` for a path outside of all of them.
    static func find(_ segments: [String]) -> (api: ServedAPI, rest: ArraySlice<String>)? {
        for api in allCases {
            let root = ["apis", api.groupVersion.group, api.groupVersion.version]
            if segments.starts(with: root) { return (api, segments.dropFirst(root.count)) }
        }
        return nil
    }
}
