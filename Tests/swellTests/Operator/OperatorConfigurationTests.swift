import ArgumentParser
import Foundation
import KubeClient
import Outbound
import Scaling
import Serving
import Testing

@testable import swell

@Suite struct OperatorConfigurationTests {
    /// What flags and variables come to, with a kubeconfig of nothing but a server.
    static func configuration(
        _ flags: [String] = [],
        _ environment: [String: String] = [:]
    ) throws -> OperatorConfiguration {
        let file = FileManager.default.temporaryDirectory.appending(path: "swell-\(UUID().uuidString).kubeconfig")
        try Data(
            """
            {"apiVersion":"v1","kind":"Config","current-context":"c",
             "clusters":[{"name":"k","cluster":{"server":"http://127.0.0.1:1"}}],
             "users":[{"name":"u","user":{}}],"contexts":[{"name":"c","context":{"cluster":"k","user":"u"}}]}
            """
            .utf8
        )
        .write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let command = try OperatorCommand.parse(GoArguments(["--kubeconfig", file.path()] + flags).ours())
        return try OperatorConfiguration(command, environment: environment)
    }

    @Test(
        arguments: [
            ([], [:], []),
            ([], ["WATCH_NAMESPACE": ""], []),
            ([], ["WATCH_NAMESPACE": "\"\""], []),
            ([], ["WATCH_NAMESPACE": "a,b"], ["a", "b"]),
            (["--watch-namespace", "x", "--watch-namespace", "y"], ["WATCH_NAMESPACE": "a"], ["x", "y"]),
        ] as [([String], [String: String], [String])]
    )
    func `namespaces come from the flag, else from the variable, else mean all`(
        flags: [String],
        environment: [String: String],
        namespaces: [String]
    ) throws {
        #expect(try Self.configuration(flags, environment).namespaces == namespaces)
    }

    @Test func `addresses have their defaults, and a zero turns a port off`() throws {
        let usual = try Self.configuration()
        #expect(usual.externalMetricsAddress == .everywhere(port: 6443))
        #expect(usual.metricsAddresses == [.everywhere(port: 8080)])
        #expect(usual.healthAddress == .everywhere(port: 8081))
        let other = try Self.configuration(["--metrics-bind-address", "0", "--health-bind-address", ":9000"])
        #expect(other.metricsAddresses == [])
        #expect(other.healthAddress == .everywhere(port: 9000))
    }

    @Test func `nothing of the environment shows in a description`() throws {
        let configuration = try Self.configuration([], ["PGPASSWORD": "canary-4711"])
        #expect(!String(describing: configuration).contains("canary-4711"))
        #expect(!String(reflecting: configuration).contains("canary-4711"))
    }

    @Test func `who only recommends has a Lease of its own, and leaves KEDA's alone`() throws {
        #expect(try Self.configuration().mode == .manage)
        #expect(try Self.configuration().leaderElectionID == "operator.keda.sh")
        let recommending = try Self.configuration(["--mode", "recommend", "--leader-elect"])
        #expect(recommending.mode == .recommend)
        #expect(recommending.leaderElectionID == "swell-recommend")
        #expect(try Self.configuration(["--mode=recommend", "--leader-election-id=x"]).leaderElectionID == "x")
        let error = #expect(throws: ValidationError.self) {
            try Self.configuration(["--mode=recommend", "--leader-election-id=operator.keda.sh"])
        }
        #expect(error?.message.contains("leave it out with --mode recommend") == true)
        #expect(throws: (any Error).self) { try Self.configuration(["--mode=watch"]) }
    }

    @Test func `flags of what only who manages serves or writes are told`() throws {
        let flags = [
            "--enable-cert-rotation", "--secure-port=443", "--webhook-bind-address=0", "--metrics-bind-address=:1",
            "--leader-elect",
        ]
        let texts = try Self.configuration(["--mode=recommend"] + flags).remarks.map(\.text)
        #expect(
            texts.map { $0.prefix { $0 != " " } } == [
                "--enable-cert-rotation", "--secure-port", "--webhook-bind-address",
            ]
        )
        #expect(texts.allSatisfy { $0.contains("has no effect with --mode recommend") })
        #expect(try Self.configuration(flags).remarks.isEmpty)
    }
}
