import Foundation
import KubeModel
import Outbound
import Synchronization
import TestKit
import Testing

@testable import LocalCluster

@Suite struct AutoscalerTests {
    /// What the metrics API says, to be changed by the test.
    final class Gauge: Sendable {
        /// `nil` fails.
        let value = Mutex<Quantity?>(Quantity(0))
        /// What was asked for.
        private let log = Mutex<[String]>([])

        /// What was asked for so far.
        var asked: [String] { log.withLock { $0 } }

        /// Answers, and notes the question.
        func read(_ question: String) throws -> [Quantity] {
            log.withLock { $0.append(question) }
            guard let value = value.withLock({ $0 }) else { throw OutboundError(.timedOut, "it is silent") }
            return [value]
        }
    }

    /// A cluster with a Deployment and an HPA on it, its clock and its metric.
    struct Stage {
        let clock = ManualClock()
        let gauge = Gauge()
        let cluster: LocalCluster

        /// Sets the scene.
        init(replicas: Int64 = 1, autoscaler: JSONValue = Sample.autoscaler("hpa", target: "web")) throws {
            var configuration = LocalCluster.Configuration()
            configuration.podStartDelay = .zero
            configuration.downscaleStabilization = .seconds(60)
            configuration.seed = 1
            self.cluster = LocalCluster(configuration, time: clock.source) { [gauge] namespace, metric, selector in
                try gauge.read("\(namespace)/\(metric)?\(selector)")
            }
            try send(.post, Place.deployments, Sample.deployment("web", replicas: replicas))
            try send(.post, Place.autoscalers, autoscaler)
        }

        /// Sends a request that must succeed.
        @discardableResult
        func send(
            _ method: KubeRequest.Method,
            _ path: String,
            _ body: JSONValue? = nil,
            type: String = "application/json"
        ) throws -> JSONValue {
            let request = APIRequest(
                method,
                target: path,
                contentType: body == nil ? nil : type,
                accept: "",
                body: body?.encoded() ?? []
            )
            guard case .whole(let answer) = cluster.answer(request), case .json(let json) = answer.body else {
                return .null
            }
            try #require(answer.status < 300, "\(json)")
            return json
        }

        /// Lets 15 s pass and the controller look.
        func look() async throws {
            clock.advance(by: .seconds(15))
            try await cluster.followAutoscalers()
        }

        /// The Deployment's wish.
        func replicas() throws -> Int { try send(.get, Place.deployments + "/web").count("spec", "replicas") }

        /// A condition of the HPA as `status reason`.
        func condition(_ type: String) throws -> String {
            let conditions = try send(.get, Place.autoscalers + "/hpa")[path: "status", "conditions"]?.array ?? []
            let found = conditions.first { $0["type"] == .string(type) }
            return "\(found?["status"]?.string ?? "-") \(found?["reason"]?.string ?? "-")"
        }
    }

    @Test func `the target follows the metric up, and down after the window`() async throws {
        let stage = try Stage()
        stage.gauge.value.withLock { $0 = Quantity(35) }
        try await stage.look()
        #expect(try stage.replicas() == 4)
        #expect(try stage.condition("AbleToScale") == "True SucceededRescale")
        #expect(try stage.condition("ScalingActive") == "True ValidMetricFound")
        #expect(stage.gauge.asked == ["default/s0-test?so=hpa"])
        stage.gauge.value.withLock { $0 = Quantity(5) }
        try await stage.look()
        #expect(try stage.replicas() == 4)
        for _ in 0..<4 { try await stage.look() }
        #expect(try stage.replicas() == 1)
        let hpa = try stage.send(.get, Place.autoscalers + "/hpa")
        #expect(hpa[path: "status", "currentReplicas"] == 4)
        #expect(hpa[path: "status", "desiredReplicas"] == 1)
        #expect(hpa[path: "status", "lastScaleTime"] != nil)
    }

    @Test func `its status shows the metric as it was measured`() async throws {
        let stage = try Stage(replicas: 2)
        stage.gauge.value.withLock { $0 = Quantity(milli: 21_500) }
        try await stage.look()
        let metrics = try stage.send(.get, Place.autoscalers + "/hpa")[path: "status", "currentMetrics"]
        let expected: JSONValue = [
            [
                "type": "External",
                "external": [
                    "metric": ["name": "s0-test", "selector": ["matchLabels": ["so": "hpa"]]],
                    "current": ["averageValue": "10750m"],
                ],
            ]
        ]
        #expect(metrics == expected)
    }

    @Test func `a metric that cannot be read leaves the target and says so`() async throws {
        let stage = try Stage(replicas: 3)
        stage.gauge.value.withLock { $0 = nil }
        try await stage.look()
        #expect(try stage.replicas() == 3)
        #expect(try stage.condition("ScalingActive") == "False FailedGetExternalMetric")
        let events =
            try stage.send(.get, Place.events + "?fieldSelector=involvedObject.kind=HorizontalPodAutoscaler")["items"]?
            .array ?? []
        #expect(events.map { $0["reason"] } == ["FailedGetExternalMetric"])
        #expect(events[0]["message"]?.string?.contains("it is silent") == true)
        stage.gauge.value.withLock { $0 = Quantity(50) }
        try await stage.look()
        #expect(try stage.condition("ScalingActive") == "True ValidMetricFound")
        #expect(try stage.replicas() == 5)
    }

    @Test func `a target at 0 turns it off and the metric is not asked`() async throws {
        let stage = try Stage(replicas: 0)
        try await stage.look()
        #expect(try stage.condition("ScalingActive") == "False ScalingDisabled")
        #expect(stage.gauge.asked.isEmpty)
        #expect(try stage.replicas() == 0)
    }

    @Test(arguments: [(Int64(20), 10), (1, 2)])
    func `a target outside the bounds is put right without the metric`(replicas: Int64, expected: Int) async throws {
        let stage = try Stage(replicas: replicas, autoscaler: Sample.autoscaler("hpa", target: "web", min: 2))
        try await stage.look()
        #expect(try stage.replicas() == expected)
        #expect(stage.gauge.asked.isEmpty)
    }

    @Test func `a target that is not there is said to be missing`() async throws {
        let stage = try Stage(autoscaler: Sample.autoscaler("hpa", target: "none"))
        try await stage.look()
        #expect(try stage.condition("AbleToScale") == "False FailedGetScale")
    }

    @Test func `a resource metric has nothing to read`() async throws {
        var hpa = Sample.autoscaler("hpa", target: "web")
        hpa[path: "spec", "metrics"] = nil
        let stage = try Stage(autoscaler: hpa)
        try await stage.look()
        #expect(try stage.condition("ScalingActive") == "False FailedGetResourceMetric")
    }

    @Test func `two that select the same pods both stand still`() async throws {
        let stage = try Stage(replicas: 2)
        try stage.send(.post, Place.autoscalers, Sample.autoscaler("rival", target: "web"))
        stage.gauge.value.withLock { $0 = Quantity(90) }
        try await stage.look()
        #expect(try stage.condition("ScalingActive") == "False AmbiguousSelector")
        #expect(try stage.replicas() == 2)
    }

    @Test func `the loop looks each sync period by the given clock`() async throws {
        let stage = try Stage()
        stage.gauge.value.withLock { $0 = Quantity(20) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await stage.cluster.run() }
            try await stage.clock.waitForSleepers(2)
            #expect(try stage.replicas() == 1)
            stage.clock.advance(by: .seconds(15))
            try await eventually { try stage.replicas() == 2 }
            group.cancelAll()
        }
    }

    @Test func `older versions show the same HPA`() throws {
        let stage = try Stage()
        let path = "/namespaces/default/horizontalpodautoscalers/hpa"
        let beta = try stage.send(.get, "/apis/autoscaling/v2beta2" + path)
        #expect(beta["apiVersion"] == "autoscaling/v2beta2")
        #expect(beta["spec"] == (try stage.send(.get, Place.autoscalers + "/hpa"))["spec"])
        let first = try stage.send(.get, "/apis/autoscaling/v1" + path)
        #expect(first[path: "spec", "metrics"] == nil)
        #expect(first.annotations["autoscaling.alpha.kubernetes.io/metrics"]?.contains("s0-test") == true)
        try stage.send(.put, "/apis/autoscaling/v1" + path, first)
        #expect(try stage.send(.get, "/apis/autoscaling/v2beta2" + path) == beta)
    }
}
