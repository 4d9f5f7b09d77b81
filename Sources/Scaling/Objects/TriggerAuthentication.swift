public import KubeModel

/// A `keda.sh/v1alpha1` TriggerAuthentication: settings for triggers of its namespace.
public struct TriggerAuthentication: KubeResource, Hashable {
    /// `keda.sh/v1alpha1` TriggerAuthentication.
    public static let resourceType = ResourceType(
        GroupVersion("keda.sh", "v1alpha1"),
        kind: "TriggerAuthentication",
        plural: "triggerauthentications"
    )
    /// Name, namespace and so on.
    public var metadata: ObjectMeta
    /// Where the settings come from.
    public var spec: AuthenticationSpec
    /// Who uses it.
    public var status: AuthenticationStatus?
}

/// A `keda.sh/v1alpha1` ClusterTriggerAuthentication: settings for triggers of every namespace.
public struct ClusterTriggerAuthentication: KubeResource, Hashable {
    /// `keda.sh/v1alpha1` ClusterTriggerAuthentication.
    public static let resourceType = ResourceType(
        GroupVersion("keda.sh", "v1alpha1"),
        kind: "ClusterTriggerAuthentication",
        plural: "clustertriggerauthentications",
        isNamespaced: false
    )
    /// Name and so on.
    public var metadata: ObjectMeta
    /// Where the settings come from.
    public var spec: AuthenticationSpec
    /// Who uses it.
    public var status: AuthenticationStatus?
}

/// Where settings come from; both kinds share it.
///
/// Of the sources that are not built yet only that they are asked for is of interest: they are kept as JSON.
///
/// - Source: KEDA, `apis/keda/v1alpha1/triggerauthentication_types.go`.
public struct AuthenticationSpec: Codable, Sendable, Hashable {
    /// As which workload identity the trigger acts.
    public var podIdentity: PodIdentity?
    /// From the environment of the scale target.
    public var env: [EnvironmentEntry]?
    /// From a JSON file of the operator, below its root for such files; of the cluster-wide kind only.
    public var filePath: String?
    /// From keys of ConfigMaps.
    public var configMapTargetRef: [KeyEntry]?
    /// From keys of Secrets.
    public var secretTargetRef: [KeyEntry]?
    /// From a HashiCorp Vault.
    public var hashiCorpVault: VaultSource?
    /// From Azure Key Vault.
    public var azureKeyVault: JSONValue?
    /// From Google's Secret Manager.
    public var gcpSecretManager: JSONValue?
    /// From Amazon's Secrets Manager.
    public var awsSecretManager: JSONValue?
    /// Tokens of service accounts.
    public var boundServiceAccountToken: [TokenEntry]?
    /// Where the trigger fetches its tokens.
    public var oauth2: OAuth2Source?

    /// One setting from the target's environment.
    public struct EnvironmentEntry: Codable, Sendable, Hashable {
        /// The setting.
        public var parameter: String
        /// The variable.
        public var name: String
        /// The container that has it; the ScaledObject's own choice unless given.
        public var containerName: String?
    }

    /// One setting from a key of an object.
    public struct KeyEntry: Codable, Sendable, Hashable {
        /// The setting.
        public var parameter: String
        /// The object.
        public var name: String
        /// Its key.
        public var key: String
    }

    /// One setting that is a service account's token.
    public struct TokenEntry: Codable, Sendable, Hashable {
        /// The setting.
        public var parameter: String
        /// Whose token.
        public var serviceAccountName: String
    }
}

/// Who uses an authentication: names joined by commas, without their namespaces.
public struct AuthenticationStatus: Codable, Sendable, Hashable {
    /// Of ScaledObjects.
    public var scaledobjects: String?
    /// Of ScaledJobs.
    public var scaledjobs: String?

    /// Nobody, unless said otherwise.
    public init(scaledobjects: String? = nil, scaledjobs: String? = nil) {
        self.scaledobjects = scaledobjects
        self.scaledjobs = scaledjobs
    }
}
