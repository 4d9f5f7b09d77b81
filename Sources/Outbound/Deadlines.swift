import Synchronization

/// Calls off work that takes too long, with one timer for all of it.
///
/// A timer of its own for each piece of work would cost more than most of the work. In return a deadline may be
/// noticed up to ``step`` late.
package final class Deadlines: Sendable {
    /// A task that is cancelled at its deadline.
    ///
    /// Unchecked: such a task may be cancelled from anywhere while it runs, and it is known here only while it does.
    private struct Bound: @unchecked Sendable {
        /// When, by the uptime.
        let due: Duration
        /// Who; `nil` never comes, for all work runs in some task.
        let task: UnsafeCurrentTask?
    }

    /// Who has a deadline.
    private struct State {
        /// By number; each is removed by whoever comes first, its end or its deadline.
        var bound: [Int: Bound] = [:]
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
            // Under the lock, so that no task ends while it is being cancelled.
            state.withLock { state in
                for (number, bound) in state.bound where bound.due <= now {
                    state.bound[number] = nil
                    bound.task?.cancel()
                }
            }
        }
    }

    /// Whether nothing has a deadline.
    var isEmpty: Bool { state.withLock { $0.bound.isEmpty } }

    /// Runs work and cancels it when it takes too long; returns only after it has ended.
    ///
    /// - Throws: ``DeadlinePassed``, or what the work throws.
    package func limit<Answer: Sendable>(
        _ limit: Duration,
        _ work: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        // In a task of its own, which alone is cancelled.
        async let answer = limitTask(limit, work)
        return try await answer
    }

    /// Runs work in the calling task, which is cancelled for good when it takes too long; for a task that has nothing
    /// else to do, as it costs less than another one.
    ///
    /// What the work does on cancellation must not ask for a deadline here.
    ///
    /// - Throws: ``DeadlinePassed``, or what the work throws.
    package func limitTask<Answer: Sendable>(
        _ limit: Duration,
        _ work: () async throws -> Answer
    ) async throws -> Answer {
        try await withUnsafeCurrentTask { task in
            let number = begin(task, due: time.uptime() + limit)
            let result: Result<Answer, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            guard end(number) else { throw DeadlinePassed(limit: limit) }
            return try result.get()
        }
    }

    /// Work begins.
    ///
    /// - Returns: its number.
    private func begin(_ task: UnsafeCurrentTask?, due: Duration) -> Int {
        let bound = Bound(due: due, task: task)
        let (number, isFirst) = state.withLock { state in
            state.next += 1
            state.bound[state.next] = bound
            return (state.next, state.bound.count == 1)
        }
        if isFirst { signal.raise() }
        return number
    }

    /// Work has ended.
    ///
    /// - Returns: whether its deadline had not passed.
    private func end(_ number: Int) -> Bool {
        state.withLock { $0.bound.removeValue(forKey: number) != nil }
    }
}
