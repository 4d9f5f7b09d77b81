/// The waits of a ``SocketPoller``: which sockets matter now, whose wait is over, and whether the thread is needed.
///
/// Pure.
struct WaitTable<Waiter> {
    /// One wait.
    struct Wait {
        /// Tells waits apart: a socket's number is used again as soon as it is closed.
        let id: Int
        /// The file descriptor.
        let socket: Int32
        /// What the waiter wants to do with it.
        let interest: SocketInterest
        /// When the wait ends by itself; `nil` for never.
        let deadline: ContinuousClock.Instant?
        /// Who is told.
        let waiter: Waiter
    }

    /// How the thread learns of a new wait.
    enum Notice {
        /// There is no thread: start one.
        case startThread
        /// It sleeps: wake it.
        case wake
    }

    /// One turn of the thread.
    struct Round {
        /// What to ask the system about.
        let waits: [Wait]
        /// Sleep no longer than this.
        let until: ContinuousClock.Instant
    }

    /// A thread without waits stays for this long, so that queries in close order do not start one each.
    private let linger: Duration
    /// By id.
    private var waits: [Int: Wait] = [:]
    /// The id given last.
    private var lastID = 0
    /// Whether a thread turns rounds.
    private var hasThread = false
    /// Since when there are no waits.
    private var idleSince: ContinuousClock.Instant?

    /// No waits, no thread.
    init(linger: Duration) {
        self.linger = linger
    }

    /// Somebody waits from now on.
    mutating func add(
        _ socket: Int32,
        _ interest: SocketInterest,
        until deadline: ContinuousClock.Instant?,
        _ waiter: Waiter
    ) -> (id: Int, notice: Notice) {
        lastID += 1
        waits[lastID] = Wait(id: lastID, socket: socket, interest: interest, deadline: deadline, waiter: waiter)
        idleSince = nil
        if hasThread { return (lastID, .wake) }
        hasThread = true
        return (lastID, .startThread)
    }

    /// Somebody does not want to wait any more.
    ///
    /// The thread may look at the socket once more, to no effect.
    mutating func remove(_ id: Int) {
        waits[id] = nil
    }

    /// What the thread does next; `nil` when it should end, because there has been nothing to wait for.
    mutating func nextRound(now: ContinuousClock.Instant) -> Round? {
        if waits.isEmpty {
            let since = idleSince ?? now
            idleSince = since
            if since.advanced(by: linger) <= now {
                hasThread = false
                idleSince = nil
                return nil
            }
            return Round(waits: [], until: since.advanced(by: linger))
        }
        let latest = now.advanced(by: .seconds(3600))
        return Round(
            waits: Array(waits.values),
            until: waits.values.compactMap(\.deadline).min().map { min($0, latest) } ?? latest
        )
    }

    /// The system has answered: these sockets are ready, and it is now `now`.
    ///
    /// - Returns: the waiters to tell, and what.
    mutating func polled(ready: [Int], now: ContinuousClock.Instant) -> [(waiter: Waiter, end: WaitEnd)] {
        var ended = ready.compactMap { id in
            waits.removeValue(forKey: id).map { (waiter: $0.waiter, end: WaitEnd.ready) }
        }
        for wait in waits.values {
            guard let deadline = wait.deadline, deadline <= now else { continue }
            waits[wait.id] = nil
            ended.append((wait.waiter, .expired))
        }
        return ended
    }
}

/// What somebody wants to do with a socket.
package struct SocketInterest: OptionSet, Sendable {
    package let rawValue: UInt8

    /// See `OptionSet`.
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Read from it, or learn that it was closed.
    package static let read = SocketInterest(rawValue: 1)
    /// Write to it.
    package static let write = SocketInterest(rawValue: 2)
}

/// How a wait ended.
package enum WaitEnd: Sendable {
    /// The socket can be used, or is broken, which its user will notice.
    case ready
    /// The deadline passed.
    case expired
}
