import Foundation
import KubeClient
import KubeModel
import Outbound
import Scaling
import TestKit
import Testing

@testable import Operator

extension RealServers {
    /// Credentials that change while a trigger runs, and tokens, on the real control plane.
    @Suite(.serialized, .swellOperator) struct Credentials {
        /// Runs SQL as the database's owner.
        static func run(_ sql: String) async throws {
            try await Command(program: "/usr/bin/psql")
                .run(["-v", "ON_ERROR_STOP=1", "-q", "-d", TestServers.variable("POSTGRES_URI")], input: sql)
        }

        /// A role of the database, with the Secret that has its connection and what refers to that.
        static func install(_ role: String, _ password: String, in cluster: TestCluster) async throws {
            try await cluster.apply(
                """
                {"apiVersion":"v1","kind":"Secret","metadata":{"name":"db"},
                 "stringData":{"connection":"\(connection(role, password))"}}
                ---
                {"apiVersion":"keda.sh/v1alpha1","kind":"TriggerAuthentication","metadata":{"name":"db"},
                 "spec":{"secretTargetRef":[{"parameter":"connection","name":"db","key":"connection"}]}}
                """
            )
        }

        /// The connection of a role.
        static func connection(_ role: String, _ password: String) throws -> String {
            let (host, port) = try (TestServers.variable("POSTGRES_HOST"), TestServers.variable("POSTGRES_PORT"))
            let database = try TestServers.variable("POSTGRES_DB")
            return "postgresql://\(role):\(password)@\(host):\(port)/\(database)?sslmode=disable"
        }

        /// What the trigger asks: which role asks, told by the number of its replicas.
        static func trigger(_ query: String) -> String {
            """
            [{"type":"postgresql","metadata":{"query":"\(query)","targetQueryValue":"1"},
              "authenticationRef":{"name":"db"}}]
            """
        }

        @Test func `a rotated Secret is used by the next poll, and none fails`() async throws {
            let mark = UUID().uuidString.lowercased().prefix(8)
            let roles = ["one_\(mark)", "two_\(mark)"]
            for role in roles { try await Self.run("CREATE ROLE \(role) LOGIN PASSWORD 'canary\(mark)'") }
            try await TestCluster.with { cluster in
                try await Self.install(roles[0], "canary\(mark)", in: cluster)
                try await cluster.deploy("web", replicas: 0)
                // Two pods for the first role, five for the second.
                try await cluster.scale(
                    "web",
                    spec: #""pollingInterval":1,"cooldownPeriod":3"#,
                    triggers: Self.trigger("SELECT CASE WHEN current_user LIKE 'one%' THEN 2 ELSE 5 END")
                )
                try await eventually("two pods", within: .seconds(60)) { try await cluster.replicas("web") == 2 }
                try await Self.install(roles[1], "canary\(mark)", in: cluster)
                try await eventually("five pods", within: .seconds(60)) { try await cluster.replicas("web") == 5 }
                #expect(try await cluster.events("KEDAScalerFailed", about: "web").isEmpty)
                #expect(try await cluster.condition(.ready, of: "web")?.status == .yes)

                // The first role may not come in any more: who still asked as it would fail.
                try await Self.run("DROP ROLE \(roles[0])")
                try await eventually("a look after that", within: .seconds(30)) {
                    try await cluster.condition(.ready, of: "web")?.status == .yes
                }
                #expect(try await cluster.events("KEDAScalerFailed", about: "web").isEmpty)
                #expect(try SwellProcess.current?.wholeLog.contains("canary\(mark)") == false)
            }
            try await Self.run("DROP ROLE \(roles[1])")
        }

        @Test func `a Secret that comes late is picked up without waiting for the next tick`() async throws {
            let role = "late_\(UUID().uuidString.lowercased().prefix(8))"
            try await Self.run("CREATE ROLE \(role) LOGIN PASSWORD 'secret'")
            try await TestCluster.with { cluster in
                try await cluster.deploy("web", replicas: 0)
                try await cluster.scale("web", spec: #""pollingInterval":3600"#, triggers: Self.trigger("SELECT 3"))
                try await eventually("a gap that is named", within: .seconds(60)) {
                    let message = try await cluster.condition(.ready, of: "web")?.message
                    return message?.contains("TriggerAuthentication \(cluster.namespace)/db does not exist") == true
                }
                try await Self.install(role, "secret", in: cluster)
                try await eventually("a trigger that works", within: .seconds(60)) {
                    try await cluster.condition(.ready, of: "web")?.status == .yes
                }
            }
            try await Self.run("DROP ROLE \(role)")
        }

        @Test func `the API server makes tokens of service accounts`() async throws {
            try await TestCluster.with { cluster in
                try await cluster.apply(#"{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"robot"}}"#)
                let reader = ClientConfigReader(client: cluster.client, time: .system)
                let made = try #require(try await reader.token(of: cluster.key("robot"), lasting: .seconds(3600)))
                #expect(made.lifetime > .seconds(3500) && made.lifetime <= .seconds(3601))
                let file = FileManager.default.temporaryDirectory.appending(path: "swell-\(cluster.namespace).token")
                try made.token.withValue { try $0.write(to: file, atomically: true, encoding: .utf8) }
                // The real thing passes for one where a Vault is to be shown a file.
                #expect(try CredentialFiles(root: nil).serviceAccountToken(in: file.path) == made.token)
                try FileManager.default.removeItem(at: file)
                #expect(try await reader.token(of: cluster.key("nobody"), lasting: .seconds(3600)) == nil)
            }
        }
    }
}
