import Foundation
import KubeClient
import KubeModel
import LocalCluster
import Outbound
import OutboundCurl
import Testing

/// The servers on which each test of the suite runs; all must agree.
enum APIServer: String, Sendable, CaseIterable, CustomTestStringConvertible {
    /// LocalCluster in this process.
    case inProcess
    /// LocalCluster over HTTPS.
    case overHTTPS
    /// kube-apiserver, as `config/dev/servers.sh` starts it.
    case real

    /// Those at hand: without kube-apiserver the suite still checks LocalCluster.
    static var atHand: [APIServer] {
        ProcessInfo.processInfo.environment[realConfiguration] == nil ? [.inProcess, .overHTTPS] : allCases
    }

    /// Its name.
    var testDescription: String { rawValue }

    /// Where `servers.sh` says how to reach kube-apiserver.
    private static let realConfiguration = "SWELL_TEST_KUBECONFIG"

    /// Runs a test in a namespace of its own.
    func withSession(
        historyCapacity: Int = 2048,
        _ test: @Sendable @escaping (APISession) async throws -> Void
    ) async throws {
        switch self {
        case .inProcess:
            let cluster = Self.cluster(historyCapacity)
            let endpoint = TransportEndpoint(transport: cluster.transport, address: LocalCluster.address)
            try await Self.run(test, on: endpoint)
        case .overHTTPS:
            try await withLocalServer(Self.cluster(historyCapacity)) { kubeconfig in
                let files = TextFiles.memory(["memory": kubeconfig])
                let configuration = try KubeConfiguration.load(kubeconfig: "memory", environment: [:], files: files)
                try await Self.run(test, at: configuration)
            }
        case .real:
            let path = ProcessInfo.processInfo.environment[Self.realConfiguration] ?? ""
            try await Self.run(test, at: try KubeConfiguration.load(kubeconfig: path, environment: [:]))
        }
    }

    /// A cluster without workloads: kube-apiserver's behaviour alone is compared.
    private static func cluster(_ historyCapacity: Int) -> LocalCluster {
        var configuration = LocalCluster.Configuration()
        configuration.runsWorkloads = false
        configuration.historyCapacity = historyCapacity
        return LocalCluster(configuration)
    }

    /// Runs a test over curl.
    private static func run(
        _ test: @Sendable @escaping (APISession) async throws -> Void,
        at configuration: KubeConfiguration
    ) async throws {
        try await withCurlTransport(environment: [:]) { transport in
            try await run(test, on: try endpoint(configuration, over: transport))
        }
    }

    /// A server with its credentials.
    private static func endpoint(_ configuration: KubeConfiguration, over transport: any HTTPTransport) throws
        -> TransportEndpoint
    {
        func text(_ material: KubeConfiguration.Material?) throws -> Secret<String>? {
            switch material {
            case .text(let text): text
            case .file(let path): Secret(try String(contentsOfFile: path, encoding: .utf8))
            case nil: nil
            }
        }
        let identity = configuration.identity
        return TransportEndpoint(
            transport: transport,
            address: configuration.server,
            tls: TLSSettings(
                authorities: try text(configuration.authorities)?.withValue { $0 },
                certificate: try text(identity.certificate)?.withValue { $0 },
                privateKey: try text(identity.privateKey)
            ),
            authorization: try text(identity.token).map { .bearer($0) }
        )
    }

    /// Makes a namespace, runs a test in it, and deletes it.
    private static func run(
        _ test: @Sendable (APISession) async throws -> Void,
        on endpoint: some APIEndpoint
    ) async throws {
        let outside = APISession(endpoint: endpoint, namespace: "default")
        let made = try await outside.send(.post, "/api/v1/namespaces", ["metadata": ["generateName": "behaviour-"]])
        let name = made.json[path: "metadata", "name"]?.string ?? ""
        do {
            try await test(APISession(endpoint: endpoint, namespace: name))
        } catch {
            try await outside.send(.delete, "/api/v1/namespaces/\(name)")
            throw error
        }
        try await outside.send(.delete, "/api/v1/namespaces/\(name)")
    }
}
