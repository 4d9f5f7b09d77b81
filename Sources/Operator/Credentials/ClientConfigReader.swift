internal import Foundation
internal import KubeClient
internal import KubeModel
internal import Outbound
internal import Scaling

/// Reads Secrets, ConfigMaps and authentications from the API server, each time anew.
///
/// Triggers are built once for a spec and again after failures, so this is asked seldom, and what it gives is never
/// old.
struct ClientConfigReader: ConfigReader {
    /// Who asks.
    let client: KubeClient

    /// See ``ConfigReader``.
    ///
    /// Bytes that are no UTF-8 are mended: no setting is binary.
    func secret(_ key: ObjectKey) async throws -> [String: Secret<String>]? {
        try await client.find(SecretObject.self, key)
            .map { object in
                (object.data ?? [:]).mapValues { Secret(String(decoding: $0, as: UTF8.self)) }
            }
    }

    /// See ``ConfigReader``.
    func configMap(_ key: ObjectKey) async throws -> [String: String]? {
        try await client.find(ConfigMap.self, key).map { $0.data ?? [:] }
    }

    /// See ``ConfigReader``.
    func authentication(_ reference: AuthenticationReference) async throws -> AuthenticationSpec? {
        switch reference {
        case .namespaced(let key):
            try await client.find(TriggerAuthentication.self, key)?.spec
        case .cluster(let name):
            try await client.find(ClusterTriggerAuthentication.self, ObjectKey(namespace: "", name: name))?.spec
        }
    }
}
