import KubeClient
import KubeModel
import Scaling
import Synchronization
import TestKit
import Testing

@testable import Operator

@Suite struct MetricSourceFlowTests {
    @Test func `a young reading serves the metrics API, an old one is asked for anew`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        flow.set(.value(40))
        let asked = flow.questions.withLock { $0 }
        flow.clock.advance(by: .seconds(9))
        #expect(try await flow.metrics.readings(of: "s0-prometheus", for: Flow.key).map(\.value) == [Quantity(25)])
        #expect(flow.questions.withLock { $0 } == asked)
        flow.clock.advance(by: .seconds(1))
        #expect(try await flow.metrics.readings(of: "S0-Prometheus", for: Flow.key).map(\.value) == [Quantity(40)])
        #expect(flow.questions.withLock { $0 } == asked + 1)
    }

    @Test func `a young reading is at hand, and nothing else is`() async throws {
        let flow = try await Flow()
        let known = { flow.metrics.knownReadings(of: $0, for: Flow.key)?.map(\.value) }
        #expect(known("s0-prometheus") == nil)
        flow.set(.value(25))
        try await flow.pass()
        #expect(known("S0-Prometheus") == [Quantity(25)])
        #expect(known("s7-none") == nil)
        #expect(flow.metrics.knownReadings(of: "s0-prometheus", for: ObjectKey(namespace: "n", name: "other")) == nil)
        let readings = try await flow.metrics.readings(of: "S0-Prometheus", for: Flow.key)
        #expect(flow.metrics.knownReadings(of: "S0-Prometheus", for: Flow.key) == readings)
        flow.clock.advance(by: .seconds(10))
        #expect(known("s0-prometheus") == nil)
        flow.set(.down)
        try await flow.pass()
        #expect(known("s0-prometheus") == nil)
    }

    @Test func `many who ask at once are answered by one question`() async throws {
        let flow = try await Flow()
        try await flow.pass()
        flow.clock.advance(by: .seconds(11))
        let asked = flow.questions.withLock { $0 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask { _ = try await flow.metrics.readings(of: "s0-prometheus", for: Flow.key) }
            }
            try await group.waitForAll()
        }
        #expect(flow.questions.withLock { $0 } == asked + 1)
    }

    @Test func `a failed read is an error, never the value before it`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        flow.set(.down)
        flow.clock.advance(by: .seconds(11))
        await #expect(throws: MetricSourceError.self) {
            try await flow.metrics.readings(of: "s0-prometheus", for: Flow.key)
        }
    }

    @Test func `cached metrics answer from the last poll however old`() async throws {
        var trigger = Flow.prometheus
        trigger.useCachedMetrics = true
        let flow = try await Flow(triggers: [trigger])
        flow.set(.value(25))
        try await flow.pass()
        flow.clock.advance(by: .seconds(3600))
        flow.set(.down)
        #expect(try await flow.metrics.readings(of: "s0-prometheus", for: Flow.key).map(\.value) == [Quantity(25)])
    }

    @Test func `unknown metrics and negative values are what an HPA needs them to be`() async throws {
        let flow = try await Flow()
        flow.set(.value(-5))
        try await flow.pass()
        #expect(try await flow.metrics.readings(of: "s0-prometheus", for: Flow.key).map(\.value) == [Quantity(0)])
        await #expect(throws: MetricSourceError.metricNotFound("s7-none")) {
            try await flow.metrics.readings(of: "s7-none", for: Flow.key)
        }
    }
}
