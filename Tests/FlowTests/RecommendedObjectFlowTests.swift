import KubeClient
import KubeModel
import Scaling
import Synchronization
import Telemetry
import TestKit
import Testing

@testable import Operator

/// One object that asks for recommendations only, in a process that manages others.
@Suite struct RecommendedObjectFlowTests {
    /// An object that this process has managed, with two pods, and that asks to be left alone.
    static func flow(_ change: (inout ScaledObject.Spec) -> Void = { _ in }) async throws -> Flow {
        let flow = try await Flow(replicas: 2, change)
        flow.set(.value(15))
        try await flow.pass()
        try await flow.ticks(1)
        #expect(try await flow.hpa != nil)
        try await turn(flow)
        return flow
    }

    /// Asks for recommendations, and forgets what was written and told before.
    static func turn(_ flow: Flow) async throws {
        try await flow.annotate(OperatingMode.annotation, "recommend")
        flow.writes.withLock { $0 = [] }
        flow.events.withLock { $0 = [] }
    }

    @Test(arguments: [false, true])
    func `the HPA that Swell has made goes, and nothing else is written, over a restart too`(isRestart: Bool)
        async throws
    {
        let flow = try await Self.flow()
        if isRestart { flow.restart() }
        flow.set(.value(75))
        try await flow.ticks(1)
        let hpa = "DELETE /apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/keda-hpa-web"
        #expect(flow.writes.withLock { $0 } == [hpa])
        #expect(try RecommendFlowTests.last(flow).text == "recommends 4, in place are 2")
        for event in RecommendFlowTests.Event.allCases where ![.annotation, .oddAnnotation].contains(event) {
            if [.noTarget, .noHPA, .deletion].contains(event) { continue }
            try await RecommendFlowTests.happen(event, to: flow)
            flow.writes.withLock { $0 = [] }
            try await flow.ticks(3)
            #expect(flow.writes.withLock { $0 } == [], "\(event)")
        }
        #expect(flow.reasons == [])
    }

    @Test func `an HPA that KEDA has made stays, also where Swell had taken it over`() async throws {
        let flow = try await AdoptionFlowTests().left()
        flow.set(.value(25))
        try await Self.turn(flow)
        try await flow.pass()
        #expect(flow.writes.withLock { $0 } == [])
        try await flow.annotate(OperatingMode.annotation, nil)
        try await flow.pass()
        #expect(try await flow.hpa?.metadata.labels?["app.kubernetes.io/version"] == "1.0.0", "taken over")
        try await Self.turn(flow)
        try await flow.pass()
        try await flow.ticks(3)
        #expect(flow.writes.withLock { $0 } == [])
        #expect(try await flow.hpa != nil)
    }

    @Test func `managed again it gets its HPA, and its replicas stay`() async throws {
        let flow = try await Self.flow()
        try await flow.pass()
        #expect(try await flow.hpa == nil)
        try await flow.ticks(4)
        try await flow.annotate(OperatingMode.annotation, nil)
        try await flow.pass()
        #expect(try await flow.hpa != nil)
        #expect(try await flow.replicas == 2)
        #expect(RecommendedReplicas.families(of: flow.runtimes.withLock { $0 }).map(\.series.count) == [0, 0])
        #expect(try DecisionFlowTests.last(flow).recommendation == nil)
    }

    @Test func `a new one is never claimed`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await Self.turn(flow)
        try await flow.pass()
        try await flow.ticks(5)
        #expect(flow.writes.withLock { $0 } == [])
        #expect(try await flow.client.get(ScaledObject.self, Flow.key).metadata.finalizers == nil)
        try await flow.client.delete(ScaledObject.resourceType, Flow.key)
        try await flow.pass()
        #expect(flow.runtimes.withLock { $0 }.count == 0)
    }

    @Test func `one that was claimed before is let go of, and nothing else, when it is deleted`() async throws {
        let flow = try await Self.flow { $0.advanced = .init(restoreToOriginalReplicaCount: true) }
        try await flow.pass()
        try await flow.scale(to: 5)
        try await flow.client.delete(ScaledObject.resourceType, Flow.key)
        flow.writes.withLock { $0 = [] }
        try await flow.pass()
        let release = "PATCH /apis/keda.sh/v1alpha1/namespaces/default/scaledobjects/web"
        #expect(flow.writes.withLock { $0 } == [release])
        #expect(try await flow.client.find(ScaledObject.self, Flow.key) == nil)
        #expect(try await flow.replicas == 5)
        #expect(flow.reasons == [])
    }

    @Test func `a mode that there is not is told, nothing is scaled or claimed, and the object can be deleted`()
        async throws
    {
        let flow = try await Flow(replicas: 2) { $0.advanced = .init(restoreToOriginalReplicaCount: true) }
        try await flow.annotate(OperatingMode.annotation, "Recommend")
        flow.writes.withLock { $0 = [] }
        flow.set(.value(75))
        try await flow.pass()
        let status = "PATCH /apis/keda.sh/v1alpha1/namespaces/default/scaledobjects/web/status"
        #expect(flow.writes.withLock { $0 } == [status])
        let message = try #require(try await flow.status?[.ready]?.message)
        #expect(
            message.contains("autoscaling.swell.dev/mode") && message.contains("must be \"manage\" or \"recommend\"")
        )
        #expect(flow.reasons == [.checkFailed])
        try await flow.annotate(OperatingMode.annotation, nil)
        try await flow.pass()
        try await flow.annotate(OperatingMode.annotation, "off")
        try await flow.scale(to: 7)
        try await flow.client.delete(ScaledObject.resourceType, Flow.key)
        try await flow.pass()
        #expect(try await flow.client.find(ScaledObject.self, Flow.key) == nil)
        #expect(try await flow.replicas == 7, "restoring is scaling")
    }
}
