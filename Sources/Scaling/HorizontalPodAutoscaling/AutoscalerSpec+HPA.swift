import Foundation
public import KubeModel

extension AutoscalerSpec {
    /// Reads an HPA's spec as the API has it; what is left out is what the API server would fill in.
    ///
    /// - Throws: `AutoscalerFailure` for a type of metric that is not known here, or a target without its number.
    public init(_ spec: HPASpec) throws(AutoscalerFailure) {
        var metrics: [AutoscalerMetric] = []
        for metric in spec.metrics ?? [] { metrics.append(try AutoscalerMetric(metric)) }
        self.init(
            minReplicas: spec.minReplicas ?? 1,
            maxReplicas: spec.maxReplicas,
            metrics: metrics,
            behavior: spec.behavior
                .map {
                    AutoscalerBehavior(
                        scaleUp: AutoscalerRules($0.scaleUp, default: .defaultUp),
                        scaleDown: AutoscalerRules($0.scaleDown, default: .defaultDown)
                    )
                }
        )
    }
}

extension AutoscalerRules {
    /// One direction; what is left out comes from the defaults.
    fileprivate init(_ rules: HPABehavior.ScalingRules?, default standard: AutoscalerRules) {
        let selection: Selection =
            switch rules?.selectPolicy {
            case "Min": .min
            case "Disabled": .disabled
            default: .max
            }
        self.init(
            stabilization: rules?.stabilizationWindowSeconds.map(TimeInterval.init) ?? standard.stabilization,
            policies: rules?.policies?
                .map { policy in
                    let amount: Policy.Amount = policy.type == "Percent" ? .percent(policy.value) : .pods(policy.value)
                    return Policy(amount, per: TimeInterval(policy.periodSeconds))
                } ?? standard.policies,
            selection: selection,
            tolerance: rules?.tolerance?.double
        )
    }
}

extension AutoscalerMetric {
    /// One metric.
    fileprivate init(_ metric: HPAMetric) throws(AutoscalerFailure) {
        if let external = metric.external {
            self = .external(name: external.metric.name, target: try TotalTarget(external.target))
        } else if let resource = metric.resource {
            self = .resource(name: resource.name, target: try PodTarget(resource.target))
        } else if let resource = metric.containerResource {
            let target = try PodTarget(resource.target)
            self = .resource(name: resource.name, container: resource.container, target: target)
        } else {
            throw AutoscalerFailure("metrics of the type \(metric.type) are not supported")
        }
    }
}

extension AutoscalerMetric.TotalTarget {
    /// How much of a metric of the whole workload is right.
    fileprivate init(_ target: MetricTarget) throws(AutoscalerFailure) {
        if let average = target.averageValue {
            self = .averageValue(average.milli)
        } else if let value = target.value {
            self = .value(value.milli)
        } else {
            throw AutoscalerFailure("a target of the type \(target.type) has neither a value nor an average")
        }
    }
}

extension AutoscalerMetric.PodTarget {
    /// How much of a metric of single pods is right.
    fileprivate init(_ target: MetricTarget) throws(AutoscalerFailure) {
        if let average = target.averageValue {
            self = .averageValue(average.milli)
        } else if let percent = target.averageUtilization {
            self = .utilization(percent: percent)
        } else {
            throw AutoscalerFailure("a target of the type \(target.type) has neither an average nor a percentage")
        }
    }
}
