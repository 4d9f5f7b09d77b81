public import Outbound
import Synchronization

/// A body whose chunks a test sends when it likes.
public final class ScriptedStream: Sendable {
    /// Everything under the lock.
    private struct State {
        /// What was sent and not yet read.
        var chunks: [[UInt8]] = []
        /// How it ends, once that is decided.
        var end: Result<Void, OutboundError>?
        /// The reader, if it waits.
        var reader: CheckedContinuation<Void, Never>?
    }

    /// See ``State``.
    private let state = Mutex(State())

    /// Nothing sent yet.
    public init() {}

    /// A stream that has all its chunks already and ends in good order.
    public convenience init(_ chunks: [[UInt8]]) {
        self.init()
        for chunk in chunks { send(chunk) }
        finish()
    }

    /// Sends bytes.
    public func send(_ chunk: [UInt8]) {
        change { if !chunk.isEmpty { $0.chunks.append(chunk) } }
    }

    /// Sends a text.
    public func send(_ text: String) {
        send(Array(text.utf8))
    }

    /// Ends in good order.
    public func finish() {
        change { $0.end = .success(()) }
    }

    /// Breaks.
    public func fail(_ error: OutboundError) {
        change { $0.end = .failure(error) }
    }

    /// The reader's side.
    public var body: HTTPBody {
        HTTPBody { try await self.next() }
    }

    /// Changes something and wakes the reader.
    private func change(_ body: (inout State) -> Void) {
        let reader = state.withLock { state in
            body(&state)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    /// The next chunk, waiting for it if need be.
    private func next() async throws -> [UInt8]? {
        while true {
            let step = state.withLock { state -> Result<[UInt8]?, OutboundError>? in
                if !state.chunks.isEmpty { return .success(state.chunks.removeFirst()) }
                return state.end?.map { nil }
            }
            if let step { return try step.get() }
            await wait()
            if Task.isCancelled { throw OutboundError(.cancelled, "the reader was cancelled") }
        }
    }

    /// Waits for a change, or for cancellation.
    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if Task.isCancelled || !state.chunks.isEmpty || state.end != nil { return true }
                    state.reader = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            change { _ in }
        }
    }
}
