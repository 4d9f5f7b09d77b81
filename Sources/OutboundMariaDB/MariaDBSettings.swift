import Foundation

/// The bounds of a `MariaDBClient`.
public struct MariaDBSettings: Sendable {
    /// Connections for one connection string.
    public var connectionsPerString: Int
    /// Connections in all, which is also how many threads there are at most; beyond it, idle ones make room.
    public var connections: Int
    /// Queries that wait for a connection, in all.
    public var waiting: Int
    /// An unused connection is closed after this.
    ///
    /// Longer than KEDA's default polling interval of 30 s.
    public var idleLimit: Duration
    /// A file with the certificates of the authorities that `tls=true` trusts; `nil` for OpenSSL's own.
    public var authorities: String?

    /// Settings for an operator with some hundred databases.
    ///
    /// - Parameters:
    ///   - connectionsPerString: connections for one connection string.
    ///   - connections: connections in all.
    ///   - waiting: queries that wait for a connection, in all.
    ///   - idleLimit: an unused connection is closed after this.
    ///   - environment: `SSL_CERT_FILE` is taken from it; `nil` for the process's own.
    public init(
        connectionsPerString: Int = 4,
        connections: Int = 256,
        waiting: Int = 4096,
        idleLimit: Duration = .seconds(120),
        environment: [String: String]? = nil
    ) {
        self.connectionsPerString = connectionsPerString
        self.connections = connections
        self.waiting = waiting
        self.idleLimit = idleLimit
        let file = (environment ?? ProcessInfo.processInfo.environment)["SSL_CERT_FILE"]
        self.authorities = file.flatMap { $0.isEmpty ? nil : $0 }
    }
}
