import Foundation
import KubeModel
import Outbound
import Scaling
import Synchronization
import TestKit
import Testing

@testable import Operator

/// The direct engine where it looks at the cpu and memory of pods.
@Suite struct PodMetricsFlowTests {
    static let cpu = trigger("cpu", "Utilization", "50")

    /// A trigger on what pods use.
    static func trigger(_ type: String, _ metric: String, _ value: String, of container: String? = nil)
        -> ScaledObject.Trigger
    {
        var metadata = ["value": value]
        metadata["containerName"] = container
        return ScaledObject.Trigger(type: type, metadata: metadata, metricType: metric)
    }

    /// Two pods that run, and an object on the direct engine that looks at them.
    static func flow(
        _ triggers: [ScaledObject.Trigger] = [cpu],
        pods: Int = 2,
        _ change: (inout ScaledObject.Spec) -> Void = { _ in }
    ) async throws -> Flow {
        let flow = try await DirectEngineFlowTests.flow(replicas: pods, triggers: triggers) {
            $0.minReplicaCount = 1
            change(&$0)
        }
        for index in 0..<pods { try await flow.run("p\(index)") }
        return flow
    }

    /// The last decision.
    static func record(of flow: Flow) throws -> DecisionRecord {
        let runtime = try #require(flow.runtimes.withLock { $0 }[Flow.key])
        return try #require(DecisionReport(of: Flow.key, runtime.log).entries.last).decision
    }

    @Test(
        arguments: [
            ("cpu", "Utilization", "50", nil, 4, 90, 1.8), ("cpu", "AverageValue", "450m", nil, 4, 0.9, 2),
            ("cpu", "Utilization", "45", "main", 4, 90, 2), ("memory", "AverageValue", "200M", "main", 3, 300e6, 1.5),
            ("memory", "Utilization", "25", nil, 2, 27, 1.08),  // close enough
        ] as [(String, String, String, String?, Int, Double, Double)]
    )
    func `what pods use moves the replicas, without an HPA, and the record shows it`(
        type: String,
        metric: String,
        target: String,
        container: String?,
        wanted: Int,
        value: Double,
        share: Double
    ) async throws {
        let flow = try await Self.flow([Self.trigger(type, metric, target, of: container)])
        try flow.measure(["p0": ("900m", "300M"), "p1": ("900m", "300M")])
        try await flow.pass()
        #expect(try await flow.replicas == wanted)
        #expect(try await flow.hpa == nil)
        #expect(try await flow.status?[.ready]?.status == .yes)
        #expect(try await flow.status?[.active]?.status == .yes)
        #expect(flow.measured.withLock { $0.questions } == 1)
        let record = try Self.record(of: flow)
        #expect(record.triggers[0].metrics[0].value == value)
        #expect(abs(try #require(record.triggers[0].metrics[0].share) - share) < 1e-9)
        #expect(abs(try #require(record.autoscaler?.proposals[0].ratio) - share) < 1e-9)
        #expect(record.autoscaler?.proposals[0].metric == (container == nil ? type : "\(type) of main"))
    }

    @Test func `a pass that is called off while it looks at pods has seen activity all the same`() async throws {
        let flow = try await Self.flow([Flow.prometheus, Self.cpu])
        flow.set(.value(25))
        flow.silences.withLock { $0 = ["/pods?labelSelector=app%3Dweb&limit=500"] }
        try await withThrowingTaskGroup { group in
            group.addTask { await #expect(throws: (any Error).self) { try await flow.pass() } }
            try await eventually { flow.measured.withLock { $0.questions } > 0 }
            group.cancelAll()
        }
        let runtime = try #require(flow.runtimes.withLock { $0 }[Flow.key])
        #expect(runtime.activity.lastActive == flow.clock.source.now() && runtime.seen == nil)
    }

    @Test func `idle pods are taken away, one without a sample counts against it`() async throws {
        let flow = try await Self.flow(pods: 4)
        try flow.measure(["p0": ("0", "0"), "p1": ("0", "0"), "p2": ("0", "0"), "p3": ("100m", "0")])
        try await flow.pass()
        #expect(try await flow.replicas == 4, "what was there holds it for 5 minutes")
        try await flow.ticks(31)
        #expect(try await flow.replicas == 1)
        let other = try await Self.flow(pods: 4)
        try other.measure(["p0": ("0", "0"), "p1": ("0", "0"), "p2": ("0", "0")])
        try await other.pass()
        try await other.ticks(31)
        #expect(try await other.replicas == 2, "the pod that is missing is taken to use all that it requests")
    }

    /// Makes it so that cpu cannot be told, and what is said of it.
    typealias Fault = @Sendable (Flow) async throws -> Void
    static let faults: [(String, Fault)] = [
        ("metrics are out for a while", { $0.measureNothing() }),
        ("nobody serves metrics.k8s.io; install metrics-server", { $0.measureNothing(status: 404) }),
        (
            "the answer is not",
            { $0.measured.withLock { $0.answer = HTTPResponse(status: 200, body: Array("<p>".utf8)) } }
        ),
        ("no pod that counts has a sample", { try $0.measure([:]) }),
        ("container main of pod odd requests no cpu", { try await $0.run("odd", requests: ["memory": "1"]) }),
    ]

    @Test(arguments: faults.indices)
    func `cpu that cannot be told takes nothing away, adds what others ask for, and is told`(index: Int) async throws {
        let (message, fault) = Self.faults[index]
        let flow = try await Self.flow([Flow.prometheus, Self.cpu])
        flow.set(.value(5))
        try flow.measure(["p0": ("900m", "0"), "p1": ("900m", "0")])
        try await flow.pass()
        #expect(try await flow.replicas == 4)
        try await fault(flow)
        try await flow.ticks(40)
        #expect(try await flow.replicas == 4, "a scale-in that nobody asked for")
        let ready = try #require(try await flow.status?[.ready])
        #expect(ready.status == .unknown && ready.reason == "PartialTriggerError")
        #expect(ready.message?.hasPrefix("trigger 1 (cpu): ") == true)
        #expect(ready.message?.contains(message) == true, "\(ready.message ?? "")")
        #expect(try await flow.status?[.active]?.status == .yes)
        #expect(try Self.record(of: flow).triggers[1].failure == ready.message)
        flow.set(.value(65))
        try await flow.ticks(1)
        #expect(try await flow.replicas == 7)
    }

    @Test func `it heals with what it looks at`() async throws {
        let flow = try await Self.flow()
        flow.measureNothing()
        try await flow.pass()
        #expect(try await flow.status?[.ready]?.status == .unknown)
        #expect(try await flow.status?[.active]?.status == .yes, "cpu alone keeps a workload awake, read or not")
        try flow.measure(["p0": ("900m", "0"), "p1": ("900m", "0")])
        try await flow.ticks(1)
        #expect(try await flow.status?[.ready]?.status == .yes)
        #expect(try await flow.replicas == 4)
    }

    @Test func `cpu has no say in rest, and is not asked of a workload at rest`() async throws {
        let flow = try await Self.flow([Flow.prometheus, Self.cpu]) { $0.minReplicaCount = nil }
        flow.measureNothing()
        flow.set(.value(5))
        try await flow.pass()
        #expect(try await flow.replicas == 2)
        flow.set(.value(0))
        try await flow.ticks(8)
        #expect(try await flow.replicas == 0)
        #expect(try await flow.status?[.active]?.status == .no)
        let asked = flow.measured.withLock { $0.questions }
        try await flow.ticks(3)
        #expect(flow.measured.withLock { $0.questions } == asked)
        #expect(try await flow.status?[.ready]?.status == .yes)
    }

    @Test func `pods that start are no trouble`() async throws {
        let flow = try await DirectEngineFlowTests.flow(triggers: [Flow.prometheus, Self.cpu])
        flow.set(.value(15))
        try flow.measure([:])
        try await flow.pass()
        #expect(try await flow.replicas == 2)
        for name in ["p0", "p1"] { try await flow.plant(name) }
        flow.set(.value(35))
        try await flow.ticks(1)
        #expect(try await flow.replicas == 4, "what others ask for is added")
        #expect(try await flow.status?[.ready]?.status == .yes)
        let record = try Self.record(of: flow)
        #expect(record.triggers[1].failure == nil)
        let failures = record.autoscaler?.proposals.map(\.failure)
        #expect(failures == [nil, "no pod that counts has a sample (they may be unready)"])
    }

    @Test func `an HPA that looks at the pods leaves it to no one else`() async throws {
        let flow = try await Flow(replicas: 2, triggers: [Flow.prometheus, Self.cpu])
        flow.set(.value(15))
        try await flow.pass()
        try await flow.ticks(2)
        #expect(try await flow.hpa?.spec.metrics?.count == 2)
        #expect(flow.measured.withLock { $0.questions } == 0)
    }
}
