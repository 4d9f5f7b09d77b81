import Outbound
import Synchronization

/// Lets writes to `/scale` go before those that only tell of something: statuses and Events.
///
/// A thousand workloads that wake at once come to a thousand statuses and Events, too, which are as much work for the
/// API server. While a write to `/scale` is under way, only a few of them are; and never so many that the server would
/// refuse some. Nobody waits longer than ``patience``: a write to `/scale` that hangs, or another tenant's that never
/// end, keep nobody from telling.
final class WriteLine: Sendable {
    /// How many tell at once beside writes to `/scale`.
    static let trickle = 4
    /// How many tell at once, those apart who have run out of patience.
    static let flood = 256
    /// How long one waits.
    static let patience = Duration.seconds(3)

    /// Who waits.
    private struct Waiter {
        /// Tells it from others.
        let ticket: Int
        /// Resumed with whether it may go; not if it was cancelled.
        let continuation: CheckedContinuation<Bool, Never>
    }

    /// Who is under way and who waits.
    private struct State {
        /// Writes to `/scale` under way.
        var scalings = 0
        /// Writes under way that tell of something.
        var tellings = 0
        /// Who waits, the first one first; bounded by who calls, since each call waits once.
        var waiting: [Waiter] = []
        /// The next ticket.
        var next = 0

        /// How many more may begin now.
        private var room: Int { max((scalings == 0 ? WriteLine.flood : WriteLine.trickle) - tellings, 0) }

        /// Lets one more begin, if it may now.
        mutating func begin() -> Bool {
            guard waiting.isEmpty, room > 0 else { return false }
            tellings += 1
            return true
        }

        /// Takes those out of the line whose turn has come.
        mutating func admit() -> [Waiter] {
            let admitted = Array(waiting.prefix(room))
            waiting.removeFirst(admitted.count)
            tellings += admitted.count
            return admitted
        }

        /// Takes one out of the line, if it still waits.
        mutating func remove(_ ticket: Int, goes: Bool) -> Waiter? {
            guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
            if goes { tellings += 1 }
            return waiting.remove(at: index)
        }
    }

    /// See ``State``.
    private let state = Mutex(State())
    /// The clocks.
    private let time: TimeSource

    /// An empty line.
    init(time: TimeSource) {
        self.time = time
    }

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

    /// Runs a write that tells of something, when its turn has come.
    ///
    /// - Throws: ``KubeError`` `.cancelled` when the caller went away while it waited, and what `body` throws.
    func telling<Answer: Sendable>(
        _ body: () async throws(KubeError) -> Answer
    ) async throws(KubeError) -> Answer {
        guard await enter() else { throw KubeError(.cancelled, "waiting for writes to /scale was cancelled") }
        defer { leave { $0.tellings -= 1 } }
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
            state.withLock { $0.remove(ticket, goes: false) }?.continuation.resume(returning: false)
        }
    }

    /// Has a ticket go after a while, whoever else is under way.
    private func losePatience(_ ticket: Int) async {
        do {
            try await time.sleep(Self.patience)
        } catch {
            return  // Its turn has come.
        }
        state.withLock { $0.remove(ticket, goes: true) }?.continuation.resume(returning: true)
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
