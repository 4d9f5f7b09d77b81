import KubeClient
import KubeModel
import Scaling
import Synchronization
import TestKit
import Testing

@testable import Operator

@Suite struct FallbackFlowTests {
    /// A flow whose object has a fallback.
    static func flow(
        threshold: Int = 2,
        replicas: Int = 6,
        _ behavior: String? = nil,
        at now: Int = 0,
        _ change: (inout ScaledObject.Spec) -> Void = { _ in }
    ) async throws -> Flow {
        try await Flow(replicas: now) {
            $0.fallback = .init(failureThreshold: threshold, replicas: replicas, behavior: behavior)
            change(&$0)
        }
    }

    /// What the HPA would be told.
    static func told(_ flow: Flow, _ metric: String = "s0-prometheus") async throws -> [Quantity] {
        try await flow.metrics.readings(of: metric, for: Flow.key).map(\.value)
    }

    @Test func `past the threshold the fallback wakes the workload and speaks to the HPA, then ends`() async throws {
        let flow = try await Self.flow()
        try await flow.pass()
        flow.set(.down)
        try await flow.ticks(2)
        #expect(try await flow.replicas == 0)
        #expect(try await flow.status?.health?["s0-prometheus"] == .init(numberOfFailures: 2, status: .failing))
        #expect(try await flow.status?[.fallback]?.status == .no)
        await #expect(throws: MetricSourceError.self) { try await Self.told(flow) }
        try await flow.ticks(1)
        #expect(try await flow.replicas == 1)
        #expect(try await flow.status?[.fallback]?.reason == "FallbackExists")
        #expect(try await flow.status?[.ready]?.status == .yes)
        #expect(try await flow.status?[.active]?.status == .yes)
        #expect(try await Self.told(flow) == [Quantity(60)])
        flow.writes.withLock { $0 = [] }
        try await flow.ticks(5)
        #expect(flow.writes.withLock { $0 } == [])
        flow.set(.value(20))
        try await flow.ticks(1)
        #expect(try await flow.status?[.fallback]?.status == .no)
        #expect(try await Self.told(flow) == [Quantity(20)])
        #expect(
            flow.reasons.filter { [.fallbackActivated, .fallbackDeactivated].contains($0) }
                == [.fallbackActivated, .fallbackDeactivated]
        )
    }

    @Test func `a failure that is borne is told once`() async throws {
        let flow = try await Self.flow(threshold: 5)
        try await flow.pass()
        flow.set(.down)
        try await flow.ticks(4)
        #expect(flow.reasons.filter { $0 == .scalerFailed }.count == 1)
        #expect(try await flow.status?[.ready]?.status == .yes)
    }

    @Test(arguments: [
        ("currentReplicas", 3, 30), ("currentReplicasIfHigher", 3, 60), ("currentReplicasIfHigher", 9, 90),
        ("currentReplicasIfLower", 3, 30), ("currentReplicasIfLower", 9, 60), ("static", 9, 60),
    ])
    func `each behavior looks at the replicas there are`(behavior: String, now: Int, told: Int) async throws {
        let flow = try await Self.flow(threshold: 0, behavior, at: now) { $0.minReplicaCount = 1 }
        try await flow.pass()
        flow.set(.down)
        try await flow.ticks(1)
        #expect(try await Self.told(flow) == [Quantity(Int64(told))])
    }

    @Test func `questions of the HPA count as failures too, once for each read`() async throws {
        let flow = try await Self.flow(threshold: 2)
        try await flow.pass()
        flow.set(.down)
        try await flow.ticks(1)
        for _ in 0..<5 {
            // Answered from the failed read: nothing new is known.
            await #expect(throws: MetricSourceError.self) { try await Self.told(flow) }
        }
        #expect(flow.runtimes.withLock { $0[Flow.key]?.failures["s0-prometheus"] } == 1)
        flow.clock.advance(by: .seconds(10))
        await #expect(throws: MetricSourceError.self) { try await Self.told(flow) }
        flow.clock.advance(by: .seconds(10))
        #expect(try await Self.told(flow) == [Quantity(60)])
    }

    @Test func `stored readings do not end a fallback`() async throws {
        var trigger = Flow.prometheus
        trigger.useCachedMetrics = true
        let flow = try await Self.flow(threshold: 0) { $0.triggers = [trigger] }
        try await flow.pass()
        flow.set(.down)
        try await flow.ticks(1)
        for _ in 0..<3 {
            #expect(try await Self.told(flow) == [Quantity(60)])
            try await flow.pass()
            #expect(try await flow.status?[.fallback]?.status == .yes)
        }
    }

    @Test func `a restart goes on counting where the status left off`() async throws {
        let flow = try await Self.flow(threshold: 2)
        try await flow.pass()
        flow.set(.down)
        try await flow.ticks(2)
        flow.restart()
        // The trigger is built anew, which needs no source; its third failure in a row is the one.
        try await flow.pass()
        #expect(try await flow.status?[.fallback]?.status == .yes)
        #expect(try await flow.replicas == 1)
    }

    @Test func `a target of type Value without ready pods has no fallback`() async throws {
        var trigger = Flow.prometheus
        trigger.metricType = "Value"
        let flow = try await Self.flow(threshold: 0) { $0.triggers = [trigger] }
        try await flow.pass()
        flow.set(.down)
        try await flow.ticks(1)
        #expect(try await flow.replicas == 0)
        #expect(try await flow.status?[.ready]?.message?.contains("fallback is not possible") == true)
        await #expect(throws: MetricSourceError.self) { try await Self.told(flow) }
    }
}
