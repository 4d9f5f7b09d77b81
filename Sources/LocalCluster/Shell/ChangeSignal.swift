import Outbound
import Synchronization

/// Wakes whoever waits for something to change: watches for their kind, the timers for an earlier alarm.
///
/// Nothing is queued. Each subject has a count of its changes; a waiter names the count it has seen, so that a change
/// between its look and its wait is not missed.
final class ChangeSignal: Sendable {
    /// What is waited for: a kind, or something of the shell's own.
    typealias Subject = String

    /// Counts and waiters.
    private struct State {
        /// Changes so far.
        var counts: [Subject: UInt64] = [:]
        /// Who waits for what.
        var waiters: [UInt64: (subject: Subject, continuation: CheckedContinuation<Void, Never>)] = [:]
        /// The number of the next waiter.
        var nextWaiter: UInt64 = 0
    }

    /// Under one lock.
    private let state = Mutex(State())

    /// How often a subject has changed.
    func count(_ subject: Subject) -> UInt64 {
        state.withLock { $0.counts[subject] ?? 0 }
    }

    /// Notes changes and wakes their waiters.
    func raise(_ subjects: Set<Subject>) {
        guard !subjects.isEmpty else { return }
        let woken = state.withLock { state in
            for subject in subjects { state.counts[subject, default: 0] += 1 }
            let ids = state.waiters.filter { subjects.contains($0.value.subject) }.map(\.key)
            return ids.compactMap { state.waiters.removeValue(forKey: $0)?.continuation }
        }
        for continuation in woken { continuation.resume() }
    }

    /// Waits until a subject has changed more often than `count`, for `limit` at most, or until the task is cancelled.
    ///
    /// - Throws: `CancellationError`.
    func wait(for subject: Subject, after count: UInt64, upTo limit: Duration, _ time: TimeSource) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait(for: subject, after: count) }
            group.addTask { try await time.sleep(limit) }
            defer { group.cancelAll() }
            try await group.next()
        }
        try Task.checkCancellation()
    }

    /// Waits until a subject has changed, or the task is cancelled.
    private func wait(for subject: Subject, after count: UInt64) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    // A cancellation before this point has found no waiter to wake, so it is looked for here.
                    guard state.counts[subject] ?? 0 <= count, !Task.isCancelled else { return true }
                    state.waiters[id] = (subject, continuation)
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id)?.continuation }?.resume()
        }
    }
}
