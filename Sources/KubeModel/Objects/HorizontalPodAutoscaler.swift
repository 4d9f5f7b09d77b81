/// The HorizontalPodAutoscaler as `autoscaling/v2` has it; `v2beta2` has the same fields under the same names.
public struct HorizontalPodAutoscaler: KubeResource, Hashable {
    /// `autoscaling/v2`, from Kubernetes 1.23 on.
    public static let resourceType = type(in: "v2")
    /// `autoscaling/v2beta2`, to Kubernetes 1.25.
    public static let betaResourceType = type(in: "v2beta2")

    /// `autoscaling/v2` or `autoscaling/v2beta2`.
    public var apiVersion: String?
    /// `HorizontalPodAutoscaler`.
    public var kind: String?
    /// See ``metadata``.
    @usableFromInline var sharedMetadata: SharedValue<ObjectMeta>
    /// See ``spec``.
    @usableFromInline var sharedSpec: SharedValue<HPASpec>
    /// See ``status``.
    @usableFromInline var sharedStatus: SharedValue<HPAStatus>?

    /// Name, namespace, owner and so on.
    @inlinable public var metadata: ObjectMeta {
        get { sharedMetadata.value }
        set { sharedMetadata = SharedValue(newValue) }
    }

    /// What is wanted.
    @inlinable public var spec: HPASpec {
        get { sharedSpec.value }
        set { sharedSpec = SharedValue(newValue) }
    }

    /// What the controller says.
    @inlinable public var status: HPAStatus? {
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

    /// Makes an HPA.
    public init(apiVersion: String, metadata: ObjectMeta, spec: HPASpec, status: HPAStatus? = nil) {
        self.apiVersion = apiVersion
        self.kind = "HorizontalPodAutoscaler"
        self.sharedMetadata = SharedValue(metadata)
        self.sharedSpec = SharedValue(spec)
        self.sharedStatus = status.map(SharedValue.init)
    }

    /// The type in one version of the group.
    private static func type(in version: String) -> ResourceType {
        ResourceType(
            GroupVersion("autoscaling", version),
            kind: "HorizontalPodAutoscaler",
            plural: "horizontalpodautoscalers"
        )
    }
}

/// What an HPA is to do.
public struct HPASpec: Codable, Sendable, Hashable {
    /// What it scales.
    public var scaleTargetRef: CrossVersionObjectReference
    /// At least 1 unless the cluster allows 0; absent means 1.
    public var minReplicas: Int?
    /// Pods at most.
    public var maxReplicas: Int
    /// Each gives a proposal; the largest wins.
    public var metrics: [HPAMetric]?
    /// How fast; absent means the controller's defaults.
    public var behavior: HPABehavior?

    /// Makes a spec.
    public init(
        scaleTargetRef: CrossVersionObjectReference,
        minReplicas: Int?,
        maxReplicas: Int,
        metrics: [HPAMetric],
        behavior: HPABehavior? = nil
    ) {
        self.scaleTargetRef = scaleTargetRef
        self.minReplicas = minReplicas
        self.maxReplicas = maxReplicas
        self.metrics = metrics
        self.behavior = behavior
    }
}

/// An object of the same namespace.
public struct CrossVersionObjectReference: Codable, Sendable, Hashable {
    /// Group and version; absent for the core group.
    public var apiVersion: String?
    /// Kind.
    public var kind: String
    /// Name.
    public var name: String

    /// Makes a reference.
    public init(apiVersion: String?, kind: String, name: String) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
    }
}

/// One metric of an HPA; exactly the member that `type` names is set.
public struct HPAMetric: Codable, Sendable, Hashable {
    /// `External`, `Resource`, `ContainerResource`, `Pods` or `Object`.
    public var type: String
    /// From the external metrics API.
    public var external: External?
    /// cpu or memory of whole pods.
    public var resource: PodResource?
    /// cpu or memory of one container of each pod.
    public var containerResource: ContainerResource?

    /// A metric of the external metrics API.
    public struct External: Codable, Sendable, Hashable {
        /// Which one.
        public var metric: MetricIdentifier
        /// How much of it is right.
        public var target: MetricTarget

        /// Makes a metric.
        public init(metric: MetricIdentifier, target: MetricTarget) {
            self.metric = metric
            self.target = target
        }
    }

    /// A resource of whole pods.
    public struct PodResource: Codable, Sendable, Hashable {
        /// `cpu` or `memory`.
        public var name: String
        /// How much of it is right.
        public var target: MetricTarget

        /// Makes a metric.
        public init(name: String, target: MetricTarget) {
            self.name = name
            self.target = target
        }
    }

    /// A resource of one container of each pod.
    public struct ContainerResource: Codable, Sendable, Hashable {
        /// `cpu` or `memory`.
        public var name: String
        /// Which container.
        public var container: String
        /// How much of it is right.
        public var target: MetricTarget

        /// Makes a metric.
        public init(name: String, container: String, target: MetricTarget) {
            self.name = name
            self.container = container
            self.target = target
        }
    }

    /// An external metric.
    public static func external(_ metric: External) -> HPAMetric {
        HPAMetric(type: "External", external: metric)
    }

    /// A resource metric.
    public static func resource(_ metric: PodResource) -> HPAMetric {
        HPAMetric(type: "Resource", resource: metric)
    }

    /// A resource metric of one container.
    public static func containerResource(_ metric: ContainerResource) -> HPAMetric {
        HPAMetric(type: "ContainerResource", containerResource: metric)
    }
}

/// A metric's name and what narrows it.
public struct MetricIdentifier: Codable, Sendable, Hashable {
    /// Such as `s0-postgresql`.
    public var name: String
    /// Passed on with each request for the metric.
    public var selector: LabelSelector?

    /// Makes an identifier.
    public init(name: String, selector: LabelSelector?) {
        self.name = name
        self.selector = selector
    }
}

/// How much of a metric is right; exactly the member that `type` names is set.
public struct MetricTarget: Codable, Sendable, Hashable {
    /// `Value`, `AverageValue` or `Utilization`.
    public var type: String
    /// In total.
    public var value: Quantity?
    /// A pod.
    public var averageValue: Quantity?
    /// Percent of what the pods request.
    public var averageUtilization: Int?

    /// So much in total.
    public static func value(_ value: Quantity) -> MetricTarget { MetricTarget(type: "Value", value: value) }

    /// So much a pod.
    public static func averageValue(_ value: Quantity) -> MetricTarget {
        MetricTarget(type: "AverageValue", averageValue: value)
    }

    /// So many percent of what the pods request.
    public static func utilization(_ percent: Int) -> MetricTarget {
        MetricTarget(type: "Utilization", averageUtilization: percent)
    }
}

/// How fast an HPA may move.
public struct HPABehavior: Codable, Sendable, Hashable {
    /// Out.
    public var scaleUp: ScalingRules?
    /// In.
    public var scaleDown: ScalingRules?

    /// One direction.
    public struct ScalingRules: Codable, Sendable, Hashable {
        /// 0 to 3600.
        public var stabilizationWindowSeconds: Int?
        /// `Max`, `Min` or `Disabled`.
        public var selectPolicy: String?
        /// Rates.
        public var policies: [Policy]?
        /// Allowed deviation, such as `0.05`; from Kubernetes 1.33 on.
        public var tolerance: Quantity?

        /// Makes rules.
        public init(
            stabilizationWindowSeconds: Int? = nil,
            selectPolicy: String? = nil,
            policies: [Policy]? = nil,
            tolerance: Quantity? = nil
        ) {
            self.stabilizationWindowSeconds = stabilizationWindowSeconds
            self.selectPolicy = selectPolicy
            self.policies = policies
            self.tolerance = tolerance
        }
    }

    /// One rate.
    public struct Policy: Codable, Sendable, Hashable {
        /// `Pods` or `Percent`.
        public var type: String
        /// So many pods, or percent of the pods.
        public var value: Int
        /// In so long, 1 to 1800.
        public var periodSeconds: Int

        /// Makes a rate.
        public init(type: String, value: Int, periodSeconds: Int) {
            self.type = type
            self.value = value
            self.periodSeconds = periodSeconds
        }
    }

    /// Makes a behavior.
    public init(scaleUp: ScalingRules? = nil, scaleDown: ScalingRules? = nil) {
        self.scaleUp = scaleUp
        self.scaleDown = scaleDown
    }

    /// With every absent field filled as the API server fills it, so that two can be compared.
    ///
    /// - Source: Kubernetes, `pkg/apis/autoscaling/v2/defaults.go`.
    public var withDefaults: HPABehavior {
        HPABehavior(
            scaleUp: Self.filled(
                scaleUp,
                window: 0,
                policies: [
                    Policy(type: "Pods", value: 4, periodSeconds: 15),
                    Policy(type: "Percent", value: 100, periodSeconds: 15),
                ]
            ),
            scaleDown: Self.filled(
                scaleDown,
                window: nil,
                policies: [Policy(type: "Percent", value: 100, periodSeconds: 15)]
            )
        )
    }

    /// One direction with its defaults.
    private static func filled(_ rules: ScalingRules?, window: Int?, policies: [Policy]) -> ScalingRules {
        var rules = rules ?? ScalingRules()
        rules.stabilizationWindowSeconds = rules.stabilizationWindowSeconds ?? window
        rules.selectPolicy = rules.selectPolicy ?? "Max"
        rules.policies = rules.policies ?? policies
        return rules
    }
}

/// What the HPA's controller says.
public struct HPAStatus: Codable, Sendable, Hashable {
    /// As the controller last saw them.
    public var currentReplicas: Int?
    /// As the controller last wanted them.
    public var desiredReplicas: Int?
    /// `AbleToScale`, `ScalingActive`, `ScalingLimited`.
    public var conditions: [Condition]?
    /// When the controller last changed the number.
    public var lastScaleTime: Timestamp?
    /// The metrics as the controller last read them.
    public var currentMetrics: JSONValue?
    /// The generation of the HPA that this is about.
    public var observedGeneration: Int64?

    /// One condition.
    public struct Condition: Codable, Sendable, Hashable {
        /// Which one.
        public var type: String
        /// `True`, `False` or `Unknown`.
        public var status: String
        /// For programs.
        public var reason: String?
        /// For people.
        public var message: String?
        /// When `status` last changed.
        public var lastTransitionTime: Timestamp?

        /// Makes a condition.
        public init(type: String, status: String, reason: String?, message: String?, lastTransitionTime: Timestamp?) {
            self.type = type
            self.status = status
            self.reason = reason
            self.message = message
            self.lastTransitionTime = lastTransitionTime
        }
    }

    /// Makes a status.
    public init(
        currentReplicas: Int? = nil,
        desiredReplicas: Int? = nil,
        conditions: [Condition]? = nil,
        lastScaleTime: Timestamp? = nil,
        currentMetrics: JSONValue? = nil,
        observedGeneration: Int64? = nil
    ) {
        self.currentReplicas = currentReplicas
        self.desiredReplicas = desiredReplicas
        self.conditions = conditions
        self.lastScaleTime = lastScaleTime
        self.currentMetrics = currentMetrics
        self.observedGeneration = observedGeneration
    }
}
