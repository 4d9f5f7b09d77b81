import KubeModel
import Testing

@testable import Scaling

@Suite struct AutoscalerSpecTests {
    /// An HPA with these metrics.
    static func spec(_ metrics: [HPAMetric], _ behavior: HPABehavior? = nil) -> AutoscalerSpec {
        AutoscalerSpec(
            HPASpec(
                scaleTargetRef: CrossVersionObjectReference(apiVersion: "apps/v1", kind: "Deployment", name: "web"),
                minReplicas: 2,
                maxReplicas: 9,
                metrics: metrics,
                behavior: behavior
            )
        )
    }

    @Test func `bounds and metrics of every kind that ScaledObjects have`() {
        let spec = Self.spec([
            HPAPlan.external("s0-x", target: .averageValue(Quantity(milli: 2500)), of: "web"),
            HPAPlan.external("s1-x", target: .value(Quantity(7)), of: "web"),
            .resource(.init(name: "cpu", target: .utilization(80))),
            .containerResource(.init(name: "memory", container: "app", target: .averageValue(Quantity(1)))),
        ])
        #expect(spec.minReplicas == 2 && spec.maxReplicas == 9 && spec.behavior == nil)
        #expect(
            spec.metrics == [
                .external(name: "s0-x", target: .averageValue(2500)), .external(name: "s1-x", target: .value(7000)),
                .resource(name: "cpu", target: .utilization(percent: 80)),
                .resource(name: "memory", container: "app", target: .averageValue(1000)),
            ]
        )
    }

    @Test func `a behavior keeps Kubernetes' defaults where it says nothing`() {
        let down = HPABehavior.ScalingRules(
            stabilizationWindowSeconds: 60,
            selectPolicy: "Min",
            policies: [
                .init(type: "Percent", value: 10, periodSeconds: 30), .init(type: "Pods", value: 2, periodSeconds: 5),
            ]
        )
        let behavior = Self.spec([], HPABehavior(scaleDown: down)).behavior
        #expect(behavior?.scaleUp == .defaultUp)
        #expect(
            behavior?.scaleDown
                == AutoscalerRules(
                    stabilization: 60,
                    policies: [.init(.percent(10), per: 30), .init(.pods(2), per: 5)],
                    selection: .min
                )
        )
        let off = HPABehavior(scaleUp: HPABehavior.ScalingRules(selectPolicy: "Disabled"))
        #expect(Self.spec([], off).behavior?.scaleUp.selection == .disabled)
    }
}
