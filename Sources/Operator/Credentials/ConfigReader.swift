internal import KubeModel
internal import Outbound
internal import Scaling

/// Reads what credentials are made of.
///
/// The operator's client is one; tests have a dictionary.
protocol ConfigReader: Sendable {
    /// A Secret's data, `nil` if there is no such Secret.
    func secret(_ key: ObjectKey) async throws -> Versioned<[String: Secret<String>]>?
    /// A ConfigMap's data, `nil` if there is no such ConfigMap.
    func configMap(_ key: ObjectKey) async throws -> Versioned<[String: Secret<String>]>?
    /// A TriggerAuthentication's or ClusterTriggerAuthentication's spec, `nil` if there is none.
    func authentication(_ reference: AuthenticationReference) async throws -> Versioned<AuthenticationSpec>?
    /// A new token of a service account, `nil` if there is no such account.
    func token(of account: ObjectKey, lasting lifetime: Duration) async throws -> IssuedToken?
}

/// A token that somebody made for us.
struct IssuedToken: Sendable {
    /// The token.
    let token: Secret<String>
    /// How long it is good from now on.
    let lifetime: Duration
}
