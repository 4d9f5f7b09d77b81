import Synchronization

/// Calls off work that takes too long, with one timer for all of it.
///
/// A timer of its own for each piece of work would cost more than most of the work. In return a deadline may be
/// noticed up to ``step`` late.
package final class Deadlines: Sendable {
    /// Who waits for their deadline.
    private struct State {
        /// By number: when, by the uptime, and who; each is resumed by whoever removes it.
        var waiting: [Int: (due: Duration, waiter: CheckedContinuation<Bool, Never>)] = [:]
        /// The next number.
        var next = 0
    }

    /// How often deadlines are looked at.
    static let step = Duration.seconds(1)

    /// See ``State``.
    private let state = Mutex(State())
    /// Wakes ``run()``.
    private let signal = WakeSignal()
    /// The clocks.
    private let time: TimeSource

    /// Nothing has a deadline yet.
    package init(time: TimeSource) {
        self.time = time
    }

    /// Watches the time until cancelled; no deadline passes without it.
    package func run() async {
        while true {
            if isEmpty, await !signal.wait() { return }
            // Cancellation ends the loop; nothing else ends a sleep.
            guard (try? await time.sleep(Self.step)) != nil else { return }
            let now = time.uptime()
            let passed = state.withLock { state in
                let passed = state.waiting.filter { $0.value.due <= now }
                for number in passed.keys { state.waiting[number] = nil }
                return passed.values.map(\.waiter)
            }
            for waiter in passed { waiter.resume(returning: true) }
        }
    }

    /// Whether nothing has a deadline.
    var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

    /// Runs work and cancels it when it takes too long; returns only after it has ended.
    ///
    /// - Throws: ``DeadlinePassed``, or what the work throws.
    package func limit<Answer: Sendable>(
        _ limit: Duration,
        _ work: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try await DeadlinePassed.unless(work, endsWithin: limit) {
            guard await self.passes(after: limit) else { throw CancellationError() }
        }
    }

    /// Waits for a deadline.
    ///
    /// - Returns: whether it has passed; `false` when the task was cancelled.
    private func passes(after limit: Duration) async -> Bool {
        let due = time.uptime() + limit
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let isCancelled = state.withLock { state in
                    let isCancelled = Task.isCancelled
                    if !isCancelled { state.waiting[number] = (due, waiter) }
                    return isCancelled
                }
                signal.raise()
                if isCancelled { waiter.resume(returning: false) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.waiter.resume(returning: false)
        }
    }
}
