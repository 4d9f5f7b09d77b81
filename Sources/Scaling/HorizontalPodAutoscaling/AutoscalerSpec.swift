public import Foundation

/// What a HorizontalPodAutoscaler wants: the bounds, the metrics and how fast it may move.
///
/// It holds resolved values (milli-units, seconds, defaults applied), not the API object.
///
/// - Source: Kubernetes `autoscaling/v2`, `HorizontalPodAutoscalerSpec`.
public struct AutoscalerSpec: Hashable, Sendable {
    /// Fewest replicas; 1 where the object says nothing.
    public var minReplicas: Int

    /// Most replicas.
    public var maxReplicas: Int

    /// The metrics; the largest proposal wins.
    public var metrics: [AutoscalerMetric]

    /// The rules for speed, or nil if the object has none, which brings the older, fixed limits.
    public var behavior: AutoscalerBehavior?

    /// Makes a spec.
    public init(
        minReplicas: Int = 1,
        maxReplicas: Int,
        metrics: [AutoscalerMetric],
        behavior: AutoscalerBehavior? = nil
    ) {
        self.minReplicas = minReplicas
        self.maxReplicas = maxReplicas
        self.metrics = metrics
        self.behavior = behavior
    }
}

/// The flags of the controller, the same for all its autoscalers.
///
/// - Source: kube-controller-manager, `--horizontal-pod-autoscaler-…`.
public struct AutoscalerSettings: Hashable, Sendable {
    /// How far a usage ratio may be from 1 before anything is done, unless `behavior` says otherwise.
    public var tolerance: Double

    /// For how long the highest recommendation holds a scale-down back, unless `behavior` says otherwise.
    public var downscaleStabilization: TimeInterval

    /// How long after its start a pod's CPU samples are distrusted.
    public var cpuInitializationPeriod: TimeInterval

    /// How long after its start a pod that has been unready all along counts as never having been ready.
    public var initialReadinessDelay: TimeInterval

    /// Whether the autoscaler may go to 0 and wake again what it put to sleep (feature gate `HPAScaleToZero`).
    public var scalesToZero: Bool

    /// Over how many seconds the fixed limit on growth counts that holds without a `behavior`.
    ///
    /// Kubernetes counts it per pass, and so do 0 seconds; who looks more often than every 15 s gives 15.
    public var upscaleLimitPeriod: TimeInterval = 0

    /// Makes settings, with Kubernetes' defaults.
    public init(
        tolerance: Double = 0.1,
        downscaleStabilization: TimeInterval = 300,
        cpuInitializationPeriod: TimeInterval = 300,
        initialReadinessDelay: TimeInterval = 30,
        scalesToZero: Bool = false
    ) {
        self.tolerance = tolerance
        self.downscaleStabilization = downscaleStabilization
        self.cpuInitializationPeriod = cpuInitializationPeriod
        self.initialReadinessDelay = initialReadinessDelay
        self.scalesToZero = scalesToZero
    }
}
