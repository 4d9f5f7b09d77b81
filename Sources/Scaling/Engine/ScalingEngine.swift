/// Who moves a workload between its bounds while it is awake.
public enum ScalingEngine: String, Sendable, Hashable, CaseIterable {
    /// Kubernetes' HorizontalPodAutoscaler, which asks us through the external metrics API.
    case hpa
    /// Swell itself, by the HPA's own algorithm: no HPA, no second loop.
    case direct

    /// The annotation that chooses for one object.
    public static let annotation = "autoscaling.swell.dev/engine"

    /// The longest time between two evaluations by ``direct``: the HPA controller's own.
    public static let longestWait = Duration.seconds(15)
}
