import KubeClient
import KubeModel
import Scaling
import Synchronization
import TestKit
import Testing

@testable import Operator

@Suite struct DeletionFlowTests {
    /// What stands in the way of an object that wants its replicas back.
    enum Obstacle: CaseIterable {
        case targetGone, kindGone, targetRefuses, neverTold, hpaRefused
    }

    /// An object that has been scaled from 4 to 0 and wants its 4 back.
    func scaled(_ change: (inout ScaledObject.Spec) -> Void = { _ in }) async throws -> Flow {
        let flow = try await Flow(replicas: 4) {
            $0.advanced = .init(restoreToOriginalReplicaCount: true)
            $0.cooldownPeriod = 0
            change(&$0)
        }
        try await flow.pass()
        try await flow.ticks(1)
        #expect(try await flow.replicas == 0)
        return flow
    }

    /// Whether the ScaledObject is still there.
    func isThere(_ flow: Flow) async throws -> Bool {
        try await flow.client.find(ScaledObject.self, Flow.key) != nil
    }

    @Test(arguments: Obstacle.allCases)
    func `nothing that happens to the target or the HPA holds an object up`(obstacle: Obstacle) async throws {
        let flow = try await scaled()
        switch obstacle {
        case .targetGone:
            try await flow.client.delete(Flow.deployments, Flow.key)
        case .kindGone:
            let gone: JSONValue = ["apiVersion": "gone.example.com/v1", "kind": "Rollout"]
            _ = try await flow.client.patch(ScaledObject.self, Flow.key, with: ["spec": ["scaleTargetRef": gone]])
        case .targetRefuses:
            flow.refusals.withLock { $0 = [("/scale", 403)] }
        case .neverTold:
            _ = try await flow.client.patch(
                ScaledObject.self,
                Flow.key,
                subresource: "status",
                with: ["status": ["originalReplicaCount": .null]]
            )
        case .hpaRefused:
            try await flow.client.delete(HorizontalPodAutoscaler.resourceType, Flow.hpaKey)
            flow.refusals.withLock { $0 = [("/horizontalpodautoscalers", 403)] }
            try await flow.pass()
        }
        try await flow.client.delete(ScaledObject.resourceType, Flow.key)
        try await flow.pass()
        #expect(try await !isThere(flow))
        let note = try #require(flow.events.withLock { $0.last?.note })
        let isRestored = obstacle == .neverTold || obstacle == .hpaRefused
        #expect((note == "ScaledObject was deleted") == isRestored)
        #expect(note.hasPrefix("ScaledObject was deleted"))
    }

    @Test func `a target that never answers holds an object up for ten seconds`() async throws {
        let flow = try await scaled()
        flow.silences.withLock { $0 = ["/scale"] }
        try await flow.client.delete(ScaledObject.resourceType, Flow.key)
        async let pass: Duration? = flow.pass()
        try await flow.clock.waitForSleepers(1)
        flow.clock.advance(by: .seconds(10))
        _ = try await pass
        #expect(try await !isThere(flow))
    }

    @Test func `a target that changes meanwhile gets its replicas back all the same`() async throws {
        let flow = try await scaled()
        try await flow.client.delete(ScaledObject.resourceType, Flow.key)
        // A version of before would be refused with a conflict.
        _ = try await flow.client.setScale(of: Flow.deployments, Flow.key, to: 9)
        try await flow.pass()
        #expect(try await flow.replicas == 4)
    }

    @Test func `an object that somebody else changes is let go of at the next look`() async throws {
        let flow = try await scaled()
        try await flow.client.delete(ScaledObject.resourceType, Flow.key)
        flow.refusals.withLock { $0 = [("/scaledobjects/web", 409)] }
        try await flow.pass()
        #expect(try await isThere(flow))
        #expect(!flow.reasons.contains(.deleted))
        try await flow.pass()
        #expect(try await !isThere(flow))
        #expect(flow.reasons.filter { $0 == .deleted || $0 == .scalersStopped } == [.scalersStopped, .deleted])
    }

    @Test func `an operator that has just started lets go of what was deleted before`() async throws {
        let flow = try await scaled()
        try await flow.client.delete(ScaledObject.resourceType, Flow.key)
        flow.restart()
        try await flow.pass()
        #expect(try await !isThere(flow))
        #expect(try await flow.replicas == 4)
    }
}
