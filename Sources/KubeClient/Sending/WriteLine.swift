import Outbound
import Synchronization

/// Lets writes to `/scale` go before those of statuses.
///
/// A thousand workloads that wake at once come to a thousand statuses, too, which are as much work for the API server.
/// While a write to `/scale` is under way, only a few of them are, those apart that have waited for ``patience``: a write
/// to `/scale` that hangs, or another tenant's that never end, cost a status no more than that. There are never more at
/// once than its limit, whatever happens; the others wait in their order for as long as their callers do.
final class WriteLine: Sendable {
    /// How many statuses are written at once beside writes to `/scale`.
    static let trickle = 4
    /// How long one makes way for writes to `/scale`.
    static let patience = Duration.seconds(3)

    /// Who waits.
    private struct Waiter {
        /// Tells it from others.
        let ticket: Int
        /// Resumed with whether it may go; not if it was cancelled.
        let continuation: CheckedContinuation<Bool, Never>
        /// Whether it makes way for writes to `/scale`.
        var isPatient = true
    }

    /// Who is under way and who waits.
    private struct State {
        /// How many statuses are written at once.
        let limit: Int
        /// Writes to `/scale` under way.
        var scalings = 0
        /// Statuses under way.
        var statuses = 0
        /// Who waits, the first one first; bounded by who calls, since each call waits once.
        var waiting: [Waiter] = []
        /// The next ticket.
        var next = 0

        /// Whether one more may begin now.
        private func hasRoom(forPatient isPatient: Bool) -> Bool {
            statuses < (isPatient && scalings > 0 ? min(WriteLine.trickle, limit) : limit)
        }

        /// Lets one more begin, if it may now.
        mutating func begin() -> Bool {
            guard waiting.isEmpty, hasRoom(forPatient: true) else { return false }
            statuses += 1
            return true
        }

        /// Takes those out of the line whose turn has come.
        mutating func admit() -> [Waiter] {
            let former = statuses
            for waiter in waiting {
                guard hasRoom(forPatient: waiter.isPatient) else { break }
                statuses += 1
            }
            defer { waiting.removeFirst(statuses - former) }
            return Array(waiting.prefix(statuses - former))
        }

        /// Takes one out of the line, if it still waits.
        mutating func remove(_ ticket: Int) -> Waiter? {
            waiting.firstIndex { $0.ticket == ticket }.map { waiting.remove(at: $0) }
        }

        /// Has one make way no more, nor those before it, which have waited for longer.
        mutating func losePatience(_ ticket: Int) {
            guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return }
            for earlier in 0...index { waiting[earlier].isPatient = false }
        }
    }

    /// See ``State``.
    private let state: Mutex<State>
    /// The clocks.
    private let time: TimeSource

    /// An empty line, of which so many statuses are written at once.
    init(limit: Int, time: TimeSource) {
        self.state = Mutex(State(limit: limit))
        self.time = time
    }

    /// How many writes wait.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Runs a write to `/scale`, at once.
    func scaling<Answer: Sendable>(
        _ body: () async throws(KubeError) -> Answer
    ) async throws(KubeError) -> Answer {
        state.withLock { $0.scalings += 1 }
        defer { note { $0.scalings -= 1 } }
        return try await body()
    }

    /// Runs the write of a status, when its turn has come.
    ///
    /// - Throws: ``KubeError`` `.cancelled` when the caller went away while it waited, and what `body` throws.
    func status<Answer: Sendable>(
        _ body: () async throws(KubeError) -> Answer
    ) async throws(KubeError) -> Answer {
        guard await enter() else { throw KubeError(.cancelled, "waiting for writes to /scale was cancelled") }
        defer { note { $0.statuses -= 1 } }
        return try await body()
    }

    /// Waits for a turn; `false` when cancelled first.
    private func enter() async -> Bool {
        if state.withLock({ $0.begin() }) { return true }
        let ticket = state.withLock { state in
            state.next += 1
            return state.next
        }
        // Ends with the turn, at the latest.
        async let _ = losePatience(ticket)
        return await turn(ticket)
    }

    /// Waits for the turn of a ticket.
    private func turn(_ ticket: Int) async -> Bool {
        await withTaskCancellationHandler {
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
            state.withLock { $0.remove(ticket) }?.continuation.resume(returning: false)
        }
    }

    /// Has a ticket make way for a while only.
    private func losePatience(_ ticket: Int) async {
        do {
            try await time.sleep(Self.patience)
        } catch {
            return  // Its turn has come.
        }
        note { $0.losePatience(ticket) }
    }

    /// Notes something, and wakes those whose turn has come by it.
    private func note(_ change: (inout State) -> Void) {
        let admitted = state.withLock { state in
            change(&state)
            return state.admit()
        }
        for waiter in admitted { waiter.continuation.resume(returning: true) }
    }
}
