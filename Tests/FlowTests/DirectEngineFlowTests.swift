import Foundation
import KubeClient
import KubeModel
import Scaling
import Synchronization
import TestKit
import Testing

@testable import Operator

@Suite struct DirectEngineFlowTests {
    /// An object that asks for the direct engine.
    static func flow(
        replicas: Int = 0,
        triggers: [ScaledObject.Trigger] = [Flow.prometheus],
        _ change: (inout ScaledObject.Spec) -> Void = { _ in }
    ) async throws -> Flow {
        let flow = try await Flow(replicas: replicas, triggers: triggers, change)
        try await flow.annotate(ScalingEngine.annotation, "direct")
        flow.writes.withLock { $0 = [] }
        return flow
    }

    @Test func `from zero to what is wanted in one write, and no HPA at all`() async throws {
        let flow = try await Self.flow()
        flow.set(.value(75))
        try await flow.pass()
        #expect(try await flow.replicas == 8)
        #expect(try await flow.hpa == nil)
        #expect(flow.writes.withLock { $0 }.filter { $0.hasSuffix("/scale") }.count == 1)
        #expect(try await flow.status?[.ready]?.status == .yes)
        #expect(flow.reasons.contains(.activated))
    }

    @Test func `awake it follows the metrics, and says so`() async throws {
        let flow = try await Self.flow()
        flow.set(.value(20))
        try await flow.pass()
        #expect(try await flow.replicas == 2)
        flow.set(.value(35))
        try await flow.ticks(1)
        #expect(try await flow.replicas == 4)
        #expect(flow.reasons.last == .rescaled)
        flow.set(.value(10))
        try await flow.ticks(3)
        #expect(try await flow.replicas == 4, "what was asked for in the last 5 minutes holds it back")
    }

    @Test func `nothing is written while nothing changes`() async throws {
        let flow = try await Self.flow()
        flow.set(.value(35))
        try await flow.pass()
        try await flow.ticks(2)
        flow.writes.withLock { $0 = [] }
        try await flow.ticks(20)
        #expect(flow.writes.withLock { $0 } == [])
    }

    @Test func `it looks every 15 s at least`() async throws {
        let flow = try await Self.flow { $0.pollingInterval = 60 }
        flow.set(.value(35))
        let wait = try await flow.pass()
        #expect(try #require(wait) <= .seconds(15))
    }

    @Test func `an HPA that was there goes before the first write, and comes back with the annotation gone`()
        async throws
    {
        let flow = try await Flow()
        flow.set(.value(35))
        try await flow.pass()
        try await flow.ticks(1)
        #expect(try await flow.hpa != nil)
        try await flow.annotate(ScalingEngine.annotation, "direct")
        flow.writes.withLock { $0 = [] }
        try await flow.pass()
        #expect(try await flow.hpa == nil)
        #expect(try await flow.status?.hpaName == nil)
        #expect(try await flow.status?[.hpaActive]?.reason == "DirectEngine")
        let writes = flow.writes.withLock { $0 }
        let deleted = writes.firstIndex { $0.hasPrefix("DELETE ") }
        let scaled = writes.firstIndex { $0.hasSuffix("/scale") }
        #expect(try #require(deleted) < (scaled ?? .max), "\(writes)")
        #expect(try await flow.replicas == 4)
        try await flow.annotate(ScalingEngine.annotation, nil)
        try await flow.pass()
        #expect(try await flow.hpa != nil)
        #expect(try await flow.replicas == 4, "no step in replicas")
        #expect(try await flow.status?.hpaName == "keda-hpa-web")
    }

    @Test func `a restart scales nothing in that would have stayed`() async throws {
        let flow = try await Self.flow()
        flow.set(.value(50))
        try await flow.pass()
        #expect(try await flow.replicas == 5)
        flow.restart()
        flow.set(.value(10))
        try await flow.pass()
        try await flow.ticks(2)
        #expect(try await flow.replicas == 5)
    }

    @Test func `a source that fails takes nothing away, and a target of type Value looks at the pods`() async throws {
        var trigger = Flow.prometheus
        trigger.metricType = "Value"
        let flow = try await Self.flow(triggers: [trigger])
        flow.set(.value(30))
        try await flow.pass()
        #expect(try await flow.replicas == 3)
        flow.set(.down)
        try await flow.ticks(3)
        #expect(try await flow.replicas == 3)
        #expect(try await flow.status?[.ready]?.status != .yes)
    }

    @Test func `the record says who decides`() async throws {
        let flow = try await Self.flow()
        flow.set(.value(75))
        try await flow.pass()
        let runtime = try #require(flow.runtimes.withLock { $0 }[Flow.key])
        let record = try #require(DecisionReport(of: Flow.key, runtime.log).entries.last).decision
        #expect(record.engine == "direct" && record.result.replicas == 8)
    }

    @Test(arguments: [("x", "must be \"hpa\" or \"direct\""), ("Direct", "must be \"hpa\" or \"direct\"")])
    func `an engine that there is not is told, and replicas stay`(text: String, message: String) async throws {
        let flow = try await Self.flow(replicas: 2)
        try await flow.annotate(ScalingEngine.annotation, text)
        flow.set(.value(75))
        try await flow.pass()
        #expect(try await flow.status?[.ready]?.message?.contains(message) == true)
        #expect(try await flow.replicas == 2)
    }
}
