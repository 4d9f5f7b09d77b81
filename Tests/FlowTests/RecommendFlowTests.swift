import KubeClient
import KubeModel
import Scaling
import Synchronization
import Telemetry
import TestKit
import Testing

@testable import Operator

/// A process that only recommends, over what KEDA manages.
@Suite struct RecommendFlowTests {
    /// What the last poll recommends beside what is in place.
    static func last(_ flow: Flow) throws -> RecommendationRecord {
        try #require(try DecisionFlowTests.last(flow).recommendation)
    }

    /// An object as KEDA keeps it, with three pods, and a process that only recommends.
    static func flow() async throws -> Flow {
        let flow = try await AdoptionFlowTests().left()
        flow.mode.withLock { $0 = .recommend }
        return flow
    }

    /// A new object, and a process that only recommends.
    static func fresh(
        replicas: Int = 0,
        triggers: [ScaledObject.Trigger] = [Flow.prometheus],
        _ change: (inout ScaledObject.Spec) -> Void = { _ in }
    ) async throws -> Flow {
        let flow = try await Flow(replicas: replicas, triggers: triggers, change)
        flow.mode.withLock { $0 = .recommend }
        return flow
    }

    /// What may happen to an object, none of which has anything written.
    enum Event: CaseIterable {
        case load, rest, failure, respec, refusal, badFormula, pause, pauseAt, unreadablePause, direct, annotation
        case oddAnnotation, noTarget, noHPA, deletion
    }

    /// Has it happen.
    static func happen(_ event: Event, to flow: Flow) async throws {
        let hpas = HorizontalPodAutoscaler.resourceType
        switch event {
        case .load: flow.set(.value(75))
        case .rest: flow.set(.value(0))
        case .failure: flow.set(.down)
        case .respec: try await respec(flow, ["maxReplicaCount": 2])
        case .refusal: try await respec(flow, ["minReplicaCount": 7, "maxReplicaCount": 2])
        case .badFormula: try await respec(flow, ["advanced": ["scalingModifiers": ["formula": "(", "target": "1"]]])
        case .pause: try await flow.annotate(ObjectControls.paused, "true")
        case .pauseAt: try await flow.annotate(ObjectControls.pausedReplicas, "9")
        case .unreadablePause: try await flow.annotate(ObjectControls.pausedReplicas, "many")
        case .direct: try await flow.annotate(ScalingEngine.annotation, "direct")
        case .annotation: try await flow.annotate(OperatingMode.annotation, "manage")
        case .oddAnnotation: try await flow.annotate(OperatingMode.annotation, "off")
        case .noTarget: try await flow.client.delete(Flow.deployments, Flow.key)
        case .noHPA: try await flow.client.delete(hpas, Flow.hpaKey)
        case .deletion:
            try await respec(flow, ["advanced": ["restoreToOriginalReplicaCount": true]])
            try await flow.client.delete(ScaledObject.resourceType, Flow.key)
        }
    }

    /// Changes the spec, as a user does.
    static func respec(_ flow: Flow, _ changes: JSONValue) async throws {
        _ = try await flow.client.patch(ScaledObject.self, Flow.key, with: ["spec": changes])
    }

    @Test(arguments: Event.allCases)
    func `nothing is written and nobody is told, whatever happens`(event: Event) async throws {
        let flow = try await Self.flow()
        flow.set(.value(25))
        try await flow.pass()
        try await Self.happen(event, to: flow)
        flow.writes.withLock { $0 = [] }
        try await flow.pass()
        try await flow.ticks(12)
        flow.restart()
        try await flow.ticks(2)
        #expect(flow.writes.withLock { $0 } == [])
        #expect(flow.reasons == [])
    }

    @Test func `a new object is not claimed, and what it would come to is told`() async throws {
        let flow = try await Self.fresh()
        flow.set(.value(25))
        try await flow.pass()
        #expect(try Self.last(flow).text == "recommends 1, in place are 0")
        try await flow.scale(to: 1)
        flow.writes.withLock { $0 = [] }
        try await flow.ticks(1)
        #expect(try Self.last(flow).text == "recommends 3, in place are 1")
        try await flow.scale(to: 3)
        try await flow.ticks(1)
        #expect(try Self.last(flow).text == "recommends 3, as are in place")
        #expect(flow.writes.withLock { $0 }.allSatisfy { $0.hasSuffix("/scale") }, "those of the test")
    }

    @Test(arguments: [
        (PodMetricsFlowTests.cpu, 4),
        (
            ScaledObject.Trigger(
                type: "prometheus",
                metadata: Flow.prometheus.metadata,
                metricType: "Value"
            ), 4
        ),
    ])
    func `what an HPA reads of pods is read where there is none of ours`(
        trigger: ScaledObject.Trigger,
        recommended: Int
    ) async throws {
        let flow = try await Self.fresh(replicas: 2, triggers: [trigger])
        for pod in ["p0", "p1"] { try await flow.run(pod) }
        try flow.measure(["p0": ("900m", "300M"), "p1": ("900m", "300M")])
        flow.writes.withLock { $0 = [] }
        flow.set(.value(20))
        try await flow.pass()
        #expect(try Self.last(flow).replicas == recommended)
        #expect(flow.writes.withLock { $0 } == [])
    }

    @Test func `the direct engine recommends the whole way from zero`() async throws {
        let flow = try await Self.fresh()
        try await flow.annotate(ScalingEngine.annotation, "direct")
        flow.set(.value(75))
        try await flow.pass()
        #expect(try Self.last(flow).replicas == 8)
    }

    @Test func `the cooldown runs in the process, since no status can tell of it`() async throws {
        let flow = try await Self.fresh(replicas: 2) { $0.advanced = nil }
        flow.set(.value(15))
        try await flow.pass()
        try await flow.ticks(3)
        flow.set(.value(0))
        try await flow.ticks(6)
        #expect(try DecisionFlowTests.last(flow).result.reason == "coolingDown")
        try await flow.ticks(1)
        #expect(try Self.last(flow).replicas == 0)
    }

    @Test func `at the start activity is what the status says`() async throws {
        let flow = try await Self.flow()
        flow.clock.advance(by: .seconds(3600))
        flow.set(.value(0))
        try await flow.pass()
        #expect(try DecisionFlowTests.last(flow).result.reason == "coolingDown", "its Active condition is True")
        try await flow.ticks(7)
        #expect(try Self.last(flow).replicas == 0)
    }

    @Test(arguments: [
        (Event.pause, "an annotation pauses it"), (.pauseAt, "an annotation pauses it at 9 replicas"),
        (.unreadablePause, "must be a whole number"), (.refusal, "Min/Max Replica Counts"),
        (.badFormula, "scalingModifiers"), (.oddAnnotation, "must be \"manage\" or \"recommend\""),
        (.noTarget, "Target resource doesn't exist"),
    ])
    func `why nothing is recommended is told`(event: Event, reason: String) async throws {
        let flow = try await Self.flow()
        flow.set(.value(25))
        try await flow.pass()
        let runtimes = flow.runtimes.withLock { $0 }
        #expect(RecommendedReplicas.families(of: runtimes).map(\.series.count) == [1, 1])
        try await Self.happen(event, to: flow)
        try await flow.ticks(1)
        #expect(runtimes.reason(for: Flow.key)?.contains(reason) == true)
        #expect(RecommendedReplicas.families(of: runtimes).map(\.series.count) == [0, 0])
    }

    @Test(arguments: [(Event.pause, "coolingDown"), (.refusal, "deactivated")])
    func `activity outlives a rest as it does where a status is written`(event: Event, result: String) async throws {
        let flow = try await Self.fresh(replicas: 2) { $0.minReplicaCount = 0 }
        flow.set(.value(15))
        try await flow.pass()
        try await Self.happen(event, to: flow)
        try await flow.ticks(10)
        flow.set(.value(0))
        try await flow.annotate(ObjectControls.paused, nil)
        try await Self.respec(flow, ["minReplicaCount": 0, "maxReplicaCount": 10])
        try await flow.ticks(1)
        #expect(try DecisionFlowTests.last(flow).result.reason == result)
        #expect(flow.runtimes.withLock { $0 }.reason(for: Flow.key) == nil)
    }

    @Test func `what others scale uses up what the policies allow`() async throws {
        let flow = try await Self.fresh(replicas: 2) { spec in
            let rules = HPABehavior.ScalingRules(policies: [.init(type: "Pods", value: 4, periodSeconds: 60)])
            let behavior = HPABehavior(scaleUp: rules)
            spec.advanced = .init(horizontalPodAutoscalerConfig: .init(behavior: behavior))
        }
        flow.set(.value(1000))
        try await flow.pass()
        #expect(try Self.last(flow).replicas == 6)
        try await flow.ticks(2)
        #expect(try Self.last(flow).replicas == 6, "what is only recommended uses up nothing")
        try await flow.scale(to: 5)
        try await flow.ticks(1)
        #expect(try Self.last(flow).replicas == 6, "three of four are used up")
        try await flow.ticks(6)
        #expect(try Self.last(flow).replicas == 9)
    }
}
