import Outbound
import Synchronization

/// The body of one watch: lines as they come, until its time is over.
///
/// One reader at a time calls ``next()``. It holds no events: each call reads on in the store's history.
final class WatchStream: Sendable {
    /// Where it reads.
    private let cluster: LocalCluster
    /// For how long the reader waits in silence.
    private let idleLimit: Duration?
    /// When it ends, by the uptime clock.
    private let end: Duration
    /// Where it stands, and when its last line went out.
    private let state: Mutex<State>

    /// Where a stream stands.
    private struct State {
        /// The rules.
        var machine: WatchMachine
        /// When the last line went out, by the uptime clock.
        var lastLine: Duration
        /// Whether nothing more is to come.
        var isOver = false
    }

    /// What a call has to do.
    private enum Turn {
        /// Hand this over.
        case lines([UInt8])
        /// Wait so long for a change.
        case wait(Duration)
        /// Say that it is over.
        case over
    }

    /// Starts a stream.
    init(_ machine: WatchMachine, of cluster: LocalCluster, idleLimit: Duration?) {
        self.cluster = cluster
        self.idleLimit = idleLimit
        let now = cluster.time.uptime()
        self.end = now + machine.duration
        self.state = Mutex(State(machine: machine, lastLine: now))
    }

    /// The next lines, or `nil` at the end.
    ///
    /// - Throws: ``OutboundError``: `.timedOut` after too long a silence, `.cancelled`.
    func next() async throws -> [UInt8]? {
        let called = cluster.time.uptime()
        while true {
            let seen = cluster.signal.count(subject)
            switch turn() {
            case .lines(let bytes): return bytes
            case .over: return nil
            case .wait(let limit):
                let silence = cluster.time.uptime() - called
                if let idleLimit, silence >= idleLimit {
                    throw OutboundError(.timedOut, "the watch was silent for too long")
                }
                do {
                    let patience = idleLimit.map { $0 - silence } ?? limit
                    try await cluster.signal.wait(for: subject, after: seen, upTo: min(limit, patience), cluster.time)
                } catch {
                    throw OutboundError(.cancelled, "the watch was cancelled", cause: error)
                }
            }
        }
    }

    /// The kind that is watched.
    private var subject: ChangeSignal.Subject { state.withLock { $0.machine.kind.id } }

    /// Decides what a call has to do.
    private func turn() -> Turn {
        let uptime = cluster.time.uptime()
        return state.withLock { state in
            guard !state.isOver else { return .over }
            switch cluster.read({ core, now in state.machine.next(in: core, now: now) }) {
            case .end:
                state.isOver = true
                return .over
            case .send(let events):
                state.lastLine = uptime
                return .lines(events.flatMap { $0.encoded() + [UInt8(ascii: "\n")] })
            case .wait:
                return silence(&state, uptime)
            }
        }
    }

    /// What to do while nothing happens: a bookmark from time to time, and a last one before the end.
    private func silence(_ state: inout State, _ uptime: Duration) -> Turn {
        let bookmarkDue = state.lastLine + cluster.configuration.bookmarkInterval
        state.isOver = uptime >= end
        guard state.isOver || (state.machine.sendsBookmarks && uptime >= bookmarkDue) else {
            return .wait(state.machine.sendsBookmarks ? min(end, bookmarkDue) - uptime : end - uptime)
        }
        state.lastLine = uptime
        guard let bookmark = cluster.read({ core, _ in state.machine.bookmark(in: core) }) else {
            return state.isOver ? .over : .wait(end - uptime)
        }
        return .lines(bookmark.encoded() + [UInt8(ascii: "\n")])
    }
}
