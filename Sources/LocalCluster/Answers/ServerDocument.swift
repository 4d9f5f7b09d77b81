import KubeModel

/// What the server says of itself: health, version, discovery, OpenAPI.
enum ServerDocument: Sendable, Hashable {
    /// The roots that lead further.
    case paths
    /// `/healthz`, `/livez`, `/readyz` and what is below them.
    case health
    /// `/version`.
    case version
    /// `/api`: the versions of the core group.
    case coreVersions
    /// `/apis`: all other groups.
    case groups
    /// `/apis/<group>`.
    case group(String)
    /// `/api/v1` or `/apis/<group>/<version>`: its kinds.
    case resources(GroupVersion)
    /// `/openapi/v2`.
    case openAPI2
    /// `/openapi/v3`: where to find the custom kinds.
    case openAPI3
    /// `/openapi/v3/apis/<group>/<version>`: its custom kinds.
    case schemas(GroupVersion)

    /// Reads a path; `nil` if it leads to no such document.
    init?(_ path: [String], in table: KindTable) {
        switch (path.first, path.count) {
        case (nil, _): self = .paths
        case ("healthz", _), ("livez", _), ("readyz", _): self = .health
        case ("version", 1): self = .version
        case ("openapi", 2) where path[1] == "v2": self = .openAPI2
        case ("openapi", 2) where path[1] == "v3": self = .openAPI3
        case ("openapi", 5) where path[1] == "v3" && path[2] == "apis":
            self = .schemas(GroupVersion(path[3], path[4]))
        case ("api", 1): self = .coreVersions
        case ("apis", 1): self = .groups
        case ("api", 2) where table.groups[""]?.contains(path[1]) == true:
            self = .resources(GroupVersion("", path[1]))
        case ("apis", 2) where !path[1].isEmpty && table.groups[path[1]] != nil: self = .group(path[1])
        case ("apis", 3) where table.groups[path[1]]?.contains(path[2]) == true:
            self = .resources(GroupVersion(path[1], path[2]))
        default: return nil
        }
    }

    /// What it says.
    func answer(_ table: KindTable, accept: String) -> APIAnswer {
        switch self {
        case .health: .text("ok")
        case .version: .json(Self.versionInfo)
        case .paths: .json(["paths": ["/api", "/apis", "/healthz", "/livez", "/readyz", "/openapi/v2", "/version"]])
        case .coreVersions: .json(["kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []])
        case .groups: .json(Discovery.groups(table))
        case .group(let name): .json(Discovery.group(name, table, isAlone: true))
        case .resources(let version): .json(Discovery.resources(version, table))
        case .openAPI2: OpenAPIDocument.answer(accept: accept)
        case .openAPI3: .json(OpenAPIDocument.index(table))
        case .schemas(let version): .json(OpenAPIDocument.schemas(of: version, table))
        }
    }

    /// Of which Kubernetes release this cluster's behaviour is.
    static let release = (major: "1", minor: "32")

    /// `/version`.
    private static let versionInfo: JSONValue = [
        "major": .string(release.major), "minor": .string(release.minor),
        "gitVersion": .string("v\(release.major).\(release.minor).0+swell"),
        "gitCommit": "", "gitTreeState": "clean", "buildDate": "2024-12-11T00:00:00Z", "goVersion": "none",
        "compiler": "swiftc", "platform": "linux/amd64",
    ]
}
