import KubeClient
import KubeModel
import LocalCluster
import Logging
import Outbound
import OutboundCurl
import ServiceLifecycle
import Testing

extension RealServers {
    /// LocalCluster's port keeps strangers out, keeps to its bounds, and ends in good order.
    @Suite struct APIBehaviourServer {
        /// Serves a cluster and gives a body the address and the token.
        private func withAddress(
            _ body: @Sendable @escaping (WebAddress, TLSSettings, Secret<String>) async throws -> Void
        ) async throws {
            try await withLocalServer(LocalCluster()) { kubeconfig in
                let configuration = try Self.configuration(kubeconfig)
                guard case .text(let token) = configuration.identity.token else { throw NoLocalServer() }
                try await body(configuration.server, try Self.trust(configuration), token)
            }
        }

        /// Reads a kubeconfig.
        private static func configuration(_ text: String) throws -> KubeConfiguration {
            try KubeConfiguration.load(kubeconfig: "memory", environment: [:], files: .memory(["memory": text]))
        }

        /// Whom to trust.
        private static func trust(_ configuration: KubeConfiguration) throws -> TLSSettings {
            guard case .text(let authorities) = configuration.authorities else { throw NoLocalServer() }
            return TLSSettings(authorities: authorities.withValue { $0 })
        }

        @Test func `without the token there is only health`() async throws {
            try await withAddress { address, tls, token in
                let cases: [(String, HTTPRequest.Authorization?, Int)] = [
                    ("secrets", nil, 401), ("secrets", .bearer("wrong"), 401),
                    ("secrets", .basic(user: "local-admin", password: token), 401), ("secrets", .bearer(token), 200),
                ]
                try await withCurlTransport(environment: [:]) { curl in
                    for (plural, authorization, expected) in cases {
                        let url = address.appending("api", "v1", plural)
                        let request = HTTPRequest(.get, url, authorization: authorization, tls: tls)
                        let answer = try await curl.collect(request, upTo: 1 << 20)
                        #expect(answer.status == expected)
                    }
                    let health = try await curl.collect(
                        HTTPRequest(.get, address.appending("readyz"), tls: tls),
                        upTo: 100
                    )
                    #expect(health.status == 200)
                }
            }
        }

        @Test func `a body beyond the limit is refused with a Status`() async throws {
            try await withAddress { address, tls, token in
                try await withCurlTransport(environment: [:]) { curl in
                    let url = address.appending("api", "v1", "namespaces", "default", "configmaps")
                    let request = HTTPRequest(
                        .post,
                        url,
                        headers: [.init("Content-Type", "application/json")],
                        authorization: .bearer(token),
                        body: [UInt8](repeating: UInt8(ascii: "x"), count: 4 << 20),
                        tls: tls,
                        deadline: .seconds(30)
                    )
                    let answer = try await curl.collect(request, upTo: 1 << 20)
                    #expect(answer.status == 413)
                    #expect(try KubeJSON.decode(KubeStatus.self, from: answer.body).reason == "RequestEntityTooLarge")
                }
            }
        }

        @Test func `a graceful shutdown ends watches and then the server`() async throws {
            let cluster = LocalCluster()
            let (ports, source) = AsyncStream.makeStream(of: Int.self)
            var logger = Logger(label: "local cluster")
            logger.logLevel = .critical
            let server = try LocalClusterServer(cluster, logger: logger) { port in source.yield(port) }
            let group = ServiceGroup(services: [server], logger: logger)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                let port = try #require(await ports.first { _ in true })
                let configuration = try Self.configuration(server.kubeconfig(port: port).withValue { $0 })
                guard case .text(let token) = configuration.identity.token else { throw NoLocalServer() }
                let watch = HTTPRequest(
                    .get,
                    configuration.server.appending("api", "v1", "namespaces").asking("watch", "true"),
                    authorization: .bearer(token),
                    tls: try Self.trust(configuration),
                    deadline: .seconds(20),
                    idleLimit: .seconds(20)
                )
                let chunks = try await withCurlTransport(environment: [:]) { curl in
                    try await curl.withResponse(to: watch) { _, body in
                        var chunks = 0
                        for try await _ in body {
                            chunks += 1
                            await group.triggerGracefulShutdown()
                        }
                        return chunks
                    }
                }
                // The namespaces that are there; then the watch ended because the server did.
                #expect(chunks >= 1)
                try await tasks.waitForAll()
            }
        }
    }
}
