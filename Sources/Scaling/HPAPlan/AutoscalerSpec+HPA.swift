internal import Foundation
public import KubeModel

extension AutoscalerSpec {
    /// An HPA of ours, as the rules of an autoscaler take it.
    ///
    /// - Parameter spec: with metrics of the kinds that ScaledObjects have: external ones, cpu and memory.
    public init(_ spec: HPASpec) {
        self.init(
            minReplicas: spec.minReplicas ?? 1,
            maxReplicas: spec.maxReplicas,
            metrics: (spec.metrics ?? []).compactMap(AutoscalerMetric.init),
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

extension AutoscalerMetric {
    /// A metric of an HPA of ours; `nil` for what no ScaledObject has.
    init?(_ metric: HPAMetric) {
        if let external = metric.external {
            guard let target = TotalTarget(external.target) else { return nil }
            self = .external(name: external.metric.name, target: target)
        } else if let resource = metric.resource {
            guard let target = PodTarget(resource.target) else { return nil }
            self = .resource(name: resource.name, target: target)
        } else if let resource = metric.containerResource {
            guard let target = PodTarget(resource.target) else { return nil }
            self = .resource(name: resource.name, container: resource.container, target: target)
        } else {
            return nil
        }
    }
}

extension AutoscalerMetric.TotalTarget {
    /// How much of a total is right.
    init?(_ target: MetricTarget) {
        if let average = target.averageValue {
            self = .averageValue(average.milli)
        } else if let value = target.value {
            self = .value(value.milli)
        } else {
            return nil
        }
    }
}

extension AutoscalerMetric.PodTarget {
    /// How much of each pod is right.
    init?(_ target: MetricTarget) {
        if let average = target.averageValue {
            self = .averageValue(average.milli)
        } else if let percent = target.averageUtilization {
            self = .utilization(percent: percent)
        } else {
            return nil
        }
    }
}

extension AutoscalerRules {
    /// One direction; what is left out comes from the defaults.
    init(_ rules: HPABehavior.ScalingRules?, default standard: AutoscalerRules) {
        self = standard
        guard let rules else { return }
        if let window = rules.stabilizationWindowSeconds { stabilization = TimeInterval(window) }
        if let policies = rules.policies, !policies.isEmpty {
            self.policies = policies.map {
                Policy($0.type == "Percent" ? .percent($0.value) : .pods($0.value), per: TimeInterval($0.periodSeconds))
            }
        }
        switch rules.selectPolicy {
        case "Min": selection = .min
        case "Disabled": selection = .disabled
        default: selection = .max
        }
        tolerance = rules.tolerance?.double
    }
}
