import KubeClient
import KubeModel
import Scaling
import Synchronization
import TestKit
import Testing

@testable import Operator

@Suite struct ModifiersFlowTests {
    /// A flow with two named triggers and a formula.
    static func flow(
        _ formula: String = "one + two",
        target: String = "10",
        activation: String? = nil,
        _ change: (inout ScaledObject.Spec) -> Void = { _ in }
    ) async throws -> Flow {
        try await Flow(triggers: [Flow.trigger("one", name: "one"), Flow.trigger("two", name: "two")]) {
            $0.advanced = .init(
                scalingModifiers: .init(formula: formula, target: target, activationTarget: activation)
            )
            change(&$0)
        }
    }

    /// What the HPA would be told, whatever it asks for.
    static func told(_ flow: Flow, _ metric: String = Composite.metricName) async throws -> [Quantity] {
        try await flow.metrics.readings(of: metric, for: Flow.key).map(\.value)
    }

    @Test func `one metric takes the place of all, and the formula says what wakes`() async throws {
        let flow = try await Self.flow(activation: "5")
        flow.set(.value(2), of: "one")
        flow.set(.value(3), of: "two")
        try await flow.pass()
        #expect(try await flow.replicas == 0)
        let metric = try #require(try await flow.hpa?.spec.metrics?.first?.external)
        #expect(try await flow.hpa?.spec.metrics?.count == 1)
        #expect(metric.metric.name == "composite-metric")
        #expect(metric.target == .averageValue(Quantity(10)))
        let status = try #require(try await flow.status)
        #expect(status.compositeScalerName == "composite-metric")
        #expect(status.externalMetricNames == ["s0-prometheus", "s1-prometheus"])
        #expect(status[.active]?.status == .no)
        flow.set(.value(3.25), of: "two")
        try await flow.ticks(1)
        #expect(try await flow.replicas == 1)
        #expect(flow.events.withLock { $0.contains { $0.note.hasSuffix("triggered by composite-metric") } })
        #expect(try await Self.told(flow) == [Quantity(milli: 5250)])
        #expect(try await Self.told(flow, "s0-prometheus") == [Quantity(milli: 5250)])
    }

    @Test func `resources stay in the HPA beside the composite, and targets may be left out`() async throws {
        var bare = Flow.trigger("two", name: "two")
        bare.type = "postgresql"
        bare.metadata = ["query": "x", "connectionFromEnv": "C"]
        let flow = try await Self.flow { $0.triggers[1] = bare }
        try await flow.pass()
        // The database is not there, so nothing is known; the composite's metric is there all the same.
        #expect(try await flow.hpa?.spec.metrics?.compactMap(\.external?.metric.name) == ["composite-metric"])
    }

    @Test func `a formula that fails is unknown, not inactive`() async throws {
        let flow = try await Self.flow("one / two")
        flow.set(.value(1))
        try await flow.pass()
        #expect(try await flow.replicas == 1)
        flow.set(.value(0))
        try await flow.ticks(20)
        #expect(try await flow.replicas == 1)
        let ready = try await flow.status?[.ready]
        #expect(ready?.reason == "TriggerError")
        #expect(ready?.message?.contains("scalingModifiers") == true)
        #expect(flow.reasons.contains(.metricSourceFailed))
        await #expect(throws: MetricSourceError.self) { try await Self.told(flow) }
    }

    @Test func `a trigger that fails makes the whole unknown`() async throws {
        let flow = try await Self.flow()
        flow.set(.value(50), of: "one")
        flow.set(.down, of: "two")
        try await flow.pass()
        #expect(try await flow.replicas == 0)
        #expect(try await flow.status?[.active]?.status == .unknown)
        await #expect(throws: MetricSourceError.self) { try await Self.told(flow) }
    }

    @Test func `an ordinary fallback of one trigger stands in for the composite`() async throws {
        let flow = try await Self.flow(target: "4") { $0.fallback = .init(failureThreshold: 0, replicas: 3) }
        flow.set(.value(50), of: "one")
        try await flow.pass()
        flow.set(.down, of: "two")
        try await flow.ticks(1)
        #expect(try await flow.status?[.fallback]?.status == .yes)
        #expect(try await Self.told(flow) == [Quantity(12)])
    }

    @Test(arguments: [("one + (two ?? 7)", 57), ("two ?? nil", 12)])
    func `past the threshold a trigger is nil in the formula, and a nil result is the fallback`(
        formula: String,
        expected: Int
    ) async throws {
        let flow = try await Self.flow(formula, target: "4") {
            $0.fallback = .init(failureThreshold: 1, replicas: 3, behavior: "scalingModifiers")
        }
        flow.set(.value(50), of: "one")
        try await flow.pass()
        flow.set(.down, of: "two")
        try await flow.ticks(1)
        await #expect(throws: MetricSourceError.self) { try await Self.told(flow) }
        try await flow.ticks(1)
        #expect(try await Self.told(flow) == [Quantity(Int64(expected))])
        #expect(try await flow.status?[.fallback]?.status == .yes)
        #expect(try await flow.status?[.active]?.status == .yes)
    }

    @Test func `a formula that makes no sense is told, and replicas and HPA stay`() async throws {
        let flow = try await Self.flow()
        flow.set(.value(50))
        try await flow.pass()
        let modifiers: JSONValue = ["scalingModifiers": ["formula": "one + three"]]
        _ = try await flow.client.patch(ScaledObject.self, Flow.key, with: ["spec": ["advanced": modifiers]])
        try await flow.pass()
        let ready = try await flow.status?[.ready]
        #expect(ready?.reason == "ScaledObjectCheckFailed")
        #expect(ready?.message?.contains("scalingModifiers") == true)
        #expect(try await flow.hpa != nil)
        #expect(try await flow.replicas == 1)
    }
}
