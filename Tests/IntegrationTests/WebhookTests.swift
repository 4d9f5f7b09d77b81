import KubeModel
import TestKit
import Testing

extension RealServers {
    /// The webhooks as the real API server asks them.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct Webhooks {
        @Test func `creation is refused in KEDA's words`() async throws {
            try await WebhookTestServer.with { server in
                try await server.serving {
                    let long = String(repeating: "n", count: 55)
                    let refusal = try await server.cluster.refusal(of: WebhookTestServer.object(long, on: "web"))
                    #expect(
                        refusal?
                            .contains(
                                """
                                admission webhook "vscaledobject.kb.io" denied the request: HPA name "keda-hpa-\(long)" \
                                derived from scaledobject is 64 characters long
                                """
                            ) == true
                    )
                    #expect(refusal?.contains("Error from server (Forbidden)") == true)
                    #expect(
                        try await server.cluster.refusal(of: TestCluster.refused)?
                            .contains("externalID of PodIdentity requires roleArn to be set") == true
                    )
                }
            }
        }

        /// The object `a` on `web` with another maximum.
        static func changed(to maximum: Int) -> String {
            let spec = #""maxReplicaCount":\#(maximum),"triggers":[\#(WebhookTestServer.cron)]"#
            return WebhookTestServer.object("a", on: "web", spec: spec)
        }

        @Test func `who is on a workload already is seen, whatever made it`() async throws {
            try await WebhookTestServer.with { server in
                try await server.cluster.deploy("web", replicas: 0)
                try await server.serving {
                    #expect(try await server.cluster.refusal(of: WebhookTestServer.object("a", on: "web")) == nil)
                    let other = WebhookTestServer.object("b", on: "web")
                    try await eventually("the first object to be seen", within: .seconds(30)) {
                        try await server.cluster.refusal(of: other, "--dry-run=server")?
                            .contains("already managed by the ScaledObject 'a'") == true
                    }
                    #expect(try await server.cluster.refusal(of: Self.changed(to: 7)) == nil)
                    try await server.cluster.kubectl(
                        "autoscale",
                        "deployment",
                        "web",
                        "--name=theirs",
                        "--max=3",
                        "-n",
                        server.cluster.namespace
                    )
                    try await eventually("the other HPA to be seen", within: .seconds(30)) {
                        try await server.cluster.refusal(of: Self.changed(to: 8), "--dry-run=server")?
                            .contains("already managed by the hpa 'theirs'") == true
                    }
                    // The object has become invalid, and must still be able to go: the operator takes its finalizer.
                    try await server.cluster.kubectl(
                        "delete",
                        "so",
                        "a",
                        "--timeout=60s",
                        "-n",
                        server.cluster.namespace
                    )
                }
            }
        }

        @Test func `what KEDA admits is admitted with warnings`() async throws {
            try await WebhookTestServer.with { server in
                try await server.serving {
                    let spec = #""triggers":[{"type":"crom","metadata":{}}]"#
                    let object = WebhookTestServer.object("odd", on: "web", spec: spec)
                    let warning = try await server.cluster.refusal(
                        of: object,
                        "--warnings-as-errors",
                        "--dry-run=server"
                    )
                    #expect(
                        warning?
                            .contains(
                                #"Warning: spec.triggers[0].type: no scaler found for type: crom, did you mean "cron"?"#
                            ) == true
                    )
                    #expect(try await server.cluster.refusal(of: object) == nil)
                }
            }
        }

        @Test func `cpu needs a target with requests`() async throws {
            try await WebhookTestServer.with { server in
                try await server.serving {
                    let spec =
                        #""minReplicaCount":1,"triggers":[{"type":"cpu","metricType":"Utilization","metadata":{"value":"50"}}]"#
                    let object = WebhookTestServer.object("busy", on: "busy", spec: spec)
                    #expect(
                        try await server.cluster.refusal(of: object)?.contains(#"Deployment.apps "busy" not found"#)
                            == true
                    )
                    #expect(try await server.cluster.refusal(of: object, "--dry-run=server") == nil)
                    try await server.cluster.deploy("busy", replicas: 1)
                    #expect(
                        try await server.cluster.refusal(of: object)?
                            .contains("the container main doesn't have the cpu request defined") == true
                    )
                    try await server.cluster.apply(
                        """
                        {"apiVersion":"v1","kind":"LimitRange","metadata":{"name":"defaults"},
                         "spec":{"limits":[{"type":"Container","defaultRequest":{"cpu":"100m"}}]}}
                        """
                    )
                    #expect(try await server.cluster.refusal(of: object) == nil)
                }
            }
        }

        @Test func `a server that is down stops nobody`() async throws {
            try await WebhookTestServer.with { server in
                // Serving begins with a refusal, so the API server did ask before the server went down.
                try await server.serving {}
                #expect(try await server.cluster.refusal(of: TestCluster.refused) == nil)
                let long = String(repeating: "n", count: 55)
                #expect(try await server.cluster.refusal(of: WebhookTestServer.object(long, on: "web")) == nil)
                try await server.cluster.kubectl("delete", "so", long, "-n", server.cluster.namespace)
            }
        }

        @Test func `the configuration for a cluster is what the API server takes`() async throws {
            for kubectl in try Install.kubectls() {
                try await kubectl.run(["apply", "-f", "\(TestServers.root)/config/rbac"])
                try await kubectl.run(["apply", "--dry-run=server", "-f", "\(TestServers.root)/config/webhook"])
            }
        }
    }
}
