import KubeClient
import KubeModel
import Scaling
import Synchronization
import TestKit
import Testing

@testable import Operator

@Suite struct PauseFlowTests {
    @Test func `paused: the HPA goes, nothing is polled, replicas stay; then all comes back`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        try await flow.scale(to: 3)
        try await flow.annotate(ObjectControls.paused, "true")
        #expect(try await flow.pass() == nil)
        #expect(try await flow.hpa == nil)
        #expect(try await flow.replicas == 3)
        let paused = try #require(try await flow.status)
        #expect(paused[.paused]?.reason == "ScaledObjectPaused")
        #expect(paused[.ready]?.message == "ScaledObject is paused")
        let asked = flow.questions.withLock { $0 }
        flow.writes.withLock { $0 = [] }
        flow.set(.value(0))
        try await flow.ticks(20)
        #expect(flow.questions.withLock { $0 } == asked)
        #expect(flow.writes.withLock { $0 } == [])
        try await flow.annotate(ObjectControls.paused, nil)
        try await flow.pass()
        #expect(try await flow.hpa != nil)
        let status = try #require(try await flow.status)
        #expect(status[.paused]?.reason == "ScaledObjectUnpaused")
        #expect(status[.ready]?.status == .yes)
        #expect(flow.reasons.filter { [.paused, .unpaused].contains($0) } == [.paused, .unpaused])
    }

    @Test func `paused at a number: it is set once, and again when it changes`() async throws {
        let flow = try await Flow(replicas: 1)
        try await flow.annotate(ObjectControls.pausedReplicas, "4")
        try await flow.pass()
        #expect(try await flow.replicas == 4)
        #expect(try await flow.status?.pausedReplicaCount == 4)
        flow.writes.withLock { $0 = [] }
        try await flow.pass()
        #expect(flow.writes.withLock { $0 } == [])
        try await flow.annotate(ObjectControls.pausedReplicas, "0")
        try await flow.pass()
        #expect(try await flow.replicas == 0)
        try await flow.annotate(ObjectControls.pausedReplicas, nil)
        flow.set(.value(25))
        try await flow.pass()
        #expect(try await flow.replicas == 1)
        #expect(try await flow.status?.pausedReplicaCount == nil)
    }

    @Test func `the replicas that a pause changes first are written down before, and put back at the end`() async throws
    {
        let flow = try await Flow(replicas: 5) { $0.advanced = .init(restoreToOriginalReplicaCount: true) }
        try await flow.annotate(ObjectControls.pausedReplicas, "2")
        flow.refusals.withLock { $0 = [("/status", 409)] }
        await #expect(throws: KubeError.self) { try await flow.pass() }
        #expect(try await flow.replicas == 5)
        #expect(flow.reasons.contains(.updateFailed) == false)
        flow.writes.withLock { $0 = [] }
        try await flow.pass()
        let writes = flow.writes.withLock { $0 }
        let (noted, scaled) = (
            writes.firstIndex { $0.hasSuffix("/status") }, writes.firstIndex { $0.hasSuffix("/scale") }
        )
        #expect(try #require(noted) < #require(scaled))
        try await flow.annotate(ObjectControls.pausedReplicas, "3")
        try await flow.pass()
        #expect(try await flow.replicas == 3)
        #expect(try await flow.status?.originalReplicaCount == 5)
        try await flow.client.delete(ScaledObject.resourceType, Flow.key)
        try await flow.pass()
        #expect(try await flow.replicas == 5)
    }

    @Test func `replicas are not written down where the object has changed since it was shown`() async throws {
        let flow = try await Flow(replicas: 5) { $0.advanced = .init(restoreToOriginalReplicaCount: true) }
        let shown = try await flow.client.get(ScaledObject.self, Flow.key)
        try await flow.annotate(ObjectControls.paused, "true")
        await #expect(throws: KubeError.self) { try await flow.reconciler.remember(5, of: shown, nil) }
        #expect(try await flow.status?.originalReplicaCount == nil)
        let current = try await flow.client.get(ScaledObject.self, Flow.key)
        try await flow.reconciler.remember(5, of: current, nil)
        #expect(try await flow.status?.originalReplicaCount == 5)
    }

    @Test func `a number that meets conflicts is set at once by another pass, and told to nobody`() async throws {
        let flow = try await Flow(replicas: 1)
        try await flow.annotate(ObjectControls.pausedReplicas, "4")
        flow.refusals.withLock { $0 = [("/scale", 409), ("/scale", 409)] }
        await #expect(throws: KubeError.self) { try await flow.pass() }
        try await flow.pass()
        #expect(try await flow.replicas == 4)
        #expect(!flow.reasons.contains(.checkFailed))
    }

    @Test func `a number that cannot be read pauses all the same, and says so`() async throws {
        let flow = try await Flow(replicas: 2)
        try await flow.annotate(ObjectControls.pausedReplicas, "some")
        try await flow.pass()
        #expect(try await flow.replicas == 2)
        let status = try #require(try await flow.status)
        #expect(status[.paused]?.status == .yes)
        #expect(status[.ready]?.status == .no)
        #expect(status[.ready]?.message?.contains("whole number of replicas") == true)
    }

    @Test func `an HPA of somebody else under our HPA's name survives a pause`() async throws {
        let flow = try await Flow()
        try await flow.pass()
        _ = try await flow.client.patch(
            HorizontalPodAutoscaler.self,
            Flow.hpaKey,
            with: ["metadata": ["ownerReferences": []]]
        )
        try await flow.annotate(ObjectControls.paused, "")
        try await flow.pass()
        #expect(try await flow.hpa != nil)
    }

    @Test func `a paused direction holds the workload and the HPA`() async throws {
        let flow = try await Flow()
        try await flow.annotate(ObjectControls.pausedScaleOut, "true")
        flow.set(.value(25))
        try await flow.pass()
        #expect(try await flow.replicas == 0)
        #expect(try await flow.hpa?.spec.behavior?.scaleUp?.selectPolicy == "Disabled")
        #expect(try await flow.status?[.paused]?.status == .yes)
        try await flow.annotate(ObjectControls.pausedScaleOut, nil)
        try await flow.pass()
        #expect(try await flow.replicas == 1)
        #expect(try await flow.hpa?.spec.behavior?.scaleUp?.selectPolicy != "Disabled")
        try await flow.annotate(ObjectControls.pausedScaleIn, "true")
        flow.set(.value(0))
        try await flow.ticks(12)
        #expect(try await flow.replicas == 1)
        try await flow.annotate(ObjectControls.pausedScaleIn, nil)
        try await flow.pass()
        #expect(try await flow.replicas == 0)
    }

    @Test func `forced activity wakes at once and keeps awake`() async throws {
        let flow = try await Flow()
        try await flow.pass()
        try await flow.annotate(ObjectControls.forceActivation, "true")
        try await flow.pass()
        #expect(try await flow.replicas == 1)
        #expect(try await flow.status?[.active]?.message?.contains("forced by annotation") == true)
        #expect(flow.events.withLock { $0.contains { $0.note.contains("caused by forced activation annotation") } })
        try await flow.ticks(10)
        #expect(try await flow.replicas == 1)
        try await flow.annotate(ObjectControls.forceActivation, nil)
        try await flow.ticks(8)
        #expect(try await flow.replicas == 0)
    }
}
