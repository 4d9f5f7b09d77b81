import Foundation
package import Outbound
import Synchronization

/// Tells when sockets are ready.
///
/// One thread polls for all; it lives as long as anybody waits.
///
/// `poll` rather than `epoll`: each wait is for one event, and the databases' libraries open and close sockets behind our back, so
/// nothing may stay registered; and a few hundred sockets cost little.
package final class SocketPoller: Sendable {
    /// The waits, each with what to call at its end.
    private let table = Mutex(WaitTable<@Sendable (WaitEnd) -> Void>(linger: .seconds(1)))
    /// Ends the thread's sleep.
    private let wakePipe: WakePipe

    /// No thread yet.
    ///
    /// - Throws: `.overloaded` when the process has no file descriptors left.
    package init() throws(OutboundError) {
        self.wakePipe = try WakePipe()
    }

    /// Waits until a socket can be used or is broken, or until the deadline.
    ///
    /// - Throws: ``OutboundError`` `.cancelled` when the task is cancelled.
    package func wait(
        _ socket: Int32,
        for interest: SocketInterest,
        until deadline: ContinuousClock.Instant
    ) async throws -> WaitEnd {
        let promise = Promise<WaitEnd>()
        let id = watch(socket, for: interest, until: deadline) { promise.keep(.success($0)) }
        return try await promise.value { [self] in
            forget(id)
            promise.keep(.failure(OutboundError(.cancelled, "the wait for the database was given up")))
        }
    }

    /// Calls back once: when the socket is ready or at the deadline, on the poller's thread, which must not be held up.
    ///
    /// - Returns: an id for ``forget(_:)``.
    @discardableResult
    package func watch(
        _ socket: Int32,
        for interest: SocketInterest,
        until deadline: ContinuousClock.Instant?,
        _ body: @escaping @Sendable (WaitEnd) -> Void
    ) -> Int {
        let (id, notice) = table.withLock { $0.add(socket, interest, until: deadline, body) }
        switch notice {
        case .startThread: Thread.detachNewThread { [self] in pollRounds() }
        case .wake: wakePipe.wake()
        }
        return id
    }

    /// Takes a wait back.
    ///
    /// It may be called back nevertheless, if it was ending just then.
    func forget(_ id: Int) {
        table.withLock { $0.remove(id) }
    }

    /// The thread.
    private func pollRounds() {
        Thread.current.name = "swell-sql"
        while let round = table.withLock({ $0.nextRound(now: .now) }) {
            let ready = poll(round)
            for (callBack, end) in table.withLock({ $0.polled(ready: ready, now: .now) }) { callBack(end) }
        }
    }

    /// Sleeps until a socket is ready, somebody wakes us or it is late.
    ///
    /// - Returns: the ids of waits whose sockets are ready. Empty after a signal too: the next round asks again.
    private func poll(_ round: WaitTable<@Sendable (WaitEnd) -> Void>.Round) -> [Int] {
        var sockets = round.waits.map { pollfd(fd: $0.socket, events: $0.interest.pollEvents, revents: 0) }
        sockets.append(pollfd(fd: wakePipe.readEnd, events: Int16(POLLIN), revents: 0))
        let count = Foundation.poll(&sockets, nfds_t(sockets.count), Self.milliseconds(until: round.until))
        guard count > 0 else { return [] }
        if sockets.removeLast().revents != 0 { wakePipe.drain() }
        // Errors and hang-ups are readiness too: whoever uses the socket learns what is wrong with it.
        return zip(round.waits, sockets).filter { $1.revents != 0 }.map(\.0.id)
    }

    /// What is left, rounded up so that a round does not end just before its time.
    private static func milliseconds(until instant: ContinuousClock.Instant) -> Int32 {
        let left = ContinuousClock.now.duration(to: instant)
        guard left > .zero else { return 0 }
        return Int32((left / Duration.milliseconds(1)).rounded(.up))
    }
}

extension SocketInterest {
    /// The same for `poll`.
    fileprivate var pollEvents: Int16 {
        Int16(contains(.read) ? POLLIN : 0) | Int16(contains(.write) ? POLLOUT : 0)
    }
}
