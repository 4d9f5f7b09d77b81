import Foundation
import KubeClient
import KubeModel
import Scaling
import Synchronization
import TestKit
import Testing

@testable import Operator

@Suite struct ScalingFlowTests {
    @Test func `the first pass claims, polls, wakes, makes the HPA and says so`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        let wait = try await flow.pass()
        #expect(try await flow.replicas == 1)
        #expect(try #require(wait) <= .seconds(10))
        let status = try #require(try await flow.status)
        #expect(status[.ready]?.status == .yes && status[.active]?.reason == "ScalerActive")
        #expect(status.hpaName == "keda-hpa-web" && status.externalMetricNames == ["s0-prometheus"])
        #expect(status.originalReplicaCount == 0)
        #expect(try await flow.hpa?.spec.metrics?.count == 1)
        #expect(flow.reasons == [.scalersStarted, .scalersStarted, .activated, .ready])
    }

    @Test func `what a watch does not show claimed yet is not claimed again before its next poll`() async throws {
        let flow = try await Flow()
        try await flow.pass()
        let (writes, questions) = (flow.writes.withLock { $0 }, flow.questions.withLock { $0 })
        #expect(writes.first == "PATCH /apis/keda.sh/v1alpha1/namespaces/default/scaledobjects/web")
        flow.lags.withLock { $0 = true }
        let wait = try #require(try await flow.pass())
        #expect(wait > .zero && wait <= .seconds(10))
        #expect(flow.writes.withLock { $0 } == writes && flow.questions.withLock { $0 } == questions)
        // The watch may never catch up: the API server tells.
        flow.clock.advance(by: wait)
        await #expect(throws: KubeError.self) { try await flow.pass() }
        flow.lags.withLock { $0 = false }
        try await flow.ticks(1)
        #expect(flow.questions.withLock { $0 } == questions + 1)
    }

    @Test func `who has scaled keeps nobody waiting for the status, and who has not does not say so`() async throws {
        let flow = try await Flow(replicas: 0)
        let writes = Mutex<[[String]]>([])
        let note: @Sendable () -> Void = { writes.withLock { $0.append(flow.writes.withLock { $0 }) } }
        flow.set(.value(0))
        try await flow.tick()
        flow.set(.value(25))
        flow.writes.withLock { $0 = [] }
        flow.refusals.withLock { $0 = [("/scale", 500)] }
        try await flow.pass(afterScaling: note)
        #expect(writes.withLock { $0 } == [])
        // The refusal is gone by the next tick; by then the status is written, too.
        flow.writes.withLock { $0 = [] }
        flow.clock.advance(by: .seconds(10))
        try await flow.pass(afterScaling: note)
        let before = try #require(writes.withLock { $0.count == 1 ? $0.first : nil })
        #expect(before.map { $0.hasSuffix("/scale") } == [true])
        #expect(try await flow.replicas == 1)
        flow.clock.advance(by: .seconds(10))
        try await flow.pass(afterScaling: note)
        #expect(writes.withLock { $0.count } == 1)
    }

    @Test(arguments: [500, 409])
    func `replicas that are to be put back are written down before they are changed`(refusal: Int) async throws {
        let flow = try await Flow(replicas: 0) { $0.advanced = .init(restoreToOriginalReplicaCount: true) }
        flow.set(.value(25))
        flow.refusals.withLock { $0 = [("/status", refusal)] }
        await #expect(throws: KubeError.self) { try await flow.pass() }
        #expect(try await flow.replicas == 0)
        flow.writes.withLock { $0 = [] }
        // Soon again, not at the next tick.
        flow.clock.advance(by: .seconds(1))
        try await flow.pass()
        let writes = flow.writes.withLock { $0.map { $0.split(separator: "/").last.map(String.init) ?? "" } }
        #expect(writes.first == "status" && writes.dropFirst().first == "scale")
        #expect(try await flow.replicas == 1)
        #expect(try await flow.status?.originalReplicaCount == 0)
    }

    @Test func `a crash after scaling does not make the new replicas those that are put back`() async throws {
        let flow = try await Flow(replicas: 0) { $0.advanced = .init(restoreToOriginalReplicaCount: true) }
        flow.set(.value(25))
        try await withThrowingTaskGroup { group in
            group.addTask {
                await #expect(throws: (any Error).self) {
                    try await flow.pass { flow.silences.withLock { $0 = ["/status"] } }
                }
            }
            // Scaled, and on the way to a status that is never answered.
            try await eventually { flow.silences.withLock { !$0.isEmpty } }
            group.cancelAll()
        }
        #expect(try await flow.replicas == 1)
        flow.silences.withLock { $0 = [] }
        flow.restart()
        try await flow.tick()
        #expect(try await flow.status?.originalReplicaCount == 0)
    }

    @Test func `a status that is refused for good keeps no workload asleep`() async throws {
        let flow = try await Flow(replicas: 0) { $0.advanced = .init(restoreToOriginalReplicaCount: true) }
        flow.set(.value(25))
        flow.refusals.withLock { $0 = [("/status", 403)] }
        try await flow.pass()
        #expect(try await flow.replicas == 1)
        #expect(flow.reasons.contains(.updateFailed))
    }

    @Test func `nothing is written while nothing changes, idle or active`() async throws {
        let flow = try await Flow()
        for load in [0.0, 25] {
            flow.set(.value(load))
            try await flow.pass()
            try await flow.ticks(2)
            flow.writes.withLock { $0 = [] }
            try await flow.ticks(50)
            #expect(flow.writes.withLock { $0 } == [])
        }
        #expect(flow.questions.withLock { $0 } >= 100)
    }

    @Test func `a pass over an object that is another replica's by now writes nothing, and tells nobody of that`()
        async throws
    {
        let flow = try await Flow()
        try await flow.pass()
        try await flow.ticks(1)
        flow.events.withLock { $0 = [] }
        flow.writes.withLock { $0 = [] }
        flow.isAnothers.withLock { $0 = true }
        flow.set(.value(25))
        flow.clock.advance(by: .seconds(10))
        await #expect(throws: KubeError.self) { try await flow.pass() }
        #expect(flow.reasons == [] && flow.writes.withLock { $0 } == [])
        flow.isAnothers.withLock { $0 = false }
        try await flow.ticks(1)
        #expect(try await flow.replicas == 1)
        #expect(flow.reasons == [.activated])
    }

    @Test func `a workload rests after its cooldown, and only the ends of activity are recorded`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        let began = flow.clock.now
        try await flow.ticks(3)
        #expect(try await flow.status?.lastActiveTime?.date == began)
        let ended = flow.clock.now
        flow.set(.value(0))
        try await flow.ticks(1)
        #expect(try await flow.status?.lastActiveTime?.date == ended)
        #expect(try await flow.status?[.active]?.reason == "ScalerCooldown")
        try await flow.ticks(5)  // 60 s since it was last active: not yet more than the cooldown
        #expect(try await flow.replicas == 1)
        try await flow.ticks(1)
        #expect(try await flow.replicas == 0)
        #expect(flow.reasons.last == .deactivated)
    }

    @Test func `a restart never cuts a cooldown short`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        try await flow.ticks(1)
        // The process is away for an hour, and comes back to an idle source.
        flow.clock.advance(by: .seconds(3600))
        flow.restart()
        flow.set(.value(0))
        try await flow.pass()
        #expect(try await flow.replicas == 1)
        try await flow.ticks(6)
        #expect(try await flow.replicas == 1)
        try await flow.ticks(1)
        #expect(try await flow.replicas == 0)
    }

    @Test func `a source that is down never scales in, is told once, and recovers`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        flow.set(.down)
        try await flow.ticks(30)
        #expect(try await flow.replicas == 1)
        #expect(try await flow.status?[.ready]?.reason == "TriggerError")
        #expect(try await flow.status?[.ready]?.message?.contains("trigger 0 (prometheus)") == true)
        #expect(flow.reasons.filter { $0 == .scalerFailed }.count == 1)
        flow.set(.value(25))
        try await flow.ticks(1)
        #expect(try await flow.status?[.ready]?.status == .yes)
    }

    @Test func `a source that is down at creation keeps nobody from HPA and loop`() async throws {
        let flow = try await Flow()
        flow.set(.down)
        try await flow.pass()
        #expect(try await flow.hpa != nil)
        #expect(try await flow.status?[.ready]?.status == .no)
        flow.set(.value(25))
        try await flow.ticks(1)
        #expect(try await flow.replicas == 1)
    }

    @Test func `a conflict over anything but the replicas is written over at once, one over them is not`() async throws
    {
        for (others, replicas) in [(nil, 1), (3, 3)] as [(Int?, Int)] {
            let flow = try await Flow()
            flow.set(.value(25))
            flow.meanwhile.withLock { $0 = others }
            flow.refusals.withLock { $0 = [("/scale", 409)] }
            try await flow.pass()
            #expect(try await flow.replicas == replicas)
        }
    }

    @Test func `conflicts are tried again soon and told to nobody`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        flow.refusals.withLock { $0 = [("/scale", 409), ("/scale", 409)] }
        let wait = try #require(try await flow.pass())
        #expect(try await flow.replicas == 0)
        #expect(wait <= .seconds(1))
        #expect(!flow.reasons.contains(.activationFailed))
        flow.clock.advance(by: wait)
        try await flow.pass()
        #expect(try await flow.replicas == 1)
    }

    @Test func `a refused write is told, and tried again`() async throws {
        let flow = try await Flow()
        try await flow.tick()
        flow.set(.value(25))
        flow.refusals.withLock { $0 = [("/scale", 403)] }
        let wait = try #require(try await flow.pass())
        #expect(flow.reasons.contains(.activationFailed))
        // What is refused will be refused in a second as well.
        #expect(wait > .seconds(1))
        flow.clock.advance(by: wait)
        try await flow.pass()
        #expect(try await flow.replicas == 1)
    }

    @Test func `a target that goes between polls is an error of the poll, told once, until it is back`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        let target = try await flow.client.answer(to: .get(Flow.deployments, Flow.key), as: JSONValue.self)
        try await flow.client.delete(Flow.deployments, Flow.key)
        try await flow.ticks(2)
        let status = try #require(try await flow.status)
        #expect(status[.ready]?.status == .no && status[.ready]?.reason == "ErrorGettingCurrentReplicas")
        #expect(status[.ready]?.message?.contains("Target resource doesn't exist") == true)
        #expect(status[.active]?.status == .yes)
        #expect(flow.reasons.filter { $0 == .checkFailed }.count == 1)
        let new: JSONValue = ["metadata": ["name": "web"], "spec": target["spec"] ?? [:]]
        _ = try await flow.client.send(.create(new, as: Flow.deployments, in: "default"))
        try await flow.ticks(1)
        #expect(try await flow.status?[.ready]?.status == .yes)
    }

    @Test func `a target that was never there is an error of the check`() async throws {
        let flow = try await Flow()
        try await flow.client.delete(Flow.deployments, Flow.key)
        try await flow.pass()
        let status = try #require(try await flow.status)
        #expect(status[.ready]?.reason == "ScaledObjectCheckFailed")
        #expect(status[.active]?.status == .unknown)
    }

    @Test func `a spec that is refused for a while cuts no cooldown short`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        try await flow.ticks(6)
        let wrong: JSONValue = ["spec": ["minReplicaCount": 9, "maxReplicaCount": 3]]
        _ = try await flow.client.patch(ScaledObject.self, Flow.key, with: wrong)
        flow.set(.value(0))
        try await flow.ticks(1)
        #expect(try await flow.status?[.active]?.status == .unknown)
        let right: JSONValue = ["spec": ["minReplicaCount": .null, "maxReplicaCount": .null]]
        _ = try await flow.client.patch(ScaledObject.self, Flow.key, with: right)
        try await flow.ticks(1)
        #expect(try await flow.replicas == 1)
        try await flow.ticks(6)
        #expect(try await flow.replicas == 0)
    }

    @Test func `a new generation is polled at once and keeps its activity`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        flow.set(.value(0))
        try await flow.ticks(1)
        _ = try await flow.client.patch(ScaledObject.self, Flow.key, with: ["spec": ["cooldownPeriod": 20]])
        let asked = flow.questions.withLock { $0 }
        try await flow.pass()
        // The reading of this very moment serves the new generation's poll only if it is its own.
        #expect(flow.questions.withLock { $0 } == asked + 1)
        #expect(try await flow.replicas == 1)
        try await flow.ticks(2)
        #expect(try await flow.replicas == 0)
    }
}
