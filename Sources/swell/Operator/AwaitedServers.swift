import Serving
import Synchronization

/// Which servers do not listen yet.
final class AwaitedServers: Sendable {
    /// What the API server may be led to.
    enum Server: String {
        /// The port of the APIServices.
        case externalMetrics = "the external metrics API"
        /// The port of the webhook configuration.
        case webhooks = "the webhook server"
    }

    /// In order.
    private let servers: Mutex<[Server]>

    /// Awaits servers, apart from those that are turned off.
    init(_ addresses: [(server: Server, address: ListenAddress)]) {
        self.servers = Mutex(addresses.filter { $0.address != .off }.map(\.server))
    }

    /// A server listens.
    func arrived(_ server: Server) {
        servers.withLock { $0.removeAll { $0 == server } }
    }

    /// What is still awaited, each as a reason not to be ready.
    var unready: [String] {
        servers.withLock { $0.map { "\($0.rawValue) does not listen yet" } }
    }
}
