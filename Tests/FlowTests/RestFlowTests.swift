import KubeClient
import KubeModel
import Scaling
import Synchronization
import TestKit
import Testing

@testable import Operator

/// A target that sleeps while its source says the same.
@Suite struct RestFlowTests {
    /// A flow that has slept for some polls, so that nothing is left to do, and nothing is looked at.
    static func resting(
        triggers: [ScaledObject.Trigger] = [Flow.prometheus],
        _ change: (inout ScaledObject.Spec) -> Void = { _ in }
    ) async throws -> Flow {
        let flow = try await Flow(replicas: 0, triggers: triggers, change)
        flow.set(.value(0))
        try await flow.ticks(4)
        flow.looks.withLock { $0 = 0 }
        flow.writes.withLock { $0 = [] }
        try await flow.ticks(1)
        try #require(flow.looks.withLock { $0 } == 0)
        try #require(flow.writes.withLock { $0 }.isEmpty)
        return flow
    }

    /// What the object's last polls came to.
    static func entries(_ flow: Flow) -> [DecisionLog.Entry] {
        flow.runtimes.withLock { $0[Flow.key] }?.log.entries ?? []
    }

    @Test func `a poll that finds the same is noted, and nothing else is looked at`() async throws {
        let flow = try await Self.resting()
        let former = try #require(Self.entries(flow).last)
        let asked = flow.questions.withLock { $0 }
        try await flow.ticks(3)
        let last = try #require(Self.entries(flow).last)
        #expect(flow.questions.withLock { $0 } == asked + 3)
        #expect(last.count == former.count + 3 && last.first == former.first)
        #expect(last.evaluation.time == flow.clock.now)
        #expect(last.evaluation.triggers.map(\.readAt) == [MicroTimestamp(flow.clock.now)])
        #expect(flow.looks.withLock { $0 } == 0)
        #expect(flow.writes.withLock { $0 }.isEmpty)
    }

    @Test func `it wakes at once`() async throws {
        let flow = try await Self.resting()
        flow.set(.value(25))
        try await flow.ticks(1)
        #expect(try await flow.replicas == 1)
        #expect(try await flow.status?[.active]?.status == .yes)
    }

    @Test func `another number that wants nothing is told of`() async throws {
        let flow = try await Self.resting(triggers: [
            ScaledObject.Trigger(
                type: "prometheus",
                metadata: [
                    "serverAddress": "http://p:9090", "query": "x", "threshold": "10", "activationThreshold": "5",
                ]
            )
        ])
        flow.set(.value(3))
        try await flow.ticks(1)
        #expect(Self.entries(flow).last?.evaluation.triggers.first?.metrics.first?.value == 3)
        #expect(try await flow.replicas == 0)
    }

    @Test func `an HPA that somebody deletes is made again, though it is refused first`() async throws {
        let flow = try await Self.resting()
        try await flow.client.delete(HorizontalPodAutoscaler.resourceType, Flow.hpaKey)
        flow.refusals.withLock { $0 = [("horizontalpodautoscalers", 403)] }
        try await flow.ticks(1)
        #expect(try await flow.hpa == nil)
        #expect(try await flow.status?[.ready]?.status == .no)
        for _ in 0..<4 { try await flow.ticks(1) }
        #expect(try await flow.hpa != nil)
        #expect(try await flow.status?[.ready]?.status == .yes)
    }

    @Test func `an HPA that the watch has never shown is made again, too`() async throws {
        let flow = try await Flow(replicas: 0)
        flow.hidesHPAs.withLock { $0 = true }
        flow.set(.value(0))
        // Longer than what we wrote is believed rather than the watch.
        try await flow.ticks(6)
        try await flow.client.delete(HorizontalPodAutoscaler.resourceType, Flow.hpaKey)
        try await flow.ticks(4)
        #expect(try await flow.hpa != nil)
    }

    @Test func `without an HPA it rests as well, until somebody makes one`() async throws {
        let flow = try await Flow(replicas: 0)
        try await flow.annotate(ScalingEngine.annotation, "direct")
        flow.set(.value(0))
        try await flow.ticks(4)
        flow.looks.withLock { $0 = 0 }
        try await flow.ticks(1)
        #expect(flow.looks.withLock { $0 } == 0)
        try await flow.annotate(ScalingEngine.annotation, nil)
        try await flow.ticks(1)
        #expect(try await flow.hpa != nil)
    }

    @Test func `a status that somebody else writes is put right`() async throws {
        let flow = try await Self.resting()
        _ = try await flow.client.patch(
            ScaledObject.self,
            Flow.key,
            subresource: "status",
            with: ["status": ["hpaName": "another"]]
        )
        try await flow.ticks(1)
        #expect(try await flow.status?.hpaName == "keda-hpa-web")
    }

    @Test func `replicas that somebody sets are taken down again`() async throws {
        let flow = try await Self.resting { $0.cooldownPeriod = 10 }
        try await flow.scale(to: 2)
        try await flow.ticks(3)
        #expect(try await flow.replicas == 0)
    }

    @Test func `a source that fails is told of, and so is its return`() async throws {
        let flow = try await Self.resting()
        flow.set(.down)
        try await flow.ticks(1)
        #expect(try await flow.status?[.ready]?.status == .no)
        #expect(Self.entries(flow).last?.evaluation.seen.hasFailure == true)
        flow.set(.value(0))
        try await flow.ticks(1)
        #expect(try await flow.status?[.ready]?.status == .yes)
        #expect(Self.entries(flow).map(\.evaluation.seen.hasFailure).suffix(2) == [true, false])
    }

    @Test func `a second master of the workload is told of`() async throws {
        let flow = try await Self.resting()
        flow.events.withLock { $0 = [] }
        flow.neighbours.withLock { $0 = [SpecProblem("spec.scaleTargetRef", "is another's, too")] }
        try await flow.ticks(1)
        #expect(flow.events.withLock { $0.contains { $0.note.contains("another's") } })
        #expect(flow.looks.withLock { $0 } == 0)
    }

    @Test func `an annotation that forces activation wakes it`() async throws {
        let flow = try await Self.resting()
        try await flow.annotate(ObjectControls.forceActivation, "true")
        try await flow.ticks(1)
        #expect(try await flow.replicas == 1)
    }

    @Test func `a formula is worked out at each poll: it may ask for the time`() async throws {
        let flow = try await Flow(replicas: 0, triggers: [Flow.trigger("x", name: "jobs")]) { spec in
            spec.advanced = ScaledObject.Advanced(
                scalingModifiers: ScaledObject.ScalingModifiers(formula: "jobs + 0", target: "10")
            )
        }
        flow.set(.value(0))
        try await flow.ticks(4)
        flow.looks.withLock { $0 = 0 }
        try await flow.ticks(1)
        #expect(flow.looks.withLock { $0 } > 0)
    }
}
