import Synchronization

/// A value that one party owes to one other: kept once, by whoever comes first, before or after it is awaited.
final class Promise<Value: Sendable>: Sendable {
    /// Where the value is.
    private enum State {
        /// Neither kept nor awaited. Can go to `awaited` or `kept`.
        case open
        /// Somebody waits. Can go to `collected`.
        case awaited(CheckedContinuation<Value, any Error>)
        /// Kept before anybody waited. Can go to `collected`.
        case kept(Result<Value, any Error>)
        /// Handed over.
        case collected
    }

    /// See ``State``.
    private let state = Mutex(State.open)

    /// Keeps the promise, unless it has been kept before.
    func keep(_ result: Result<Value, any Error>) {
        let waiter = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            switch state {
            case .open:
                state = .kept(result)
                return nil
            case .awaited(let continuation):
                state = .collected
                return continuation
            case .kept, .collected:
                return nil
            }
        }
        waiter?.resume(with: result)
    }

    /// Waits for the value, once.
    ///
    /// - Parameter onCancel: runs when the waiting task is cancelled; it must see to it that the promise is kept soon,
    ///   because the wait goes on until then.
    /// - Throws: the error that the promise was kept with.
    /// - Returns: the value that the promise was kept with.
    func value(onCancel: @escaping @Sendable () -> Void) async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let early = state.withLock { state -> Result<Value, any Error>? in
                    switch state {
                    case .open:
                        state = .awaited(continuation)
                        return nil
                    case .kept(let result):
                        state = .collected
                        return result
                    case .awaited, .collected:
                        preconditionFailure("a promise is awaited once")
                    }
                }
                if let early { continuation.resume(with: early) }
            }
        } onCancel: {
            onCancel()
        }
    }
}
