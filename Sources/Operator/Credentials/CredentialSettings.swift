public import KubeModel
public import Outbound

/// What an installation says about credentials.
public struct CredentialSettings: Sendable {
    /// Where ClusterTriggerAuthentications have their Secrets, ConfigMaps and service accounts.
    ///
    /// KEDA's `KEDA_CLUSTER_OBJECT_NAMESPACE`; the operator's own namespace where that is not set.
    public var clusterNamespace = "keda"
    /// Which authentications there are for us, by their labels.
    ///
    /// KEDA's `WATCH_LABEL_SELECTOR_FOR_TRIGGERAUTH`.
    public var watchedAuthentications = LabelSelector()
    /// Whether Secrets are read from ``clusterNamespace`` only.
    ///
    /// KEDA's `KEDA_RESTRICT_SECRET_ACCESS`.
    public var restrictsSecrets = false
    /// The folder that `filePath` is below; `nil` to refuse such sources.
    ///
    /// KEDA's `--filepath-auth-root-path`.
    public var fileRoot: String?
    /// How long a service account's token is asked to live.
    ///
    /// KEDA's `KEDA_BOUND_SERVICE_ACCOUNT_TOKEN_EXPIRY`.
    public var tokenLifetime = Duration.seconds(3600)
    /// Wins over the token in a TriggerAuthentication's `hashiCorpVault`.
    ///
    /// Vault's own `VAULT_TOKEN`.
    public var vaultToken: Secret<String>?
    /// Whom to trust as a Vault.
    ///
    /// Vault's own `VAULT_CACERT` and `VAULT_SKIP_VERIFY`.
    public var vaultTLS = TLSSettings()
    /// Variables by which clouds tell the operator's own process who it is, such as `AWS_ROLE_ARN`.
    ///
    /// Triggers that prove to be the operator itself see them, and read the files that they name.
    public private(set) var cloudVariables = Secret<[String: String]>([:])

    /// KEDA's defaults.
    public init() {}
    /// Picks ``cloudVariables`` from the operator's environment; nothing else of it is kept.
    public mutating func takeCloudVariables(from environment: Secret<[String: String]>) {
        cloudVariables = environment.map { $0.filter { $0.key.hasPrefix("AWS_") } }
    }
}
