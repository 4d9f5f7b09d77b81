import Outbound
import Synchronization
import TestKit
import Testing

@testable import MetricsAPI

@Suite(.timeLimit(.minutes(1))) struct ReviewCacheTests {
    let clock = ManualClock()
    let asked = Tally()

    /// A cache on the test's clock.
    func cache(capacity: Int = 10) -> ReviewCache<String, Int> {
        ReviewCache(capacity: capacity, time: clock.source)
    }

    @Test func `an answer is remembered for ten seconds`() async throws {
        let cache = cache()
        for (pause, expected) in [(0, 1), (9, 1), (1, 2), (5, 2)] {
            clock.advance(by: .seconds(pause))
            let answer = try await cache.answer(for: "a") { () async throws(AccessError) -> Int in asked.next() }
            #expect(answer == expected)
        }
    }

    @Test func `a failure is not remembered`() async throws {
        let cache = cache()
        await #expect(throws: AccessError.self) {
            try await cache.answer(for: "a") { () async throws(AccessError) -> Int in
                throw AccessError(.reviewFailed, "down")
            }
        }
        #expect(try await cache.answer(for: "a") { () async throws(AccessError) -> Int in asked.next() } == 1)
    }

    @Test func `memory is bounded, the oldest goes first`() async throws {
        let cache = cache(capacity: 3)
        for key in ["a", "b", "c", "d"] {
            clock.advance(by: .seconds(1))
            _ = try await cache.answer(for: key) { () async throws(AccessError) -> Int in asked.next() }
        }
        #expect(cache.count == 3)
        #expect(try await cache.answer(for: "b") { () async throws(AccessError) -> Int in asked.next() } == 2)
        #expect(try await cache.answer(for: "a") { () async throws(AccessError) -> Int in asked.next() } == 5)
    }

    @Test func `callers who ask the same at once share one question`() async throws {
        let cache = cache()
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    try await cache.answer(for: "a") { () async throws(AccessError) -> Int in
                        for await _ in gate {}
                        return asked.next()
                    }
                }
            }
            open.finish()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == [1, 1, 1, 1, 1])
    }

    @Test func `other questions do not wait`() async throws {
        let cache = cache()
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                try await cache.answer(for: "slow") { () async throws(AccessError) -> Int in
                    for await _ in gate {}
                    return 7
                }
            }
            #expect(try await cache.answer(for: "fast") { () async throws(AccessError) -> Int in asked.next() } == 1)
            open.finish()
            let slow = try await group.next()
            #expect(slow == 7)
        }
    }
}

/// Counts up.
final class Tally: Sendable {
    /// The last number given.
    private let count = Mutex(0)

    /// The next number, from 1.
    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
