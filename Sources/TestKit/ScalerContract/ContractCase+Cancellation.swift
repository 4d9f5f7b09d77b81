import Outbound
import ScalerKit

extension ContractCase {
    /// What became of a call that was cancelled while its source kept silent.
    private struct Ending: Sendable {
        /// Whether the source was asked at all.
        let hasAsked: Bool
        /// What the call threw; `nil` if it returned.
        let error: (any Error)?
    }

    /// Cancelled reads that give a reading, or another error than that they were cancelled.
    func cancellationFaults(_ scaler: S) async -> [Fault] {
        let ending = await cancel { world in _ = try await readAll(scaler, world) }
        guard ending.hasAsked else { return [] }
        switch ending.error {
        case nil: return [Fault(promise: .cancellation, observation: "a cancelled read gives a reading")]
        case is CancellationError: return []
        case let error as OutboundError where error.code == .cancelled: return []
        case let error?:
            return [Fault(promise: .cancellation, observation: "a cancelled read throws \(type(of: error)): \(error)")]
        }
    }

    /// Streams of pushes that outlive their source, or go on asking when it is gone.
    func pushFaults(_ scaler: S) async -> [Fault] {
        let source = ContractSource.failing(.nothingListens)
        guard let stream = scaler.pushes(world(source)) else { return [] }
        var found: [String] = []
        do {
            var count = 0
            for try await _ in stream where count < 100 { count += 1 }
            if !source.calls.isEmpty { found.append("the stream ends without an error though its source failed") }
            if count > 0 { found.append("a source that failed pushes") }
        } catch {
            found += Self.faults(in: error).map { "the stream ends with an error that \($0)" }
        }
        if source.calls.count > 10 { found.append("the stream asks a source that fails \(source.calls.count) times") }
        // A stream whose reader went away ends; whether it throws then is its own affair.
        _ = await cancel { world in
            guard let stream = scaler.pushes(world) else { return }
            for try await _ in stream {}
        }
        return found.map { Fault(promise: .pushes, observation: $0) }
    }

    /// Makes a call, cancels it when its source is asked, and waits for its end.
    ///
    /// A call that neither asks nor ends is cancelled after five seconds. One that ignores cancellation holds the test
    /// up until its time limit, which names the scaler.
    private func cancel(_ call: @escaping @Sendable (ScalerWorld) async throws -> Void) async -> Ending {
        let (signals, signal) = AsyncStream<Void>.makeStream()
        let source = ContractSource.silent { signal.yield() }
        let world = world(source)
        return await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                defer { signal.yield() }
                do {
                    try await call(world)
                    return nil
                } catch {
                    return error
                }
            }
            await withTaskGroup(of: Void.self) { race in
                race.addTask { for await _ in signals { return } }
                // Ends early by cancellation, which is all that matters here.
                race.addTask { try? await Task.sleep(for: .seconds(5)) }
                await race.next()
                race.cancelAll()
            }
            group.cancelAll()
            let error = await group.next() ?? nil
            return Ending(hasAsked: !source.calls.isEmpty, error: error)
        }
    }
}
