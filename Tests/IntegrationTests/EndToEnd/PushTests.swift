import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// A key of etcd drives workloads that are polled every five minutes, on the real control plane.
    @Suite(.serialized, .swellOperator, .timeLimit(.minutes(5))) struct Pushes {
        /// A Deployment at rest that follows a key, over TLS or not, and has been polled once.
        static func follow(_ key: String, overTLS: Bool = false, _ spec: JSONValue = [:], in cluster: TestCluster)
            async throws
        {
            let parameters = try TestEtcd.login.merging(overTLS ? TestEtcd.certificates : [:]) { $1 }
            let secret: JSONValue = [
                "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "etcd"],
                "stringData": .object(parameters.mapValues { .string($0) }),
            ]
            let references = parameters.keys.sorted()
                .map { JSONValue.object(["parameter": .string($0), "name": "etcd", "key": .string($0)]) }
            let authentication: JSONValue = [
                "apiVersion": "keda.sh/v1alpha1", "kind": "TriggerAuthentication", "metadata": ["name": "etcd"],
                "spec": ["secretTargetRef": .array(references)],
            ]
            for object in [secret, authentication] {
                try await cluster.apply(String(decoding: KubeJSON.encode(object), as: UTF8.self))
            }
            let metadata = try TestEtcd.metadata(key, overTLS: overTLS)
            let trigger: JSONValue = [
                "type": "etcd", "metadata": .object(metadata.mapValues { .string($0) }),
                "authenticationRef": ["name": "etcd"],
            ]
            var whole: JSONValue = ["pollingInterval": 300, "maxReplicaCount": 50]
            for (name, value) in spec.object ?? [:] { whole[name] = value }
            try await cluster.scaled("web", by: [trigger], spec: whole)
            try await cluster.reach(.ready, .yes, of: "web")
        }

        @Test(arguments: [false, true])
        func `with an HPA a number that is written wakes the workload at once`(overTLS: Bool) async throws {
            let key = TestEtcd.key()
            try await TestEtcd.put(key, "0")
            try await TestCluster.with { cluster in
                try await Self.follow(key, overTLS: overTLS, in: cluster)
                #expect(try await cluster.replicas("web") == 0)
                try await TestEtcd.put(key, "35")
                try await cluster.reach(4, "web")
            }
        }

        @Test func `the direct engine goes at once where the number says, and from there on`() async throws {
            let key = TestEtcd.key()
            try await TestEtcd.put(key, "0")
            let eager: JSONValue = [
                "scaleUp": ["policies": [["type": "Pods", "value": 100, "periodSeconds": 15]]]
            ]
            try await TestCluster.with { cluster in
                try await Self.follow(
                    key,
                    ["advanced": ["horizontalPodAutoscalerConfig": ["behavior": eager]]],
                    in: cluster
                )
                try await cluster.annotate("web", ScalingEngine.annotation, "direct")
                try await eventually("the direct engine", within: .seconds(30)) {
                    try await cluster.condition(.hpaActive, of: "web")?.reason == "DirectEngine"
                }
                for (value, replicas) in [("20", 2), ("65", 7), ("200", 20)] {
                    let start = ContinuousClock.now
                    try await TestEtcd.put(key, value)
                    try await cluster.reach(replicas, "web")
                    // A poll comes every 15 s only.
                    #expect(ContinuousClock.now - start < .seconds(10), "\(replicas) pods were not there at once")
                }
            }
        }

        @Test func `after etcd was away its watch goes on, and what was written before is not lost`() async throws {
            let key = TestEtcd.key()
            try await TestEtcd.put(key, "0")
            try await TestCluster.with { cluster in
                try await Self.follow(key, in: cluster)
                try await TestEtcd.control("stop")
                try await TestEtcd.control("start")
                try await TestEtcd.put(key, "15")
                try await cluster.reach(2, "web")
            }
        }
    }
}
