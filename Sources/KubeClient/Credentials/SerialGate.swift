import Synchronization

/// Lets one caller at a time through, in the order in which they came; a cancelled caller leaves the line.
final class SerialGate: Sendable {
    /// Who is inside and who waits.
    private struct Line {
        /// Whether somebody is inside.
        var isBusy = false
        /// The next ticket.
        var next = 0
        /// Who waits, the first one first.
        var waiting: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    /// See ``Line``.
    private let line = Mutex(Line())

    /// Waits for a turn and runs the body.
    ///
    /// - Throws: ``KubeError`` `.cancelled` when the caller went away while it waited, and what `body` throws.
    func inTurn<Answer: Sendable>(
        _ body: @Sendable () async throws(KubeError) -> Answer
    ) async throws(KubeError) -> Answer {
        guard await enter() else { throw KubeError(.cancelled, "waiting for credentials was cancelled") }
        defer { leave() }
        return try await body()
    }

    /// Waits for a turn; `false` when cancelled first.
    private func enter() async -> Bool {
        let ticket = line.withLock { line in
            line.next += 1
            return line.next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = line.withLock { line in
                    if Task.isCancelled { return false }
                    if !line.isBusy {
                        line.isBusy = true
                        return true
                    }
                    line.waiting.append((ticket, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let gone = line.withLock { line in
                line.waiting.firstIndex { $0.ticket == ticket }.map { line.waiting.remove(at: $0).continuation }
            }
            gone?.resume(returning: false)
        }
    }

    /// Hands the turn on.
    private func leave() {
        let next = line.withLock { line -> CheckedContinuation<Bool, Never>? in
            guard !line.waiting.isEmpty else {
                line.isBusy = false
                return nil
            }
            return line.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
