import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// Triggers whose source is the cluster itself.
    @Suite(.serialized, .swellOperator) struct ClusterTriggers {
        @Test func `a workload follows the pods of another one, up and down`() async throws {
            try await TestCluster.with { cluster in
                try await cluster.deploy("source", replicas: 0)
                try await cluster.deploy("web", replicas: 0)
                try await cluster.scale(
                    "web",
                    spec: #""pollingInterval":1,"cooldownPeriod":1"#,
                    triggers: """
                        [{"type":"kubernetes-workload","metadata":{"podSelector":"app=source","value":"2"}}]
                        """
                )
                try await eventually("readiness", within: .seconds(30)) {
                    try await cluster.condition(.ready, of: "web")?.status == .yes
                }
                try await cluster.kubectl("scale", "deployment/source", "-n", cluster.namespace, "--replicas=7")
                try await eventually("ceil(7/2) = 4 pods", within: .seconds(60)) {
                    try await cluster.replicas("web") == 4
                }
                try await cluster.kubectl("scale", "deployment/source", "-n", cluster.namespace, "--replicas=0")
                try await eventually("none", within: .seconds(90)) { try await cluster.replicas("web") == 0 }
            }
        }

        @Test(arguments: ["configmap", "secret"])
        func `a number in an object of the namespace drives a workload`(kind: String) async throws {
            try await TestCluster.with { cluster in
                try await cluster.deploy("web", replicas: 0)
                let create = kind == "secret" ? ["secret", "generic"] : ["configmap"]
                let state =
                    #"--from-literal=state.json={"jobs":[{"state":"queued"},{"state":"done"},{"state":"queued"}]}"#
                try await cluster.kubectl(["create"] + create + ["jobs", "-n", cluster.namespace, state])
                try await cluster.scale(
                    "web",
                    triggers: """
                        [{"type":"kubernetes-resource","metadata":{
                          "resourceKind":"\(kind == "secret" ? "Secret" : "ConfigMap")","resourceName":"jobs",
                          "key":"state.json","format":"json","targetValue":"1",
                          "valueLocation":"jobs.#(state==\\"queued\\")#|#"}}]
                        """
                )
                try await eventually("2 pods for 2 jobs", within: .seconds(60)) {
                    try await cluster.replicas("web") == 2
                }
                #expect(try await cluster.object("web").status?.externalMetricNames == ["s0-\(kind)-jobs-state-json"])
            }
        }

        @Test func `the API server takes an HPA with cpu and memory, of a container too`() async throws {
            try await TestCluster.with { cluster in
                try await cluster.deploy("web", replicas: 2)
                try await cluster.scale(
                    "web",
                    spec: #""pollingInterval":1,"minReplicaCount":1"#,
                    triggers: """
                        [{"type":"cpu","metricType":"Utilization","metadata":{"value":"60"}},
                         {"type":"cpu","metricType":"Utilization","metadata":{"value":"70","containerName":"main"}},
                         {"type":"memory","metricType":"AverageValue","metadata":{"value":"256Mi"}}]
                        """
                )
                try await eventually("the HPA", within: .seconds(30)) {
                    try await cluster.condition(.ready, of: "web")?.status == .yes
                }
                let metrics = try #require(try await cluster.hpa("web").spec.metrics)
                // API servers that keep HPAs as autoscaling/v1 give cpu back as the last one.
                #expect(
                    Set(metrics.compactMap(\.resource)) == [
                        .init(name: "cpu", target: .utilization(60)),
                        .init(name: "memory", target: .averageValue(Quantity(256 << 20))),
                    ]
                )
                #expect(
                    metrics.compactMap(\.containerResource) == [
                        .init(name: "cpu", container: "main", target: .utilization(70))
                    ]
                )
            }
        }
    }
}
