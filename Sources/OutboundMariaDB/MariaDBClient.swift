#if MariaDB
public import Outbound
public import OutboundSQL

/// Asks MySQL and MariaDB over MariaDB Connector/C, with a small pool of connections for each distinct DSN.
///
/// No call blocks a cooperative thread: the library's calls run on the threads of ``BlockingCalls``, which live only while
/// there is work, and end when the socket is shut down.
///
/// - **Expected flow**: make one for the process, ``run(_:)`` from any task, ``close()`` at the end.
/// - **Guarantees**: an answer or an error by the deadline; a query past its deadline is ended by the server, if that is
///   at least MariaDB 10.1 or MySQL 5.7.8.
/// - **Caveats**: a query is asked again on a new connection only if the one that was kept had ended before the query was
///   sent. After a transaction, and with `autocommit=0`, a connection is not kept, so that no query sees an old state.
public final class MariaDBClient: SQLClient {
    /// Open connections.
    private let pool: ConnectionPool<MariaDBConnection>
    /// Opens more.
    private let connector: MariaDBConnector

    /// Whoever asks for more gets this.
    private static let longestDeadline = Duration.seconds(86_400)

    /// A client without connections.
    ///
    /// - Parameters:
    ///   - settings: its bounds.
    ///   - names: finds the addresses of hosts; may be shared with other clients, and is the caller's to close.
    /// - Throws: `.overloaded` when the process has no file descriptors left.
    public init(_ settings: MariaDBSettings = MariaDBSettings(), names: NameResolver = NameResolver())
        throws(OutboundError)
    {
        self.connector = MariaDBConnector(
            names: names,
            connects: BlockingCalls("swell-mysql-open", threads: settings.connections),
            calls: BlockingCalls("swell-mysql", threads: settings.connections),
            authorities: settings.authorities
        )
        self.pool = ConnectionPool(
            limits: PoolLimits(
                perKey: settings.connectionsPerString,
                total: settings.connections,
                waiting: settings.waiting
            ),
            idleLimit: settings.idleLimit,
            poller: try SocketPoller()
        )
    }

    /// Runs one query.
    public func run(_ query: SQLQuery) async throws -> SQLResult {
        let deadline = ContinuousClock.now.advanced(by: min(query.deadline, Self.longestDeadline))
        let source = try query.connection.withValue { text throws(OutboundError) in
            try MySQLDataSource(parsing: text)
        }
        let late = OutboundError(.timedOut, "no connection to the database became free in time")
        let pooled = try await withDeadline(deadline, orThrow: late) { [pool] in
            try await pool.takeSeat(query.connection)
        }
        let (result, connection) = await answer(query, source, pooled, deadline)
        pool.leave(query.connection, keeping: connection)
        return try result.get()
    }

    /// Takes no more queries, waits for those that run (each has a deadline) and closes the connections.
    public func close() async {
        await pool.close()
        connector.connects.close()
        connector.calls.close()
    }

    /// Asks on the pooled connection, if there is one that lives, else on a new one.
    ///
    /// - Returns: the answer, and the connection if it can be used again.
    private func answer(
        _ query: SQLQuery,
        _ source: MySQLDataSource,
        _ pooled: MariaDBConnection?,
        _ deadline: ContinuousClock.Instant
    ) async -> (Result<SQLResult, any Error>, MariaDBConnection?) {
        // A server that went away in between is noticed before it is asked.
        if let pooled, !pooled.hasEnded {
            let outcome = await pooled.ask(query.text, limit: query.deadline, deadline: deadline)
            if outcome.isClean || outcome.mayHaveRun {
                return (outcome.result.mapError(\.self), outcome.isClean ? pooled : nil)
            }
        }
        do {
            let connection = try await connector.open(source, key: query.connection, deadline: deadline)
            let outcome = await connection.ask(query.text, limit: query.deadline, deadline: deadline)
            return (outcome.result.mapError(\.self), outcome.isClean ? connection : nil)
        } catch {
            return (.failure(error), nil)
        }
    }
}
#endif
