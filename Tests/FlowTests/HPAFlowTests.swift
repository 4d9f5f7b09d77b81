import KubeClient
import KubeModel
import Scaling
import Synchronization
import TestKit
import Testing

@testable import Operator

@Suite struct HPAFlowTests {
    /// A trigger whose settings are wrong.
    static let broken = ScaledObject.Trigger(type: "prometheus", metadata: ["query": "x"])

    @Test func `an HPA that somebody changes is repaired, and what others add stays`() async throws {
        let flow = try await Flow()
        try await flow.pass()
        _ = try await flow.client.patch(
            HorizontalPodAutoscaler.self,
            Flow.hpaKey,
            with: ["metadata": ["labels": ["theirs": "kept"]], "spec": ["maxReplicas": 3]]
        )
        try await flow.pass()
        let hpa = try #require(try await flow.hpa)
        #expect(hpa.spec.maxReplicas == 100)
        #expect(hpa.metadata.labels?["theirs"] == "kept")
    }

    @Test func `an HPA that somebody deletes comes back`() async throws {
        let flow = try await Flow()
        try await flow.pass()
        try await flow.pass()
        try await flow.client.delete(HorizontalPodAutoscaler.resourceType, Flow.hpaKey)
        try await flow.pass()
        #expect(try await flow.hpa != nil)
    }

    @Test func `another on the same workload is told once, and scaling goes on`() async throws {
        let flow = try await Flow()
        let problem = SpecProblem("spec.scaleTargetRef.name", "already managed by the hpa 'theirs'")
        flow.neighbours.withLock { $0 = [problem] }
        flow.set(.value(25))
        try await flow.pass()
        try await flow.ticks(3)
        #expect(flow.events.withLock { $0.filter { $0.note.contains("already managed") } }.map(\.kind) == [.warning])
        #expect(try await flow.replicas == 1)
    }

    @Test func `a new name takes the HPA with it`() async throws {
        let flow = try await Flow()
        try await flow.pass()
        _ = try await flow.client.patch(
            ScaledObject.self,
            Flow.key,
            with: ["spec": ["advanced": ["horizontalPodAutoscalerConfig": ["name": "mine"]]]]
        )
        try await flow.pass()
        #expect(try await flow.hpa == nil)
        let mine = ObjectKey(namespace: "default", name: "mine")
        #expect(try await flow.client.find(HorizontalPodAutoscaler.self, mine) != nil)
        #expect(try await flow.status?.hpaName == "mine")
    }

    @Test func `a former HPA that another object has taken over stays`() async throws {
        let flow = try await Flow()
        try await flow.pass()
        let spec = ScaledObject.Spec(scaleTargetRef: .init(name: "api"), triggers: [Flow.prometheus])
        let uid = try await flow.client
            .create(ScaledObject(metadata: ObjectMeta(name: "other", namespace: "default"), spec: spec)).metadata.uid
        let other: JSONValue = [
            "apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "name": "other",
            "uid": .string(try #require(uid)), "controller": true,
        ]
        _ = try await flow.client.patch(
            HorizontalPodAutoscaler.self,
            Flow.hpaKey,
            with: ["metadata": ["ownerReferences": [other]]]
        )
        let name: JSONValue = ["advanced": ["horizontalPodAutoscalerConfig": ["name": "mine"]]]
        _ = try await flow.client.patch(ScaledObject.self, Flow.key, with: ["spec": name])
        try await flow.pass()
        #expect(try await flow.hpa != nil)
        #expect(try await flow.status?.hpaName == "mine")
    }

    @Test(arguments: [(429, true), (403, false)])
    func `an HPA that cannot be made is told, and tried again`(status: Int, isSoon: Bool) async throws {
        let flow = try await Flow { $0.pollingInterval = 3600 }
        // As often as the client itself tries.
        flow.refusals.withLock { $0 = Array(repeating: ("/horizontalpodautoscalers", status), count: isSoon ? 10 : 1) }
        let wait = try #require(try await flow.pass())
        #expect(try await flow.hpa == nil)
        #expect(try await flow.status?[.ready]?.reason == "ScaledObjectCheckFailed")
        #expect(wait <= (isSoon ? .seconds(1) : .seconds(30)))
        flow.refusals.withLock { $0 = [] }
        flow.clock.advance(by: wait)
        try await flow.pass()
        #expect(try await flow.hpa != nil)
        #expect(try await flow.status?[.ready]?.status == .yes)
    }

    @Test func `a trigger that cannot be built has a stand-in that answers with an error`() async throws {
        let flow = try await Flow(triggers: [Flow.prometheus, Self.broken])
        flow.set(.value(25))
        try await flow.pass()
        #expect(try await flow.replicas == 1)
        #expect(
            try await flow.hpa?.spec.metrics?.compactMap(\.external?.metric.name) == ["s0-prometheus", "s1-prometheus"]
        )
        let ready = try await flow.status?[.ready]
        #expect(ready?.status == .no && ready?.reason == "TriggerError")
        let error = await #expect(throws: MetricSourceError.self) {
            try await flow.metrics.readings(of: "s1-prometheus", for: Flow.key)
        }
        guard case .readFailed(_, let reason) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(reason.contains("serverAddress"))
    }

    @Test func `an HPA stays as it is when a trigger can no longer be built`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        let before = try #require(try await flow.hpa)
        _ = try await flow.client.patch(
            ScaledObject.self,
            Flow.key,
            with: ["spec": ["triggers": [["type": "prometheus", "metadata": ["query": "x"]]]]]
        )
        try await flow.ticks(2)
        #expect(try await flow.hpa?.spec == before.spec)
        #expect(try await flow.replicas == 1)
        #expect(try await flow.status?[.ready]?.status == .no)
    }

    @Test func `without a trigger that can be built there is no HPA, and replicas stay`() async throws {
        let flow = try await Flow(replicas: 5, triggers: [Self.broken, .init(type: "nonsense", metadata: [:])])
        try await flow.pass()
        try await flow.ticks(20)
        #expect(try await flow.hpa == nil)
        #expect(try await flow.replicas == 5)
        let message = try #require(try await flow.status?[.ready]?.message)
        #expect(message.contains("serverAddress") && message.contains("no scaler found for type: nonsense"))
    }

    @Test func `a spec that contradicts itself is told and nothing is touched`() async throws {
        let flow = try await Flow(replicas: 5) { ($0.minReplicaCount, $0.maxReplicaCount) = (9, 3) }
        #expect(try await flow.pass() == nil)
        #expect(try await flow.replicas == 5)
        #expect(try await flow.hpa == nil)
        #expect(try await flow.status?[.ready]?.message?.contains("MinReplicaCount=9") == true)
        #expect(flow.reasons == [.checkFailed])
        let writes = flow.writes.withLock { $0.count }
        try await flow.pass()
        #expect(flow.writes.withLock { $0.count } == writes)
    }

    @Test func `deletion lets go, and puts replicas back where that is wanted`() async throws {
        for restores in [true, false] {
            let flow = try await Flow(replicas: 4) {
                $0.advanced = .init(restoreToOriginalReplicaCount: restores)
                $0.cooldownPeriod = 0
            }
            try await flow.pass()
            try await flow.ticks(1)
            #expect(try await flow.replicas == 0)
            try await flow.client.delete(ScaledObject.resourceType, Flow.key)
            try await flow.pass()
            #expect(try await flow.client.find(ScaledObject.self, Flow.key) == nil)
            #expect(try await flow.replicas == (restores ? 4 : 0))
            #expect(try await flow.hpa == nil)
            #expect(flow.reasons.suffix(2) == [.scalersStopped, .deleted])
        }
    }
}
