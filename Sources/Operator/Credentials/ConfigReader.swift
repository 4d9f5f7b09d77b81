internal import KubeModel
internal import Outbound
internal import Scaling

/// Reads what credentials are made of.
///
/// The operator's client is one; tests have a dictionary.
protocol ConfigReader: Sendable {
    /// A Secret's data, `nil` if there is no such Secret.
    func secret(_ key: ObjectKey) async throws -> [String: Secret<String>]?
    /// A ConfigMap's data, `nil` if there is no such ConfigMap.
    func configMap(_ key: ObjectKey) async throws -> [String: String]?
    /// A TriggerAuthentication's or ClusterTriggerAuthentication's spec, `nil` if there is none.
    func authentication(_ reference: AuthenticationReference) async throws -> AuthenticationSpec?
}

/// Names an authentication wherever it lives.
enum AuthenticationReference: Sendable, Hashable, CustomStringConvertible {
    /// Of the ScaledObject's namespace.
    case namespaced(ObjectKey)
    /// Of the whole cluster.
    case cluster(String)

    /// As a message names it.
    var description: String {
        switch self {
        case .namespaced(let key): "TriggerAuthentication \(key)"
        case .cluster(let name): "ClusterTriggerAuthentication \(name)"
        }
    }
}
