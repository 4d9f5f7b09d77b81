import Foundation
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// Why an object has its replicas, asked through kube-apiserver with RBAC on.
    @Suite(.serialized, .swellOperator, .timeLimit(.minutes(5))) struct Decisions {
        /// Asks for decisions as somebody, with kubectl.
        static func ask(
            about name: String = "web",
            in cluster: TestCluster,
            as user: String? = nil
        ) async throws -> DecisionReport {
            let path = "/apis/decisions.swell.dev/v1alpha1/namespaces/\(cluster.namespace)/scaledobjects/\(name)"
            let answer = try await cluster.kubectl(["get", "--raw", path] + (user.map { ["--as=\($0)"] } ?? []))
            return try KubeJSON.decode(from: Array(answer.utf8))
        }

        /// What kubectl says of a question that is refused.
        static func refusal(
            about name: String = "web",
            in cluster: TestCluster,
            as user: String? = nil
        ) async -> String {
            let error = await #expect(throws: Command.Failed.self) { try await ask(about: name, in: cluster, as: user) }
            return error?.output ?? ""
        }

        /// Runs `swell explain scaledobject`.
        static func explain(_ arguments: String..., in cluster: TestCluster) async throws -> String {
            try await Command(
                program: "\(SwellProcess.executable)",
                environment: ["KUBECONFIG": TestServers.variable("KUBECONFIG")]
            )
            .run(["explain", "scaledobject"] + arguments + ["-n", cluster.namespace])
        }

        @Test func `whoever may view the namespace is told, and nobody else`() async throws {
            try await TestCluster.with { cluster in
                try await ExternalMetrics.install(in: cluster)
                let report = try await Self.ask(in: cluster)
                #expect(report.metadata.name == "web" && report.metadata.namespace == cluster.namespace)
                #expect(report.entries.last?.decision.triggers.map(\.type) == ["cron"])

                #expect(await Self.refusal(in: cluster, as: "jane").contains(#"User "jane" cannot get resource"#))
                try await cluster.kubectl(
                    "create",
                    "rolebinding",
                    "viewer",
                    "--clusterrole=view",
                    "--user=jane",
                    "-n",
                    cluster.namespace
                )
                try await eventually("jane's rights", within: .seconds(30)) {
                    try await !Self.ask(in: cluster, as: "jane").entries.isEmpty
                }
                #expect(await Self.refusal(in: cluster, as: "joe").contains("Forbidden"))
                #expect(await Self.refusal(about: "ghost", in: cluster).contains("ghost not found"))
            }
        }

        @Test func `discovery shows the API, and to kubectl a ScaledObject stays KEDA's`() async throws {
            try await TestCluster.with { cluster in
                try await ExternalMetrics.install(in: cluster)
                let resources = try await cluster.kubectl("api-resources", "--api-group=decisions.swell.dev")
                #expect(resources.contains("ScaledObjectDecisions"))
                let state = "jsonpath={.status.conditions[?(@.type==\"Available\")].status}"
                let service = "v1alpha1.decisions.swell.dev"
                try await eventually("the APIService to be available", within: .seconds(60)) {
                    try await cluster.kubectl("get", "apiservice", service, "-o", state) == "True"
                }
                for words in ["scaledobjects", "scaledobject", "so", "scaledobjects.keda.sh"] {
                    let kind = try await cluster.kubectl(
                        "get",
                        words,
                        "web",
                        "-n",
                        cluster.namespace,
                        "-o",
                        "jsonpath={.apiVersion}"
                    )
                    #expect(kind == "keda.sh/v1alpha1", "\(words)")
                }
                let ours = try await cluster.kubectl(
                    "get",
                    "scaledobjects.decisions.swell.dev",
                    "web",
                    "-n",
                    cluster.namespace,
                    "-o",
                    "jsonpath={.kind}"
                )
                #expect(ours == "ScaledObjectDecisions")
            }
        }

        @Test func `swell explain asks there, and tells what the HPA makes of it`() async throws {
            try await TestCluster.with { cluster in
                try await ExternalMetrics.install(in: cluster)
                try await eventually("the HPA's agreement", within: .seconds(60)) {
                    let text = try await Self.explain("web", in: cluster)
                    return text.contains("ScaledObject \(cluster.namespace)/web: 3 pods")
                        && text.contains("it wants 3 pods, as its algorithm does")
                }
                let json = try await Self.explain("web", "-o", "json", in: cluster)
                #expect(json.contains(#""kind":"ScaledObjectDecisions""#))
                let ghost = await #expect(throws: Command.Failed.self) {
                    try await Self.explain("ghost", in: cluster)
                }
                #expect(ghost?.output.contains("Error: ScaledObject \(cluster.namespace)/ghost not found") == true)
            }
        }
    }
}
