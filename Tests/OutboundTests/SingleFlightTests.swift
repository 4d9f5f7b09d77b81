import Outbound
import Synchronization
import Testing

@Suite struct SingleFlightTests {
    /// A gate that work waits at until the test opens it.
    final class Gate: Sendable {
        private let stream = AsyncStream<Void>.makeStream()
        func open() { stream.continuation.finish() }
        func wait() async { for await _ in stream.stream {} }
    }

    /// Numbers what passes.
    final class Counter: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    /// Gives other tasks many chances to run.
    static func yieldMuch() async {
        for _ in 0..<1000 { await Task.yield() }
    }

    @Test func `many callers share one run and its answer`() async throws {
        let (flight, gate, runs) = (SingleFlight<Int>(), Gate(), Counter())
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await flight.run {
                        await gate.wait()
                        return runs.next()
                    }
                }
            }
            await Self.yieldMuch()
            gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 50)
        // Callers that came after the first run had ended made runs of their own; those before shared one.
        #expect(answers.filter { $0 == 1 }.count > 1)
        #expect(runs.value == Set(answers).count)
    }

    @Test func `when the working caller is cancelled another takes over`() async throws {
        let (flight, started) = (SingleFlight<String>(), Gate())
        let answer = try await withThrowingTaskGroup(of: String?.self) { group in
            let first = AsyncStream<Void>.makeStream()
            group.addTask {
                try? await withThrowingTaskGroup(of: String.self) { inner in
                    inner.addTask {
                        try await flight.run {
                            started.open()
                            try await Task.sleep(for: .seconds(3600))
                            return "never"
                        }
                    }
                    for await _ in first.stream {}
                    inner.cancelAll()
                    return try await inner.next()
                }
            }
            await started.wait()
            group.addTask { try await flight.run { "second" } }
            await Self.yieldMuch()
            first.continuation.finish()
            return try await group.compactMap { $0 }.first { _ in true }
        }
        #expect(answer == "second")
    }

    @Test func `a waiting caller that is cancelled leaves at once and disturbs nobody`() async throws {
        let (flight, gate, started) = (SingleFlight<String>(), Gate(), Gate())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let answer = try await flight.run {
                    started.open()
                    await gate.wait()
                    return "answer"
                }
                #expect(answer == "answer")
            }
            await started.wait()
            await withTaskGroup(of: Void.self) { inner in
                inner.addTask {
                    await #expect(throws: CancellationError.self) { _ = try await flight.run { "other" } }
                }
                await Self.yieldMuch()
                inner.cancelAll()
            }
            gate.open()
            try await group.waitForAll()
        }
    }

    @Test func `what the work throws is thrown to who ran it`() async throws {
        let flight = SingleFlight<Int>()
        await #expect(throws: OutboundError.self) { try await flight.run { throw OutboundError(.closed, "closed") } }
        #expect(try await flight.run { 7 } == 7)
    }
}
