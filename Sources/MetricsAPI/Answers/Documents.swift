import KubeModel

/// The documents that every API server has, as short as clients take them.
extension APIRoute.Document {
    /// The document.
    ///
    /// The version is this program's.
    ///
    /// - Throws: an encoding error, which would be a mistake of ours.
    func json(version: String) throws -> JSONValue {
        switch self {
        case .groups:
            let groups = ServedAPI.allCases.map(\.groupVersion)
                .map { APIGroup(name: $0.group, versions: [$0.version]) }
            return try KubeJSON.value(of: APIGroupList(groups: groups))
        case .group(let api):
            let version = api.groupVersion
            return try KubeJSON.value(of: APIGroup(name: version.group, versions: [version.version], isAlone: true))
        case .resources(let api):
            let list = APIResourceList(groupVersion: api.groupVersion.description, resources: [api.resource])
            return try KubeJSON.value(of: list)
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
}
