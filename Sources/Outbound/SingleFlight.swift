internal import Synchronization

/// Asks a question once for all who wait for its answer.
///
/// The first caller does the work within its own task; callers that come meanwhile wait for its result. When the
/// working caller is cancelled, one of those who wait takes over, so nobody's answer depends on a stranger's patience.
public final class SingleFlight<Answer: Sendable>: Sendable {
    /// What a caller that waits is told.
    private enum Message: Sendable {
        /// The answer.
        case answer(Answer)
        /// Nobody works any more: try to be the one who does.
        case tryAgain
        /// The waiting caller itself was cancelled.
        case cancelled
    }

    /// Who works and who waits.
    private struct State {
        /// Whether somebody works.
        ///
        /// Without a worker nobody waits.
        var isRunning = false
        /// Numbers the callers that wait.
        var nextID = 0
        /// Those who wait.
        ///
        /// Each is resumed by whoever removes it.
        var waiting: [Int: CheckedContinuation<Message, Never>] = [:]
    }

    /// See ``State``.
    private let state = Mutex(State())

    /// Makes a question that nobody asks yet.
    public init() {}

    /// Whether nobody asks now.
    var isIdle: Bool { state.withLock { !$0.isRunning } }

    /// Gives the answer of the call under way, or works it out.
    ///
    /// - Parameter work: runs in the caller's task, at most once at a time.
    /// - Returns: what `work` returned, here or in another caller's task.
    /// - Throws: `CancellationError` when this caller is cancelled; what `work` throws is thrown only where it ran for
    ///   this caller, so it had better return failures as answers.
    public func run(_ work: () async throws -> Answer) async throws -> Answer {
        while true {
            try Task.checkCancellation()
            let isMine = state.withLock { state in
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if isMine { return try await lead(work) }
            switch await wait() {
            case .answer(let answer): return answer
            case .cancelled: throw CancellationError()
            case .tryAgain: continue
            }
        }
    }

    /// Works, and tells everybody.
    private func lead(_ work: () async throws -> Answer) async throws -> Answer {
        do {
            let answer = try await work()
            // An answer that came out of a cancellation is nobody else's answer.
            finish(with: Task.isCancelled ? .tryAgain : .answer(answer))
            return answer
        } catch {
            finish(with: .tryAgain)
            throw error
        }
    }

    /// Ends the call under way.
    private func finish(with message: Message) {
        let waiting = state.withLock { state in
            state.isRunning = false
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume(returning: message) }
    }

    /// Waits for the call under way.
    private func wait() async -> Message {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let message: Message? = state.withLock { state in
                    if Task.isCancelled { return .cancelled }
                    guard state.isRunning else { return .tryAgain }
                    state.waiting[id] = continuation
                    return nil
                }
                if let message { continuation.resume(returning: message) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(returning: .cancelled)
        }
    }
}
