#if MariaDB
import Outbound
import OutboundSQL

/// An open connection that answers one query at a time.
final class MariaDBConnection: PooledConnection {
    /// What became of a call.
    struct Outcome<Value: Sendable>: Sendable {
        /// The answer.
        let result: Result<Value, OutboundError>
        /// Whether the connection can be used again.
        var isClean: Bool
        /// Whether the server may have begun with the query.
        let mayHaveRun: Bool
    }

    /// Time for what follows the first row.
    private static let timeForTheRest = Duration.seconds(1)

    /// The library's side.
    private let library: LibMariaDBConnection
    /// Where its calls run, each connection with a thread of its own while it is asked.
    private let calls: BlockingCalls<ObjectIdentifier>
    /// What the connection string wants of a session.
    private let setUp: SessionSetUp

    /// See `PooledConnection`.
    var socket: Int32 { library.handle.descriptor }

    /// Whether the connection came to its end while nobody used it.
    var hasEnded: Bool { library.hasEnded }

    /// Takes an open connection over, for which nothing has been said yet.
    init(_ library: LibMariaDBConnection, _ calls: BlockingCalls<ObjectIdentifier>, _ setUp: SessionSetUp) {
        self.library = library
        self.calls = calls
        self.setUp = setUp
    }

    /// Says what must be said before the first query.
    func begin(_ deadline: ContinuousClock.Instant) async throws(OutboundError) {
        let late = OutboundError(.timedOut, "the database did not accept a connection in time")
        let outcome = await call(deadline, orSay: late) { [setUp] library throws(OutboundError) in
            try library.setUp(setUp)
        }
        try outcome.result.get()
    }

    /// Asks a query.
    ///
    /// - Parameters:
    ///   - text: one statement.
    ///   - limit: after this the server ends the query by itself.
    ///   - deadline: when to give the query up.
    /// - Returns: what became of it; once there is a row, whatever goes wrong after it only costs the connection. The
    ///   connection must not be used again unless it is clean.
    func ask(_ text: String, limit: Duration, deadline: ContinuousClock.Instant) async -> Outcome<SQLResult> {
        let late = OutboundError(.timedOut, "the query did not finish in time")
        var outcome = await call(deadline, orSay: late) { [setUp] library throws(OutboundError) in
            library.mayHaveRun = false
            if !setUp.limitsTime { try library.limitTime(limit) }
            return try library.ask(text)
        }
        guard case .success = outcome.result, !outcome.isClean else { return outcome }
        let end = min(deadline, .now.advanced(by: Self.timeForTheRest))
        outcome.isClean = await call(end, orSay: late) { library in library.readRest() }.isClean
        return outcome
    }

    /// Runs a call that blocks; at the deadline, or when the task is cancelled, the socket is shut down, which ends it.
    private func call<Value: Sendable>(
        _ deadline: ContinuousClock.Instant,
        orSay late: OutboundError,
        _ body: @escaping @Sendable (LibMariaDBConnection) throws(OutboundError) -> Value
    ) async -> Outcome<Value> {
        do {
            return try await withDeadline(deadline, orThrow: late) { [self] in
                // The call keeps `self`: as long as it runs, no other connection has this key.
                try await calls.runOrExplain(ObjectIdentifier(self)) { [self] in
                    OpenSSLErrors.clear()
                    let result = Result { () throws(OutboundError) in try body(library) }
                    return Outcome(result: result, isClean: library.isClean, mayHaveRun: library.mayHaveRun)
                }
            }
        } catch {
            library.handle.shutDown()
            let shown = error as? OutboundError ?? OutboundError(.cancelled, "the query was given up", cause: error)
            return Outcome(result: .failure(shown), isClean: false, mayHaveRun: true)
        }
    }
}

extension BlockingCalls {
    /// Runs a call, with refusals in the words of this room.
    func runOrExplain<Value: Sendable>(
        _ key: Key,
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        do {
            return try await run(key, body)
        } catch let refusal as BlockingCallRefusal {
            switch refusal {
            case .full, .stuck: throw OutboundError(.overloaded, "too many connections are opened or asked at a time")
            case .cancelled: throw OutboundError(.cancelled, "the query was given up")
            case .closed: throw OutboundError(.closed, "the database client has been shut down")
            }
        }
    }
}
#endif
