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
        let isClean: Bool
    }

    /// The library's side.
    private let library: LibMariaDBConnection
    /// Where its calls run, each connection with a thread of its own while it is asked.
    private let calls: BlockingCalls<ObjectIdentifier>
    /// What the connection string wants of a session.
    private let setUp: SessionSetUp

    /// See `PooledConnection`.
    var socket: Int32 { library.socket }

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
    /// - Returns: what became of it. The connection must not be used again unless it is clean.
    func ask(_ text: String, limit: Duration, deadline: ContinuousClock.Instant) async -> Outcome<SQLResult> {
        let late = OutboundError(.timedOut, "the query did not finish in time")
        return await call(deadline, orSay: late) { [setUp] library throws(OutboundError) in
            if !setUp.limitsTime { try library.limitTime(limit) }
            return try library.ask(text)
        }
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
                    let result = Result { () throws(OutboundError) in try body(library) }
                    return Outcome(result: result, isClean: library.isClean)
                }
            }
        } catch {
            library.shutDown()
            let shown = error as? OutboundError ?? OutboundError(.cancelled, "the query was given up", cause: error)
            return Outcome(result: .failure(shown), isClean: false)
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
