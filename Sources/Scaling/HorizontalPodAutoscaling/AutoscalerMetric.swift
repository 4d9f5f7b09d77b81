/// One metric of an autoscaler and how much of it is right, in milli-units.
public enum AutoscalerMetric: Hashable, Sendable {
    /// A metric of the external metrics API, as each trigger of KEDA is.
    case external(name: String, target: TotalTarget)

    /// A metric that describes one object, such as an Ingress.
    case object(name: String, target: TotalTarget)

    /// A custom metric of each pod, with the average that is right.
    case pods(name: String, averageValue: Int64)

    /// `cpu` or `memory` of each pod, or of one container of each pod.
    case resource(name: String, container: String? = nil, target: PodTarget)

    /// How much of a metric of the whole workload is right.
    public enum TotalTarget: Hashable, Sendable {
        /// So much in all.
        case value(Int64)
        /// So much for each pod; the pods' number is divided out.
        case averageValue(Int64)
    }

    /// How much of a metric of single pods is right.
    public enum PodTarget: Hashable, Sendable {
        /// So much on average.
        case averageValue(Int64)
        /// So many percent of what the pods request.
        case utilization(percent: Int)
    }

    /// Whether the metric exists without pods, so that it can wake a workload that is at 0.
    var existsWithoutPods: Bool {
        switch self {
        case .external, .object: true
        case .pods, .resource: false
        }
    }

    /// The metric's name in messages.
    var label: String {
        switch self {
        case .external(let name, _): "external metric \(name)"
        case .object(let name, _): "object metric \(name)"
        case .pods(let name, _): "pods metric \(name)"
        case .resource(let name, nil, _): "resource \(name)"
        case .resource(let name, let container?, _): "resource \(name) of container \(container)"
        }
    }

    /// The reason that the condition ScalingActive carries when this metric fails.
    var failureReason: String {
        switch self {
        case .external: "FailedGetExternalMetric"
        case .object: "FailedGetObjectMetric"
        case .pods: "FailedGetPodsMetric"
        case .resource(_, nil, _): "FailedGetResourceMetric"
        case .resource: "FailedGetContainerResourceMetric"
        }
    }
}
