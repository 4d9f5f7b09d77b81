import KubeModel
import Outbound
import Scaling

@testable import Operator

/// Secrets, ConfigMaps and authentications in dictionaries.
struct FakeConfig: ConfigReader {
    var secrets: [String: [String: String]] = [:]
    var configMaps: [String: [String: String]] = [:]
    var authentications: [String: AuthenticationSpec] = [:]

    func secret(_ key: ObjectKey) async throws -> [String: Secret<String>]? {
        secrets[key.description]?.mapValues { Secret($0) }
    }

    func configMap(_ key: ObjectKey) async throws -> [String: String]? { configMaps[key.description] }

    func authentication(_ reference: AuthenticationReference) async throws -> AuthenticationSpec? {
        authentications[reference.description]
    }
}

extension PodTemplate {
    /// A template as a manifest has it.
    static func parsing(_ json: String) throws -> PodTemplate {
        try KubeJSON.decode(from: [UInt8](json.utf8))
    }
}
