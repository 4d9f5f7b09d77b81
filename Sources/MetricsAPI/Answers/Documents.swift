import KubeModel

/// The documents that every API server has, as short as clients take them.
extension APIRoute.Document {
    /// The document.
    ///
    /// The version is this program's.
    ///
    /// - Throws: an encoding error, which would be a mistake of ours.
    func json(version: String) throws -> JSONValue {
        let api = APIRoute.api
        switch self {
        case .groups:
            return try KubeJSON.value(of: APIGroupList(groups: [APIGroup(name: api.group, versions: [api.version])]))
        case .group:
            return try KubeJSON.value(of: APIGroup(name: api.group, versions: [api.version], isAlone: true))
        case .resources:
            return try KubeJSON.value(of: APIResourceList(groupVersion: api.description, resources: [Self.placeholder]))
        case .openAPI2:
            return [
                "swagger": "2.0", "info": ["title": "swell", "version": .string(version)], "paths": [:],
                "definitions": [:],
            ]
        case .openAPI3:
            return ["paths": [:]]
        case .version:
            // Major and minor are what clients compare with the API's own age: v1beta1 has been there since 1.10.
            return ["major": "1", "minor": "20", "gitVersion": .string(version)]
        }
    }

    /// Stands for all metrics, whose real names are not listed.
    ///
    /// - Source: KEDA, `pkg/provider/provider.go`, `ListAllExternalMetrics`.
    private static let placeholder = APIResourceList.APIResource(
        name: "externalmetrics",
        namespaced: true,
        kind: "ExternalMetricValueList",
        verbs: ["get"]
    )
}
