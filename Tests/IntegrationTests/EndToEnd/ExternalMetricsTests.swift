import Foundation
import KubeClient
import KubeModel
import TestKit
import Testing

extension RealServers {
    /// What the operator answers through kube-apiserver, with RBAC on.
    @Suite(.serialized, .swellOperator, .timeLimit(.minutes(5))) struct ExternalMetrics {
        /// The metric of an object that is always open.
        static let metric = "s0-cron-UTC-xxxxx-00292x"

        /// Asks for a metric as somebody, with kubectl.
        static func ask(
            _ metric: String = metric,
            of object: String? = "web",
            in cluster: TestCluster,
            as user: String? = nil
        ) async throws -> JSONValue {
            let query = object.map { "?labelSelector=scaledobject.keda.sh%2Fname%3D\($0)" } ?? ""
            let path = "/apis/external.metrics.k8s.io/v1beta1/namespaces/\(cluster.namespace)/\(metric)\(query)"
            let answer = try await Command(
                program: TestServers.variable("KUBECTL"),
                environment: ["KUBECONFIG": TestServers.variable("KUBECONFIG")]
            )
            .run(["get", "--raw", path] + (user.map { ["--as=\($0)"] } ?? []))
            return try KubeJSON.decode(from: Array(answer.utf8))
        }

        /// What kubectl says of a question that is refused.
        static func refusal(
            _ metric: String = metric,
            of object: String? = "web",
            in cluster: TestCluster,
            as user: String? = nil
        ) async -> String {
            let error = await #expect(throws: Command.Failed.self) {
                try await ask(metric, of: object, in: cluster, as: user)
            }
            return error?.output ?? ""
        }

        /// An object with a metric, ready to be asked for.
        static func install(in cluster: TestCluster) async throws {
            try await Neighbours.deploy("web", replicas: 0, in: cluster)
            try await Neighbours.create("web", [Neighbours.always(3)], in: cluster)
            try await Neighbours(in: cluster, []).recover(["web"])
        }

        @Test func `thousands of reads through the API server are all answered`() async throws {
            try await TestCluster.with { cluster in
                try await Self.install(in: cluster)
                let request = KubeRequest(
                    .get,
                    path: ["apis", "external.metrics.k8s.io", "v1beta1", "namespaces", cluster.namespace, Self.metric],
                    query: [KubeRequest.QueryItem("labelSelector", "scaledobject.keda.sh/name=web")]
                )
                // As many as were answered before the connection was dropped, and more; each asked once.
                try await withThrowingTaskGroup { group in
                    for _ in 0..<16 {
                        group.addTask {
                            for _ in 0..<250 { _ = try await cluster.client.send(request) }
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }

        @Test func `who may list the metric is answered, and nobody else`() async throws {
            try await TestCluster.with { cluster in
                try await Self.install(in: cluster)
                let answer = try await Self.ask(in: cluster)
                #expect(answer["kind"] == "ExternalMetricValueList")
                #expect(answer["items"]?.array?.count == 1)
                let item = try #require(answer["items"]?.array?.first)
                #expect(item["metricName"] == .string(Self.metric))
                #expect(item["value"] == "3")
                #expect(item["timestamp"]?.string?.hasSuffix("Z") == true)

                try await cluster.apply(
                    """
                    {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"reader"},
                     "rules":[{"apiGroups":["external.metrics.k8s.io"],"resources":["\(Self.metric)"],"verbs":["list"]}]}
                    """
                )
                try await cluster.kubectl(
                    "create",
                    "rolebinding",
                    "reader",
                    "--role=reader",
                    "--user=jane",
                    "-n",
                    cluster.namespace
                )
                try await eventually("jane's rights", within: .seconds(30)) {
                    try await Self.ask(in: cluster, as: "jane")["items"]?.array?.count == 1
                }
                let refusal = await Self.refusal(in: cluster, as: "joe")
                #expect(refusal.contains("Forbidden"))
                #expect(refusal.contains("User \"joe\" cannot list resource \"\(Self.metric)\""))
                #expect(await Self.refusal("s1-other", in: cluster, as: "jane").contains("Forbidden"))
            }
        }

        @Test func `a name is compared without regard to case, and what is not there is named`() async throws {
            try await TestCluster.with { cluster in
                try await Self.install(in: cluster)
                let lower = try await Self.ask(Self.metric.lowercased(), in: cluster)
                #expect(lower["items"]?.array?.count == 1)
                #expect(await Self.refusal("s9-none", in: cluster).contains("no matching metrics found for s9-none"))
                #expect(await Self.refusal(of: "ghost", in: cluster).contains("\"ghost\" not found"))
                #expect(await Self.refusal(of: nil, in: cluster).contains("scaledObject name is not specified"))
                #expect(await Self.refusal(of: "%3D%3D", in: cluster).contains("labelSelector"))
            }
        }

        @Test func `discovery shows the API`() async throws {
            try await TestCluster.with { cluster in
                let resources = try await cluster.kubectl("api-resources", "--api-group=external.metrics.k8s.io")
                #expect(resources.contains("externalmetrics"))
                let service = "v1beta1.external.metrics.k8s.io"
                let state = "jsonpath={.status.conditions[?(@.type==\"Available\")].status}"
                #expect(try await cluster.kubectl("get", "apiservice", service, "-o", state) == "True")
            }
        }
    }
}
