import Foundation
import KubeModel
import Scaling
import TestKit
import Testing

/// The rules against what a real controller did.
@Suite struct AutoscalerTraceTests {
    @Test func `the rules do what the real controller did, look by look`() throws {
        let traces = try AutoscalerTrace.all()
        #expect(traces.count == 50)
        for trace in traces {
            var replay = try AutoscalerReplay(trace, replicas: trace.looks.first?.from ?? 0)
            for (index, look) in trace.looks.enumerated() {
                // Somebody else sets the replicas only where the controller leaves them at 0.
                if replay.replicas == 0 { replay.replicas = look.from }
                #expect(replay.replicas == look.from, "seed \(trace.seed), look \(index)")
                let status = replay.look(look.read, at: AutoscalerTrace.began.addingTimeInterval(look.at))
                #expect(status == look.status, "seed \(trace.seed), look \(index)")
            }
        }
    }

    @Test(arguments: [
        "SucceededGetScale", "ReadyForNewScale", "ScaleUpStabilized", "ScaleDownStabilized", "SucceededRescale",
        "ValidMetricFound", "!FailedGetExternalMetric", "!ScalingDisabled", "!DesiredWithinRange", "ScaleUpLimit",
        "ScaleDownLimit", "TooManyReplicas", "TooFewReplicas",
    ])
    func `the traces come by every reason that needs no broken cluster`(reason: String) throws {
        let statuses = try AutoscalerTrace.all().flatMap(\.looks).map(\.status)
        #expect(statuses.contains { [$0.able, $0.active, $0.limited].contains(reason) })
    }

    @Test func `an HPA is read as the API server completes it`() throws {
        let spec = HPASpec(
            scaleTargetRef: CrossVersionObjectReference(apiVersion: "apps/v1", kind: "Deployment", name: "web"),
            minReplicas: nil,
            maxReplicas: 9,
            metrics: [
                .external(
                    .init(
                        metric: MetricIdentifier(name: "s0-m", selector: nil),
                        target: .averageValue(Quantity(milli: 2500))
                    )
                ),
                .external(.init(metric: MetricIdentifier(name: "s1-m", selector: nil), target: .value(Quantity(7)))),
                .resource(.init(name: "cpu", target: .utilization(60))),
                .containerResource(.init(name: "memory", container: "main", target: .averageValue(Quantity(1 << 20)))),
            ],
            behavior: HPABehavior(
                scaleUp: .init(
                    stabilizationWindowSeconds: 30,
                    selectPolicy: "Min",
                    policies: [.init(type: "Percent", value: 50, periodSeconds: 60)]
                ),
                scaleDown: .init(selectPolicy: "Disabled", tolerance: Quantity(milli: 50))
            )
        )
        var down = AutoscalerRules.defaultDown
        down.selection = .disabled
        down.tolerance = 0.05
        let expected = AutoscalerSpec(
            maxReplicas: 9,
            metrics: [
                .external(name: "s0-m", target: .averageValue(2500)), .external(name: "s1-m", target: .value(7000)),
                .resource(name: "cpu", target: .utilization(percent: 60)),
                .resource(name: "memory", container: "main", target: .averageValue(1_048_576_000)),
            ],
            behavior: AutoscalerBehavior(
                scaleUp: AutoscalerRules(stabilization: 30, policies: [.init(.percent(50), per: 60)], selection: .min),
                scaleDown: down
            )
        )
        #expect(try AutoscalerSpec(spec) == expected)
        var bare = spec
        bare.behavior = HPABehavior()
        #expect(try AutoscalerSpec(bare).behavior == AutoscalerBehavior())
        bare.behavior = nil
        #expect(try AutoscalerSpec(bare).behavior == nil)
        let broken: [JSONValue] = [
            ["type": "Pods"], ["type": "Resource", "resource": ["name": "cpu", "target": ["type": "Utilization"]]],
            ["type": "External", "external": ["metric": ["name": "m"], "target": ["type": "Value"]]],
        ]
        for metric in broken {
            bare.metrics = [try KubeJSON.decode(from: metric)]
            #expect(throws: AutoscalerFailure.self) { try AutoscalerSpec(bare) }
        }
    }
}
