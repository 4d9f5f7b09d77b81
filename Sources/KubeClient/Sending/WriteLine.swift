import Synchronization

/// Lets writes to `/scale` go before all other writes: while any is under way, only a few others are.
///
/// A thousand workloads that wake at once come to a thousand statuses and Events, too, which are as much work for the
/// API server. Some of them always pass, so that a write to `/scale` that hangs stops nobody.
final class WriteLine: Sendable {
    /// How many other writes are under way at once beside writes to `/scale`.
    static let trickle = 4

    /// Who waits.
    private struct Waiter {
        /// Tells it from others.
        let ticket: Int
        /// Resumed with whether its turn has come.
        let continuation: CheckedContinuation<Bool, Never>
    }

    /// Who is under way and who waits.
    private struct State {
        /// Writes to `/scale` under way.
        var scalings = 0
        /// Other writes under way.
        var others = 0
        /// Who waits, the first one first; bounded by who calls, since each call waits once.
        var waiting: [Waiter] = []
        /// The next ticket.
        var next = 0

        /// Lets another write begin, if one may now.
        mutating func begin() -> Bool {
            guard scalings == 0 || others < WriteLine.trickle else { return false }
            others += 1
            return true
        }

        /// Takes those out of the line whose turn has come.
        mutating func admit() -> [Waiter] {
            let count = scalings == 0 ? waiting.count : min(waiting.count, max(WriteLine.trickle - others, 0))
            defer { waiting.removeFirst(count) }
            others += count
            return Array(waiting.prefix(count))
        }
    }

    /// See ``State``.
    private let state = Mutex(State())

    /// How many writes wait.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Runs a write to `/scale`, at once.
    func scaling<Answer: Sendable>(
        _ body: () async throws(KubeError) -> Answer
    ) async throws(KubeError) -> Answer {
        state.withLock { $0.scalings += 1 }
        defer { leave { $0.scalings -= 1 } }
        return try await body()
    }

    /// Runs another write when its turn has come.
    ///
    /// - Throws: ``KubeError`` `.cancelled` when the caller went away while it waited, and what `body` throws.
    func other<Answer: Sendable>(
        _ body: () async throws(KubeError) -> Answer
    ) async throws(KubeError) -> Answer {
        guard await enter() else { throw KubeError(.cancelled, "waiting for writes to /scale was cancelled") }
        defer { leave { $0.others -= 1 } }
        return try await body()
    }

    /// Waits for a turn; `false` when cancelled first.
    private func enter() async -> Bool {
        if state.withLock({ $0.begin() }) { return true }
        let ticket = state.withLock { state in
            state.next += 1
            return state.next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    if state.begin() { return true }
                    state.waiting.append(Waiter(ticket: ticket, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let gone = state.withLock { state in
                state.waiting.firstIndex { $0.ticket == ticket }.map { state.waiting.remove(at: $0) }
            }
            gone?.continuation.resume(returning: false)
        }
    }

    /// Notes an end, and wakes those whose turn has come by it.
    private func leave(_ note: (inout State) -> Void) {
        let admitted = state.withLock { state in
            note(&state)
            return state.admit()
        }
        for waiter in admitted { waiter.continuation.resume(returning: true) }
    }
}
