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
}

/// Where settings come from; both kinds share it.
public struct AuthenticationSpec: Codable, Sendable, Hashable {
    /// From the environment of the scale target.
    public var env: [EnvironmentEntry]?
    /// From keys of ConfigMaps.
    public var configMapTargetRef: [KeyEntry]?
    /// From keys of Secrets.
    public var secretTargetRef: [KeyEntry]?

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
}
