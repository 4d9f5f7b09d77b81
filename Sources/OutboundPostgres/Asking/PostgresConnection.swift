import Outbound
import OutboundSQL

/// An open connection that answers one query at a time.
final class PostgresConnection: PooledConnection {
    /// How a connection is after a query.
    enum Condition: Sendable {
        /// Ready for the next one.
        case clean
        /// Of no use any more.
        case broken
        /// Still busy with the query: it must be cancelled, and the connection closed.
        case busy
    }

    /// What became of a query.
    struct Outcome: Sendable {
        /// The answer.
        let result: Result<SQLResult, OutboundError>
        /// How the connection is.
        let condition: Condition
        /// Whether the server has done anything for the query; if not, another connection may try it again.
        let hasBegun: Bool
    }

    /// libpq's side.
    let libpq: LibPQConnection
    /// Waits for the socket.
    private let poller: SocketPoller

    /// Most bytes of an answer that are used: a first row that is larger is an error, later rows are given up.
    ///
    /// libpq itself has no such limit. It may read a single row to its end, however large, before it lets us look; the
    /// server's own limit is 1 GB.
    static let mostBytes = 1 << 20
    /// Time for what follows the first row.
    ///
    /// A query that goes on longer is cancelled, its first row still counts.
    static let timeForTheRest = Duration.seconds(1)

    /// See `PooledConnection`.
    var socket: Int32 { libpq.socket }

    /// Takes an open connection over.
    init(_ libpq: LibPQConnection, _ poller: SocketPoller) {
        self.libpq = libpq
        self.poller = poller
    }

    /// Asks a query in a transaction of its own, in one round trip.
    ///
    /// The server gets the rest of the time as its statement timeout, with `SET LOCAL`: a start-up parameter would be
    /// refused by PgBouncer, and a `SET` would stay on the server for whoever is next.
    ///
    /// - Parameters:
    ///   - text: one statement.
    ///   - limitsTime: whether to set the statement timeout.
    ///   - deadline: when to give the query up.
    /// - Returns: what became of it. The connection must not be used again unless it is clean.
    func ask(_ text: String, limitsTime: Bool, deadline: ContinuousClock.Instant) async -> Outcome {
        let left = (ContinuousClock.now.duration(to: deadline) / Duration.milliseconds(1)).rounded(.up)
        let limit = "SET LOCAL statement_timeout = \(Int32(min(max(left, 1), Double(Int32.max))))"
        let preamble = limitsTime ? ["BEGIN", limit] : ["BEGIN"]
        var dialogue = QueryStateMachine(query: preamble.count)
        let ending = await converse(preamble + [text, "COMMIT"], &dialogue, deadline)
        let result: Result<SQLResult, OutboundError>
        let condition: Condition
        switch ending {
        case .verdict(let verdict):
            (result, condition) = (verdict.result, verdict.isClean ? .clean : .broken)
        case .broken(let error):
            (result, condition) = (.failure(error), .broken)
        case .givenUp(let error):
            // What came is what the caller wants to know, whatever would have come after it.
            (result, condition) = (
                dialogue.hasRow ? dialogue.answer.map(Result.success) ?? .failure(error) : .failure(error), .busy
            )
        }
        return Outcome(result: result, condition: condition, hasBegun: dialogue.hasBegun)
    }

    /// Why a dialogue is over.
    private enum Ending {
        /// It came to its end.
        case verdict(QueryStateMachine.Verdict)
        /// The connection did not last.
        case broken(OutboundError)
        /// We do not want to hear the rest.
        case givenUp(OutboundError)
    }

    /// Sends statements and reads until the dialogue is over.
    private func converse(
        _ statements: [String],
        _ dialogue: inout QueryStateMachine,
        _ deadline: ContinuousClock.Instant
    ) async -> Ending {
        let start = libpq.receivedBytes
        var deadline = deadline
        var isDraining = false
        guard libpq.queue(statements) else { return .broken(Self.broken) }
        while true {
            switch libpq.nextResult(skipsRows: dialogue.hasRow) {
            case .end(let error): return .broken(error)
            case .event(let event):
                switch dialogue.received(event) {
                case .readOn: break
                case .expectRows: guard libpq.enterSingleRowMode() else { return .broken(Self.broken) }
                case .rollBack: guard libpq.queue(["ROLLBACK"]) else { return .broken(Self.broken) }
                case .finish(let verdict): return .verdict(verdict)
                }
            case .nothing:
                if libpq.receivedBytes - start > Self.mostBytes {
                    return .givenUp(.largeRow)
                }
                if dialogue.hasRow, !isDraining {
                    isDraining = true
                    deadline = min(deadline, ContinuousClock.now.advanced(by: Self.timeForTheRest))
                }
                if let ending = await waitForMore(deadline) { return ending }
            }
        }
    }

    /// Sends what is left to send and waits until there is more to read.
    ///
    /// - Returns: an ending if there is no more.
    private func waitForMore(_ deadline: ContinuousClock.Instant) async -> Ending? {
        guard let isSent = libpq.flush() else { return .broken(Self.broken) }
        let pause = libpq.mayHideInput ? ContinuousClock.now.advanced(by: .milliseconds(250)) : deadline
        do {
            let interest: SocketInterest = isSent ? .read : [.read, .write]
            let end = try await poller.wait(libpq.socket, for: interest, until: min(deadline, pause))
            if end == .expired, deadline <= .now {
                return .givenUp(OutboundError(.timedOut, "the query did not finish in time"))
            }
        } catch {
            return .givenUp(OutboundError(.cancelled, "the query was given up", cause: error))
        }
        return libpq.readInput() ? nil : .broken(Self.broken)
    }

    /// The error for a connection that broke without a word.
    private static let broken = OutboundError(.connectionLost, "the connection to the database broke")
}
