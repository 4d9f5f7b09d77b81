/// What one pod uses at present, as the API `metrics.k8s.io` tells it.
///
/// - Source: Kubernetes, `metrics/pkg/apis/metrics/v1beta1/types.go`.
public struct PodMetrics: KubeResource, Hashable {
    /// `metrics.k8s.io/v1beta1` PodMetrics, which is called `pods` there.
    public static let resourceType = ResourceType(
        GroupVersion("metrics.k8s.io", "v1beta1"),
        kind: "PodMetrics",
        plural: "pods"
    )
    /// The pod's name and namespace.
    public var metadata: ObjectMeta
    /// The end of the time over which it was measured.
    public var timestamp: Timestamp
    /// The length of that time as Go writes durations, such as `30s`.
    public var window: String
    /// What its containers use; one that has just started may be missing.
    public var containers: [Container]

    /// What one container uses.
    public struct Container: Codable, Sendable, Hashable {
        /// The container's name.
        public var name: String
        /// By resource: `cpu` in cores, `memory` in bytes.
        public var usage: [String: Quantity]
    }
}
