import Foundation
import KubeClient
import KubeModel
import Outbound
import Scaling
import Synchronization
import TestKit
import Testing

/// The whole operator with a trigger that pushes, polled every five minutes.
@Suite struct WholePushFlowTests {
    /// An etcd with one key.
    final class OneKey: Sendable {
        /// What the key holds, how often it was watched, and who watches it.
        private let state = Mutex((value: 0, watches: 0, stream: ScriptedStream?.none))
        /// How often it was read.
        let reads = Mutex(0)

        /// How often it was watched.
        var watches: Int { state.withLock { $0.watches } }

        /// Writes the key, and tells who watches it.
        func put(_ value: Int) {
            let stream = state.withLock { state in
                state.value = value
                return state.stream
            }
            stream?
                .send("{\"result\":{\"header\":{},\"events\":[{\"kv\":{\"value\":\"\(Self.base64(value))\"}}]}}\n")
        }

        /// Ends the watch in good order.
        func end() {
            let stream = state.withLock { state in
                defer { state.stream = nil }
                return state.stream
            }
            stream?.finish()
        }

        /// Answers a request.
        func answer(to request: HTTPRequest) -> ScriptedTransport.Answer {
            if request.url.path.hasSuffix("/watch") {
                let stream = ScriptedStream()
                stream.send("{\"result\":{\"header\":{},\"created\":true}}\n")
                state.withLock { state in
                    state.watches += 1
                    state.stream = stream
                }
                return .stream(HTTPResponseHead(status: 200), stream)
            }
            reads.withLock { $0 += 1 }
            let value = state.withLock { $0.value }
            return .json("{\"header\":{},\"kvs\":[{\"value\":\"\(Self.base64(value))\"}]}")
        }

        /// A number as the gateway gives it.
        private static func base64(_ value: Int) -> String { Data("\(value)".utf8).base64EncodedString() }
    }

    static let deployments = ResourceType(GroupVersion("apps", "v1"), kind: "Deployment", plural: "deployments")
    static let key = ObjectKey(namespace: "default", name: "web")

    /// Creates a Deployment at rest that follows the key, with room to grow.
    static func plant(in world: WholeOperator, engine: String) async throws {
        try await world.create(
            deployments,
            "web",
            [
                "spec": [
                    "replicas": 0, "selector": ["matchLabels": ["app": "web"]],
                    "template": [
                        "metadata": ["labels": ["app": "web"]],
                        "spec": ["containers": [["name": "main", "image": "none"]]],
                    ],
                ]
            ]
        )
        let object: JSONValue = [
            "apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject",
            "metadata": ["name": "web", "annotations": [ScalingEngine.annotation: .string(engine)]],
            "spec": [
                "scaleTargetRef": ["name": "web"], "pollingInterval": 300,
                "triggers": [["type": "etcd", "metadata": ["endpoints": "etcd", "watchKey": "k", "value": "10"]]],
            ],
        ]
        _ = try await world.client.send(.create(object, as: ScaledObject.resourceType, in: "default"))
    }

    /// Waits until the Deployment wants so many pods.
    static func reach(_ replicas: Int, in world: WholeOperator) async throws {
        try await eventually("\(replicas) pods") {
            try await world.client.scale(of: deployments, key).replicas == replicas
        }
    }

    @Test(arguments: [("hpa", 1), ("direct", 4)])
    func `a number that is written is acted upon, and listening ends with the object`(
        engine: String,
        replicas: Int
    ) async throws {
        let (world, etcd) = (try await WholeOperator(), OneKey())
        try await Self.plant(in: world, engine: engine)
        try await world.withOperator(http: ScriptedTransport { etcd.answer(to: $0) }) { _ in
            try await eventually("the watch, and the poll that it begins with") {
                etcd.watches == 1 && etcd.reads.withLock { $0 } >= 2
            }
            etcd.put(35)
            try await Self.reach(replicas, in: world)
            try await world.client.delete(ScaledObject.resourceType, Self.key)
            try await eventually("the end of the object") {
                try await !world.has(ScaledObject.resourceType, "web")
            }
        }
        #expect(etcd.watches == 1)
    }

    @Test func `what is written while nobody listens is found when listening begins anew`() async throws {
        let (world, etcd) = (try await WholeOperator(), OneKey())
        try await Self.plant(in: world, engine: "hpa")
        try await world.withOperator(http: ScriptedTransport { etcd.answer(to: $0) }) { _ in
            try await eventually("the watch") { etcd.watches == 1 && etcd.reads.withLock { $0 } >= 2 }
            etcd.end()
            etcd.put(25)
            try await Self.reach(1, in: world)
            #expect(etcd.watches == 2)
        }
    }
}
