import LocalCluster
import Logging
import Outbound

/// The server ended, or never listened.
struct NoLocalServer: Error {}

/// Serves a cluster over HTTPS on a free port of 127.0.0.1, and turns its clocks, while a body runs.
///
/// The body is given a kubeconfig.
func withLocalServer(
    _ cluster: LocalCluster,
    _ body: @Sendable @escaping (String) async throws -> Void
) async throws {
    let (ports, source) = AsyncStream.makeStream(of: Int.self)
    var logger = Logger(label: "local cluster")
    logger.logLevel = .critical
    let server = try LocalClusterServer(cluster, logger: logger) { port in source.yield(port) }
    try await withServices([server, EndlessWork { try await cluster.run() }]) {
        guard let port = await ports.first(where: { _ in true }) else { throw NoLocalServer() }
        try await body(server.kubeconfig(port: port).withValue { $0 })
    }
}
