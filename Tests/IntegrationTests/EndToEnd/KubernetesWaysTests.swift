import Foundation
import TestKit
import Testing

extension RealServers {
    /// What people who know kubectl expect of any kind, with kubectl in the versions at hand.
    @Suite(.serialized, .swellOperator) struct KubernetesWays {
        @Test(arguments: [
            ("scaledobject.spec", "cooldownPeriod"), ("so.spec.triggers", "authenticationRef"),
            ("scaledjob.spec", "jobTargetRef"), ("triggerauthentication.spec", "secretTargetRef"),
            ("clustertriggerauthentication.spec", "hashiCorpVault"),
        ])
        func `kubectl explains our kinds`(path: String, field: String) async throws {
            for kubectl in try Install.kubectls() {
                // The API server tells of a new kind a little after it serves it; until then kubectl fails.
                try await eventually("an explanation of \(path)", within: .seconds(60)) {
                    let told = try? await kubectl.run(["explain", path])
                    return told?.contains(field) == true && told?.contains("DESCRIPTION") == true
                }
            }
        }

        @Test func `kubectl waits for conditions and shows what matters in columns`() async throws {
            try await TestCluster.with { cluster in
                try await cluster.deploy("web", replicas: 0)
                try await cluster.scale(
                    "web",
                    spec: #""minReplicaCount":0,"maxReplicaCount":4,"pollingInterval":1"#,
                    triggers: """
                        [{"type":"cron","metadata":{"timezone":"UTC","start":"0 0 1 1 *","end":"1 0 1 1 *",
                          "desiredReplicas":"3"}}]
                        """
                )
                for kubectl in try Install.kubectls() {
                    let namespace = ["-n", cluster.namespace]
                    for condition in ["Ready", "Active=False"] {
                        // kubectl 1.20 waits for True alone.
                        if condition.contains("="), kubectl.program != (try TestServers.variable("KUBECTL")) {
                            continue
                        }
                        try await kubectl.run(
                            ["wait", "--for=condition=\(condition)", "so/web", "--timeout=60s"] + namespace
                        )
                    }
                    let lines = try await kubectl.run(["get", "so", "web"] + namespace).split(separator: "\n")
                    let rows = lines.map { $0.split(separator: " ").map(String.init) }
                    #expect(
                        rows.first == [
                            "NAME", "SCALETARGETKIND", "SCALETARGETNAME", "MIN", "MAX", "READY", "ACTIVE", "FALLBACK",
                            "PAUSED", "TRIGGERS", "AUTHENTICATIONS", "AGE",
                        ]
                    )
                    #expect(
                        rows.last?.prefix(7) == ["web", "apps/v1.Deployment", "web", "0", "4", "True", "False"],
                        "\(lines)"
                    )
                    #expect(rows.last?.contains("cron") == true)
                    let all = try await kubectl.run(["get", "keda", "-o", "name"] + namespace)
                    #expect(all.contains("scaledobject.keda.sh/web"))
                }
            }
        }
    }
}
