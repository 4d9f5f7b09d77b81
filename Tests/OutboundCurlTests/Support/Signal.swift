import Foundation
import Synchronization

/// Something that happens once: threads and tasks raise it, tasks and scripts wait for it.
final class Signal: Sendable {
    /// Whether it has happened, and who waits.
    private let state = Mutex((isRaised: false, waiters: [@Sendable () -> Void]()))

    /// It happens; again is nothing new.
    func raise() {
        let waiters = state.withLock { state in
            state.isRaised = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter() }
    }

    /// Waits until it has happened.
    func wait() async {
        await withCheckedContinuation { waiter in whenRaised { waiter.resume() } }
    }

    /// Waits on a thread of a server's script.
    func waitBlocking() {
        let semaphore = DispatchSemaphore(value: 0)
        whenRaised { semaphore.signal() }
        semaphore.wait()
    }

    /// Calls back once, at once if it has happened already.
    private func whenRaised(_ waiter: @escaping @Sendable () -> Void) {
        let isRaised = state.withLock { state in
            if !state.isRaised { state.waiters.append(waiter) }
            return state.isRaised
        }
        if isRaised { waiter() }
    }
}
