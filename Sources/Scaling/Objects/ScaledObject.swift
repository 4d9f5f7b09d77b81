public import KubeModel

/// A `keda.sh/v1alpha1` ScaledObject: one workload, its triggers and its bounds.
///
/// - Source: `config/crd/keda.sh_scaledobjects.yaml`.
public struct ScaledObject: KubeResource, Hashable {
    /// `keda.sh/v1alpha1` ScaledObject.
    public static let resourceType = ResourceType(
        GroupVersion("keda.sh", "v1alpha1"),
        kind: "ScaledObject",
        plural: "scaledobjects"
    )

    /// `keda.sh/v1alpha1`.
    public var apiVersion: String?
    /// `ScaledObject`.
    public var kind: String?
    /// See ``metadata``.
    @usableFromInline var sharedMetadata: SharedValue<ObjectMeta>
    /// See ``spec``.
    @usableFromInline var sharedSpec: SharedValue<Spec>
    /// See ``status``.
    @usableFromInline var sharedStatus: SharedValue<ScaledObjectStatus>?

    /// Name, namespace, annotations and so on.
    @inlinable public var metadata: ObjectMeta {
        get { sharedMetadata.value }
        set { sharedMetadata = SharedValue(newValue) }
    }

    /// What the user wants.
    @inlinable public var spec: Spec {
        get { sharedSpec.value }
        set { sharedSpec = SharedValue(newValue) }
    }

    /// What we found and did.
    @inlinable public var status: ScaledObjectStatus? {
        get { sharedStatus?.value }
        set { sharedStatus = newValue.map(SharedValue.init) }
    }

    /// As the API server names them.
    private enum CodingKeys: String, CodingKey {
        case apiVersion, kind
        case sharedMetadata = "metadata"
        case sharedSpec = "spec"
        case sharedStatus = "status"
    }

    /// Makes a ScaledObject.
    public init(metadata: ObjectMeta, spec: Spec, status: ScaledObjectStatus? = nil) {
        self.apiVersion = Self.resourceType.groupVersion.description
        self.kind = Self.resourceType.kind
        self.sharedMetadata = SharedValue(metadata)
        self.sharedSpec = SharedValue(spec)
        self.sharedStatus = status.map(SharedValue.init)
    }

    /// What a user wants.
    ///
    /// Absent fields have their defaults in ``ScalePolicy`` and ``PollPolicy``.
    public struct Spec: Codable, Sendable, Hashable {
        /// What is scaled, in the same namespace.
        public var scaleTargetRef: ScaleTargetRef
        /// Seconds between polls; 30 unless given.
        public var pollingInterval: Int?
        /// Seconds from the last activity to zero; 300 unless given.
        public var cooldownPeriod: Int?
        /// Seconds from creation before a workload that was never active goes to zero; 0 unless given.
        public var initialCooldownPeriod: Int?
        /// Pods while nothing is active; less than `minReplicaCount`.
        public var idleReplicaCount: Int?
        /// Pods at least; 0 unless given.
        public var minReplicaCount: Int?
        /// Pods at most; 100 unless given.
        public var maxReplicaCount: Int?
        /// What is rarely needed.
        public var advanced: Advanced?
        /// What to do while a source cannot be read.
        public var fallback: Fallback?
        /// At least one.
        public var triggers: [Trigger]

        /// Makes a spec of what must be there.
        public init(scaleTargetRef: ScaleTargetRef, triggers: [Trigger]) {
            self.scaleTargetRef = scaleTargetRef
            self.triggers = triggers
        }
    }

    /// Names a workload.
    public struct ScaleTargetRef: Codable, Sendable, Hashable {
        /// Group and version; `apps/v1` unless given.
        public var apiVersion: String?
        /// Kind; `Deployment` unless given.
        public var kind: String?
        /// Name.
        public var name: String
        /// The container whose environment feeds `…FromEnv`; the first unless given.
        public var envSourceContainerName: String?

        /// Makes a reference.
        public init(
            apiVersion: String? = nil,
            kind: String? = nil,
            name: String,
            envSourceContainerName: String? = nil
        ) {
            self.apiVersion = apiVersion
            self.kind = kind
            self.name = name
            self.envSourceContainerName = envSourceContainerName
        }
    }

    /// What is rarely needed.
    public struct Advanced: Codable, Sendable, Hashable {
        /// Whether deletion puts back the replicas found at first.
        public var restoreToOriginalReplicaCount: Bool?
        /// How the HPA is named and how fast it moves.
        public var horizontalPodAutoscalerConfig: HPAConfig?
        /// One metric made of all triggers by a formula.
        public var scalingModifiers: ScalingModifiers?

        /// Makes settings.
        public init(
            restoreToOriginalReplicaCount: Bool? = nil,
            horizontalPodAutoscalerConfig: HPAConfig? = nil,
            scalingModifiers: ScalingModifiers? = nil
        ) {
            self.restoreToOriginalReplicaCount = restoreToOriginalReplicaCount
            self.horizontalPodAutoscalerConfig = horizontalPodAutoscalerConfig
            self.scalingModifiers = scalingModifiers
        }
    }

    /// How the HPA is named and how fast it moves.
    public struct HPAConfig: Codable, Sendable, Hashable {
        /// `keda-hpa-<name of the ScaledObject>` unless given.
        public var name: String?
        /// Copied to the HPA.
        public var behavior: HPABehavior?

        /// Makes settings.
        public init(name: String? = nil, behavior: HPABehavior? = nil) {
            self.name = name
            self.behavior = behavior
        }
    }

    /// One metric made of all triggers by a formula.
    public struct ScalingModifiers: Codable, Sendable, Hashable {
        /// An expression over the triggers' names.
        public var formula: String?
        /// The composite's target, the text of a number greater than 0.
        public var target: String?
        /// The composite wakes the workload above this, the text of a number; 0 unless given.
        public var activationTarget: String?
        /// `AverageValue` unless given, or `Value`.
        public var metricType: String?

        /// Makes modifiers.
        public init(
            formula: String? = nil,
            target: String? = nil,
            activationTarget: String? = nil,
            metricType: String? = nil
        ) {
            self.formula = formula
            self.target = target
            self.activationTarget = activationTarget
            self.metricType = metricType
        }

        /// Whether nothing is given, which is the same as no modifiers.
        public var isEmpty: Bool {
            [formula, target, activationTarget, metricType].allSatisfy { $0?.isEmpty ?? true }
        }
    }

    /// What to do while a source cannot be read.
    public struct Fallback: Codable, Sendable, Hashable {
        /// Failures in a row that are borne; the next one brings the fallback.
        public var failureThreshold: Int
        /// Pods wanted then.
        public var replicas: Int
        /// How `replicas` is meant; `static` unless given.
        public var behavior: String?

        /// Makes a fallback.
        public init(failureThreshold: Int, replicas: Int, behavior: String? = nil) {
            self.failureThreshold = failureThreshold
            self.replicas = replicas
            self.behavior = behavior
        }
    }

    /// One source of a number.
    public struct Trigger: Codable, Sendable, Hashable {
        /// Which scaler, such as `cron`.
        public var type: String
        /// For messages and formulas; unique where given.
        public var name: String?
        /// The scaler's settings.
        public var metadata: [String: String]
        /// Whether the metrics API answers from the last poll however old.
        public var useCachedMetrics: Bool?
        /// Where more settings come from.
        public var authenticationRef: AuthenticationRef?
        /// `AverageValue` unless given, or `Value`; `Utilization` for cpu and memory only.
        public var metricType: String?

        /// Makes a trigger.
        public init(
            type: String,
            name: String? = nil,
            metadata: [String: String],
            useCachedMetrics: Bool? = nil,
            authenticationRef: AuthenticationRef? = nil,
            metricType: String? = nil
        ) {
            self.type = type
            self.name = name
            self.metadata = metadata
            self.useCachedMetrics = useCachedMetrics
            self.authenticationRef = authenticationRef
            self.metricType = metricType
        }
    }

    /// Names a TriggerAuthentication or a ClusterTriggerAuthentication.
    public struct AuthenticationRef: Codable, Sendable, Hashable {
        /// Its name.
        public var name: String
        /// `TriggerAuthentication` unless given.
        public var kind: String?

        /// Makes a reference.
        public init(name: String, kind: String? = nil) {
            self.name = name
            self.kind = kind
        }
    }
}
