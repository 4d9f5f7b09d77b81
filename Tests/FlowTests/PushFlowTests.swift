import Foundation
import KubeClient
import KubeModel
import Outbound
import Scaling
import Synchronization
import TestKit
import Testing

@testable import Operator

/// What a push does to an object that is polled every five minutes.
@Suite struct PushFlowTests {
    /// An object that was polled just now.
    static func flow(
        replicas: Int = 0,
        engine: String,
        value: Double
    ) async throws -> Flow {
        let flow = try await Flow(replicas: replicas) { spec in
            spec.pollingInterval = 300
            let rules = HPABehavior.ScalingRules(policies: [.init(type: "Pods", value: 100, periodSeconds: 15)])
            spec.advanced = .init(horizontalPodAutoscalerConfig: .init(behavior: HPABehavior(scaleUp: rules)))
        }
        try await flow.annotate(ScalingEngine.annotation, engine)
        flow.set(.value(value))
        try await flow.tick()
        try await flow.pass()
        flow.questions.withLock { $0 = 0 }
        return flow
    }

    /// Has the trigger push, as a listener does.
    ///
    /// - Returns: how long until the object is to be polled.
    static func push(_ flow: Flow) throws -> Duration? {
        let runtime = try #require(flow.runtimes.withLock { $0 }[Flow.key])
        return runtime.pushed(by: runtime.units[0], flow.clock.uptime)
    }

    @Test func `with an HPA a push wakes from zero at once`() async throws {
        let flow = try await Self.flow(engine: "hpa", value: 0)
        #expect(try await flow.replicas == 0)
        flow.clock.advance(by: .seconds(5))
        flow.set(.value(35))
        try await flow.pass()
        #expect(try await flow.replicas == 0, "nobody has said that there is something new")
        #expect(try Self.push(flow) == .zero)
        try await flow.pass()
        #expect(try await flow.replicas == 1)
        #expect(flow.questions.withLock { $0 } == 1)
    }

    @Test func `with the direct engine a push scales at once, from zero and from many`() async throws {
        let flow = try await Self.flow(engine: "direct", value: 0)
        for (value, replicas) in [(20.0, 2), (65, 7)] {
            flow.clock.advance(by: .seconds(5))
            flow.set(.value(value))
            #expect(try Self.push(flow) == .zero)
            try await flow.pass()
            #expect(try await flow.replicas == replicas)
        }
    }

    @Test func `a push has no other trigger's source asked, until its own tick`() async throws {
        let flow = try await Flow(replicas: 1) { spec in
            spec.pollingInterval = 300
            spec.triggers += spec.triggers
            spec.triggers[1].metadata["query"] = "another"
        }
        flow.set(.value(1))
        try await flow.pass()
        flow.questions.withLock { $0 = 0 }
        for pushes in 1...3 {
            flow.clock.advance(by: .seconds(5))
            #expect(try Self.push(flow) == .zero)
            try await flow.pass()
            #expect(flow.questions.withLock { $0 } == pushes)
        }
        flow.clock.advance(by: .seconds(300))
        try await flow.pass()
        #expect(flow.questions.withLock { $0 } == 5)
    }

    @Test func `a push within a second of the last poll waits for the rest of it, and the next tick is as ever`()
        async throws
    {
        let flow = try await Self.flow(engine: "direct", value: 0)
        flow.clock.advance(by: .milliseconds(400))
        flow.set(.value(20))
        #expect(try Self.push(flow) == .milliseconds(600))
        for _ in 0..<5 { #expect(try Self.push(flow) == nil) }
        #expect(try await flow.pass() == .milliseconds(600))
        #expect(try await flow.replicas == 0)
        flow.clock.advance(by: .milliseconds(600))
        let wait = try #require(try await flow.pass())
        #expect(try await flow.replicas == 2)
        #expect(flow.questions.withLock { $0 } == 1)
        #expect(wait > .seconds(1))
    }

    @Test func `what the metrics API has read before the push is not taken for new`() async throws {
        let flow = try await Self.flow(engine: "hpa", value: 0)
        flow.clock.advance(by: .seconds(20))
        _ = try await flow.metrics.readings(of: "s0-prometheus", for: Flow.key)
        flow.clock.advance(by: .milliseconds(300))
        flow.set(.value(35))
        #expect(try Self.push(flow) == .zero)
        try await flow.pass()
        #expect(try await flow.replicas == 1)
        let readings = try await flow.metrics.readings(of: "s0-prometheus", for: Flow.key)
        #expect(readings.map(\.value) == [Quantity(35)], "the HPA is told what the push was about")
        #expect(flow.questions.withLock { $0 } == 2)
    }

    @Test func `nothing is pushed for an object that is paused or cannot be`() async throws {
        let flow = try await Self.flow(engine: "hpa", value: 0)
        try await flow.annotate("autoscaling.keda.sh/paused", "true")
        try await flow.pass()
        #expect(flow.runtimes.withLock { $0 }[Flow.key] == nil)
        flow.clock.advance(by: .seconds(5))
        flow.set(.value(35))
        try await flow.pass()
        #expect(try await flow.replicas == 0)
    }

    @Test func `where Swell only recommends, a push is decided about and nothing is written`() async throws {
        let flow = try await Self.flow(engine: "direct", value: 0)
        try await flow.annotate(OperatingMode.annotation, "recommend")
        flow.clock.advance(by: .seconds(20))
        try await flow.pass()
        flow.writes.withLock { $0 = [] }
        flow.clock.advance(by: .seconds(5))
        flow.set(.value(65))
        #expect(try Self.push(flow) == .zero)
        try await flow.pass()
        let latest = try #require(flow.runtimes.withLock { $0 }[Flow.key]?.latest)
        #expect(latest.decision == .scale(to: 7, because: .activated))
        #expect(flow.writes.withLock { $0 } == [])
        #expect(try await flow.replicas == 0)
    }
}
