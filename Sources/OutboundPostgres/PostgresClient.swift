public import Outbound
public import OutboundSQL

/// Asks PostgreSQL over libpq, with a small pool of connections for each distinct connection string.
///
/// No call blocks a cooperative thread: sockets are waited for by ``SocketPoller``'s thread; looking up names,
/// connecting (files, the cost of SCRAM) and cancelling run on the few threads of ``BlockingCalls``. Threads live only
/// while there is work, so there is nothing to run and nothing to stop but the connections.
///
/// - **Expected flow**: make one for the process, ``run(_:)`` from any task, ``close()`` at the end.
/// - **Guarantees**: an answer or an error by the deadline; a query past its deadline, or of a cancelled task, is
///   cancelled on the server; at most one statement of a query is run, and it is run once, except when a pooled
///   connection turns out to be dead before the server has done anything with it.
/// - **Caveats**: of a query that gives more than 1 MiB, or goes on for a second after its first row, the first row is
///   returned and the rest cancelled: what it may have written is rolled back.
public final class PostgresClient: SQLClient {
    /// Open connections.
    private let pool: ConnectionPool<PostgresConnection>
    /// Opens more.
    private let connector: Connector
    /// Cancels queries; apart from ``connector``'s threads, so that servers that cannot be reached do not hold it up.
    private let cancels: BlockingCalls<Secret<String>>
    /// The environment of connection strings.
    private let environment: [String: String]

    /// Whoever asks for more gets this.
    private static let longestDeadline = Duration.seconds(86_400)

    /// A client without connections.
    ///
    /// - Parameters:
    ///   - settings: its bounds.
    ///   - names: finds the addresses of hosts; may be shared with other clients, and is the caller's to close.
    /// - Throws: `.overloaded` when the process has no file descriptors left.
    public init(_ settings: PostgresSettings = PostgresSettings(), names: NameResolver = NameResolver())
        throws(OutboundError)
    {
        LibPQ.keepOpenSSLToTheEnd()
        let poller = try SocketPoller()
        self.environment = settings.environment
        self.connector = Connector(names: names, calls: BlockingCalls("swell-connect", threads: 8), poller: poller)
        self.cancels = BlockingCalls("swell-cancel", threads: 4)
        self.pool = ConnectionPool(
            limits: PoolLimits(
                perKey: settings.connectionsPerString,
                total: settings.connections,
                waiting: settings.waiting
            ),
            idleLimit: settings.idleLimit,
            poller: poller
        )
    }

    /// Runs one query in a transaction of its own.
    public func run(_ query: SQLQuery) async throws -> SQLResult {
        guard !query.text.utf8.contains(0) else { throw OutboundError(.invalidRequest, "the query holds a zero byte") }
        let deadline = ContinuousClock.now.advanced(by: min(query.deadline, Self.longestDeadline))
        let target = try query.connection.withValue { text throws(OutboundError) in
            try ConnectionString(parsing: text, environment: environment)
        }
        let late = OutboundError(.timedOut, "no connection to the database became free in time")
        let pooled = try await withDeadline(deadline, orThrow: late) { [pool] in
            try await pool.takeSeat(query.connection)
        }
        let (result, connection) = await answer(query, target, pooled, deadline)
        pool.leave(query.connection, keeping: connection)
        return try result.get()
    }

    /// Takes no more queries, waits for those that run (each has a deadline) and closes the connections.
    public func close() async {
        await pool.close()
        connector.calls.close()
        cancels.close()
    }

    /// Asks on the pooled connection, if there is one that lives, else on a new one.
    ///
    /// - Returns: the answer, and the connection if it can be used again.
    private func answer(
        _ query: SQLQuery,
        _ target: ConnectionString,
        _ pooled: PostgresConnection?,
        _ deadline: ContinuousClock.Instant
    ) async -> (Result<SQLResult, any Error>, PostgresConnection?) {
        if let pooled {
            let outcome = await ask(pooled, query, target, deadline)
            if outcome.hasBegun || !outcome.isSilent { return (outcome.result.mapError(\.self), outcome.kept(pooled)) }
            // The server went away between two queries, and its other connections with it.
            pool.dropIdle(query.connection)
            guard outcome.condition == .broken else { return (outcome.result.mapError(\.self), nil) }
        }
        do {
            let opened = try await connector.open(target, key: query.connection, deadline: deadline)
            let connection = PostgresConnection(opened, connector.poller)
            let outcome = await ask(connection, query, target, deadline)
            return (outcome.result.mapError(\.self), outcome.kept(connection))
        } catch {
            return (.failure(error), nil)
        }
    }

    /// Asks on a connection, and has the query cancelled if it is left running.
    private func ask(
        _ connection: PostgresConnection,
        _ query: SQLQuery,
        _ target: ConnectionString,
        _ deadline: ContinuousClock.Instant
    ) async -> PostgresConnection.Outcome {
        let outcome = await connection.ask(
            query.text,
            limitsTime: !target.setsStatementTimeout,
            deadline: deadline
        )
        if outcome.condition == .busy {
            cancels.post(query.connection) { connection.libpq.cancelQuery() }
        }
        return outcome
    }
}

extension PostgresConnection.Outcome {
    /// Whether the server did not say anything, because it is gone or because it cannot be reached.
    fileprivate var isSilent: Bool {
        guard !hasBegun, case .failure(let error) = result else { return false }
        return error.code == .connectionLost || error.code == .timedOut
    }

    /// The connection if it can be used again.
    fileprivate func kept(_ connection: PostgresConnection) -> PostgresConnection? {
        condition == .clean ? connection : nil
    }
}
