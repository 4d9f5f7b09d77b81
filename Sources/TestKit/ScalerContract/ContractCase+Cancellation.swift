import Outbound
import ScalerKit
import Synchronization

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

    /// Listening that outlives its source, pushes without one, or goes on asking when it is gone.
    func pushFaults(_ scaler: S) async -> [Fault] {
        guard let scaler = scaler as? any PushScaler else { return [] }
        let source = ContractSource.failing(.nothingListens)
        let pushes = Mutex(0)
        var found: [String] = []
        do {
            try await scaler.listen(world(source)) { pushes.withLock { $0 += 1 } }
            if !source.calls.isEmpty { found.append("listening ends without an error though its source failed") }
        } catch {
            found += Self.faults(in: error).map { "listening ends with an error that \($0)" }
        }
        if pushes.withLock({ $0 }) > 0 { found.append("a source that failed pushes") }
        if source.calls.count > 10 { found.append("listening asks a source that fails \(source.calls.count) times") }
        found += await oddPushFaults(scaler)
        // Whether it throws then is its own affair, as long as it ends.
        _ = await cancel { world in try await scaler.listen(world) {} }
        return found.map { Fault(promise: .pushes, observation: $0) }
    }

    /// What is wrong with listening to a server that answers oddly.
    private func oddPushFaults(_ scaler: any PushScaler) async -> [String] {
        var found: [String] = []
        let odd = OddAnswers.useless(insteadOf: HTTPResponse(status: 200))
            .map { ($0.name, ContractSource.Answer.http($0.answer)) }
        for (name, answer) in odd + [("an endless answer", .endless)] {
            let source = ContractSource { _, _ in answer }
            let pushes = Mutex(0)
            do {
                try await scaler.listen(world(source)) { pushes.withLock { $0 += 1 } }
            } catch {
                found += Self.faults(in: error).map { "\(name) ends listening with an error that \($0)" }
            }
            if pushes.withLock({ $0 }) > 0 { found.append("\(name) pushes") }
            if source.wasReadTooFar { found.append("\(name) is read without end") }
        }
        return found
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
