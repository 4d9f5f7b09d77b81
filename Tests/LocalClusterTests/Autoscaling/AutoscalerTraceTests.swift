import Foundation
import KubeModel
import Outbound
import Synchronization
import TestKit
import Testing

@testable import LocalCluster

/// This cluster's HPAs against what a real controller did.
@Suite struct AutoscalerTraceTests {
    /// What each metric reads, to be changed by the test.
    final class Board: Sendable {
        /// As in a trace.
        let read = Mutex<[[Int64]?]>([])

        /// The values of a metric such as `m0`.
        func values(of metric: String) throws -> [Quantity] {
            let read = read.withLock { $0 }
            guard let index = Int(metric.dropFirst()), read.indices.contains(index), let values = read[index] else {
                throw OutboundError(.timedOut, "it is silent")
            }
            return values.map { Quantity(milli: $0) }
        }
    }

    /// A cluster with a trace's target, pods and HPA.
    struct Scene {
        let clock = ManualClock()
        let board = Board()
        let cluster: LocalCluster
        let name: String

        /// Sets the scene.
        init(_ trace: AutoscalerTrace) throws {
            var configuration = LocalCluster.Configuration()
            configuration.runsWorkloads = false
            configuration.downscaleStabilization = .seconds(trace.downscaleStabilization)
            configuration.seed = trace.seed
            self.cluster = LocalCluster(configuration, time: clock.source) { [board] _, metric, _ in
                try board.values(of: metric)
            }
            self.name = trace.spec.scaleTargetRef.name
            try send(.post, Place.definitions, Sample.definition(hasStatus: false))
            var target = Sample.widget(name, ["replicas": .integer(Int64(trace.looks.first?.from ?? 0))])
            target["status"] = ["replicas": .integer(Int64(trace.existingReplicas)), "selector": "app=web"]
            try send(.post, Place.widgets, target)
            for (index, isReady) in trace.pods.enumerated() {
                try send(.post, Place.pods, Self.pod("p\(index)"))
                let ready: JSONValue = ["type": "Ready", "status": isReady ? "True" : "False"]
                let status: JSONValue = ["status": ["phase": "Running", "conditions": [ready]]]
                try send(.patch, Place.pods + "/p\(index)/status", status, type: "application/merge-patch+json")
            }
            var spec = trace.spec
            spec.scaleTargetRef.apiVersion = "example.com/v1"
            spec.scaleTargetRef.kind = "Widget"
            let hpa = HorizontalPodAutoscaler(
                apiVersion: "autoscaling/v2",
                metadata: ObjectMeta(name: name),
                spec: spec
            )
            try send(.post, Place.autoscalers, try KubeJSON.value(of: hpa))
        }

        /// A pod of the target.
        private static func pod(_ name: String) -> JSONValue {
            [
                "apiVersion": "v1", "kind": "Pod",
                "metadata": ["name": .string(name), "labels": ["app": "web"]],
                "spec": ["containers": [["name": "main", "image": "none"]]],
            ]
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

        /// The replicas that the target wants.
        func replicas() throws -> Int { try send(.get, Place.widgets + "/\(name)").count("spec", "replicas") }

        /// Sets them.
        func set(replicas: Int) throws {
            let change: JSONValue = ["spec": ["replicas": .integer(Int64(replicas))]]
            try send(.patch, Place.widgets + "/\(name)", change, type: "application/merge-patch+json")
        }

        /// The HPA's status.
        func status() throws -> AutoscalerStatus? {
            let hpa = try send(.get, Place.autoscalers + "/\(name)")
            return AutoscalerStatus(try KubeJSON.decode(HorizontalPodAutoscaler.self, from: hpa).status)
        }
    }

    @Test func `an HPA does what the real controller did, look by look`() async throws {
        for trace in try AutoscalerTrace.all() {
            let scene = try Scene(trace)
            var now = 0.0
            for (index, look) in trace.looks.enumerated() {
                scene.clock.advance(by: .milliseconds(Int(((look.at - now) * 1000).rounded())))
                now = look.at
                scene.board.read.withLock { $0 = look.read }
                // Somebody else sets the replicas only where the controller leaves them at 0.
                if try scene.replicas() == 0 { try scene.set(replicas: look.from) }
                #expect(try scene.replicas() == look.from, "seed \(trace.seed), look \(index)")
                try await scene.cluster.followAutoscalers()
                #expect(try scene.status() == look.status, "seed \(trace.seed), look \(index)")
            }
        }
    }
}
