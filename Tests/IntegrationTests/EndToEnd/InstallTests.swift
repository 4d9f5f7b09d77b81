import Foundation
import Testing

extension RealServers {
    /// What a user applies before the operator runs.
    @Suite(.serialized) struct Install {
        /// kubectl in the versions at hand.
        static func kubectls() throws -> [Command] {
            let environment = ["KUBECONFIG": try TestServers.variable("KUBECONFIG")]
            let programs = [try TestServers.variable("KUBECTL")] + [try? TestServers.variable("KUBECTL_DEBIAN")]
            return programs.compactMap { $0 }.map { Command(program: $0, environment: environment) }
        }

        @Test func `the CRDs apply by the client and by the server, and a second time changes nothing`() async throws {
            let folder = "\(TestServers.root)/config/crd"
            for kubectl in try Self.kubectls() {
                try await kubectl.run(["apply", "-f", folder])
                let again = try await kubectl.run(["apply", "-f", folder])
                let lines = again.split(separator: "\n")
                #expect(lines.count == 4)
                #expect(lines.allSatisfy { $0.hasSuffix("unchanged") }, "\(again)")
                try await kubectl.run(["apply", "--server-side", "--force-conflicts", "-f", folder])
                let versions = ["get", "-f", folder, "-o", "jsonpath={.items[*].metadata.resourceVersion}"]
                let before = try await kubectl.run(versions)
                try await kubectl.run(["apply", "--server-side", "-f", folder])
                #expect(try await kubectl.run(versions) == before)
            }
        }

        @Test func `rights and samples are what the API server takes`() async throws {
            for kubectl in try Self.kubectls() {
                try await kubectl.run(["apply", "-f", "\(TestServers.root)/config/crd"])
                try await kubectl.run(["apply", "-f", "\(TestServers.root)/config/rbac"])
                try await kubectl.run(["apply", "-f", "\(TestServers.root)/config/recommend"])
                try await kubectl.run(["apply", "--dry-run=server", "-f", "\(TestServers.root)/config/samples"])
            }
        }

        @Test func `all of it is one kustomization that the API server takes`() async throws {
            for kubectl in try Self.kubectls() {
                // A dry run finds neither namespace nor kinds that it would make itself.
                try await kubectl.run(["apply", "-f", "\(TestServers.root)/config/crd"])
                try await kubectl.run(["apply", "-f", "\(TestServers.root)/config/rbac"])
                let told = try await kubectl.run(
                    ["apply", "--dry-run=server", "-k", "\(TestServers.root)/config/default"]
                )
                #expect(told.contains("deployment.apps/keda-operator created (server dry run)"), "\(told)")
                #expect(told.split(separator: "\n").count == 23, "\(told)")
                let sharded = try await kubectl.run(
                    ["apply", "--dry-run=server", "-o", "yaml", "-k", "\(TestServers.root)/config/sharded"]
                )
                #expect(sharded.contains("- --shards=12") && sharded.contains("replicas: 3"), "\(sharded)")
                #expect(sharded.contains("name: keda-operator-shards"), "\(sharded)")
            }
        }

        @Test func `the API server takes all of it by server-side apply`() async throws {
            let config = "\(TestServers.root)/config"
            let apply = ["apply", "--server-side", "--force-conflicts"]
            for kubectl in try Self.kubectls() {
                for folder in ["crd", "rbac"] {
                    try await kubectl.run(apply + ["-k", "\(config)/\(folder)"])
                    let versions = ["get", "-k", "\(config)/\(folder)", "-o"]
                    let all = "jsonpath={.items[*].metadata.resourceVersion}"
                    let before = try await kubectl.run(versions + [all])
                    try await kubectl.run(["apply", "--server-side", "-k", "\(config)/\(folder)"])
                    #expect(try await kubectl.run(versions + [all]) == before)
                }
                // Webhooks that nobody serves would be in the way of other tests. Kubernetes 1.20 ends a server-side
                // apply of an APIService with an error of its own, whatever it holds.
                for folder in ["webhook", "manager"] {
                    try await kubectl.run(apply + ["--dry-run=server", "-k", "\(config)/\(folder)"])
                }
            }
        }

        @Test func `a kustomization names every manifest beside it`() throws {
            for folder in ["crd", "rbac", "apiservice", "webhook", "manager"] {
                let path = "\(TestServers.root)/config/\(folder)"
                let text = try String(contentsOfFile: "\(path)/Kustomization", encoding: .utf8)
                let named = text.split(separator: "\n").filter { $0.hasPrefix("  - ") }.map { String($0.dropFirst(4)) }
                let there = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".yaml") }
                #expect(named.sorted() == there.sorted(), "\(folder)")
            }
        }

        @Test func `each CRD stays small enough for kubectl's annotation`() throws {
            let folder = "\(TestServers.root)/config/crd"
            for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasSuffix(".yaml") {
                let size = try #require(FileManager.default.contents(atPath: "\(folder)/\(file)")).count
                #expect(size < 200_000, "\(file) has \(size) bytes")
            }
        }
    }
}
