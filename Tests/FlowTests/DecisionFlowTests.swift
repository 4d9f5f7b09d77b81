import Foundation
import KubeClient
import KubeModel
import Scaling
import Synchronization
import TestKit
import Testing

@testable import Operator

@Suite struct DecisionFlowTests {
    /// What is told of the object's last decision.
    static func last(_ flow: Flow) throws -> DecisionRecord {
        let runtime = try #require(flow.runtimes.withLock { $0 }[Flow.key])
        return try #require(DecisionReport(of: Flow.key, runtime.log).entries.last).decision
    }

    @Test func `each poll leaves what was read, what came of it, and what the HPA was told`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        var record = try Self.last(flow)
        #expect(record.replicas == 0 && record.result.reason == "activated" && record.result.replicas == 1)
        #expect(
            record.triggers.map(\.metrics) == [
                [MetricRecord(name: "s0-prometheus", value: 25, target: .averageValue(Quantity(10)))]
            ]
        )
        #expect(record.triggers[0].readAt?.date == flow.clock.now)
        try await flow.ticks(1)
        record = try Self.last(flow)
        #expect(record.replicas == 1 && record.result.reason == "active")
        #expect(record.autoscaler?.replicas == 3 && record.autoscaler?.winner == "s0-prometheus")
    }

    @Test func `equal polls are one entry, and a failure is another`() async throws {
        let flow = try await Flow()
        try await flow.pass()
        try await flow.ticks(4)
        flow.set(.down)
        try await flow.ticks(1)
        let runtime = try #require(flow.runtimes.withLock { $0 }[Flow.key])
        let report = DecisionReport(of: Flow.key, runtime.log)
        #expect(report.entries.last?.decision.result.reason == "unknown")
        #expect(report.entries.last?.decision.triggers[0].failure?.contains("trigger 0 (prometheus)") == true)
        #expect(report.entries.first.map { $0.count >= 4 } == true, "\(report.entries.map(\.count))")
    }

    @Test func `a formula's result is told beside what it was made of`() async throws {
        let flow = try await Flow(triggers: [
            ScaledObject.Trigger(
                type: "prometheus",
                name: "load",
                metadata: [
                    "serverAddress": "http://p:9090", "query": "x", "threshold": "10",
                ]
            )
        ]) { spec in
            spec.advanced = ScaledObject.Advanced(
                scalingModifiers: ScaledObject.ScalingModifiers(formula: "load * 2", target: "5")
            )
        }
        flow.set(.value(15))
        try await flow.pass()
        let record = try Self.last(flow)
        #expect(record.composite?.metric.value == 30 && record.composite?.isActive == true)
        #expect(record.triggers[0].metrics[0].value == 15)
    }

    @Test func `the next generation goes on with what was known`() async throws {
        let flow = try await Flow()
        try await flow.pass()
        _ = try await flow.client.patch(ScaledObject.self, Flow.key, with: ["spec": ["maxReplicaCount": 7]])
        try await flow.pass()
        let runtime = try #require(flow.runtimes.withLock { $0 }[Flow.key])
        #expect(runtime.log.entries.count == 2)
    }
}
