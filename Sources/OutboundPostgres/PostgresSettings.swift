import Foundation

/// The bounds of a ``PostgresClient``.
public struct PostgresSettings: Sendable {
    /// Connections for one connection string.
    public var connectionsPerString: Int
    /// Connections in all; beyond it, idle ones make room.
    public var connections: Int
    /// Queries that wait for a connection, in all.
    public var waiting: Int
    /// An unused connection is closed after this.
    ///
    /// Longer than KEDA's default polling interval of 30 s.
    public var idleLimit: Duration
    /// Where `PGHOST` and its like come from.
    ///
    /// libpq reads the rest (`PGUSER`, `PGPASSWORD`, …) from the process's own.
    public var environment: [String: String]

    /// Settings for an operator with some hundred databases.
    ///
    /// - Parameters:
    ///   - connectionsPerString: connections for one connection string.
    ///   - connections: connections in all.
    ///   - waiting: queries that wait for a connection, in all.
    ///   - idleLimit: an unused connection is closed after this.
    ///   - environment: `nil` for the process's own.
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
        self.environment = environment ?? ProcessInfo.processInfo.environment
    }
}
