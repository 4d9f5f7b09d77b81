import Synchronization
import Testing

@testable import Outbound

@Suite struct SharedCacheTests {
    /// Counts what is asked.
    final class Source: Sendable {
        let questions = Mutex(0)

        /// The number of the question.
        func answer(lifetime: Duration = .seconds(10)) -> (value: Int, lifetime: Duration) {
            questions.withLock {
                $0 += 1
                return ($0, lifetime)
            }
        }
    }

    let source = Source()
    let cache = SharedCache<String, Int>()

    /// What the cache gives at a second.
    func value(_ key: String = "a", at second: Int, noOlderThan age: Duration? = nil) async throws -> Int {
        try await cache.value(for: key, at: .seconds(second), noOlderThan: age) { source.answer() }.value
    }

    @Test func `an answer is kept for its lifetime, and each key has its own`() async throws {
        #expect(try await value(at: 0) == 1)
        #expect(try await value(at: 9) == 1)
        #expect(try await value("b", at: 9) == 2)
        #expect(try await value(at: 10) == 3)
    }

    @Test func `who wants a younger answer gets one`() async throws {
        #expect(try await value(at: 0) == 1)
        #expect(try await value(at: 2, noOlderThan: .seconds(3)) == 1)
        #expect(try await value(at: 3, noOlderThan: .seconds(3)) == 2)
    }

    @Test func `who joins a call that began too long ago asks again, once for all of them`() async throws {
        let gate = AsyncStream<Never>.makeStream()
        try await withThrowingTaskGroup { group in
            group.addTask {
                try await cache.value(for: "a", at: .zero, noOlderThan: .seconds(1)) {
                    for await _ in gate.stream {}
                    return source.answer()
                }
                .value
            }
            while cache.isIdle("a") { await Task.yield() }
            for _ in 0..<20 {
                group.addTask { try await value(at: 9, noOlderThan: .seconds(1)) }
            }
            for _ in 0..<100 { await Task.yield() }
            gate.continuation.finish()
            var answers: [Int] = []
            for try await answer in group { answers.append(answer) }
            #expect(answers.sorted() == [1] + Array(repeating: 2, count: 20))
        }
    }

    @Test func `a failure is told and not kept`() async throws {
        await #expect(throws: OutboundError.self) {
            try await cache.value(for: "a", at: .zero) { throw OutboundError(.cannotConnect, "nothing listens there") }
        }
        #expect(!cache.knows("a"))
        #expect(try await value(at: 0) == 1)
    }

    @Test func `what is forgotten is asked for again, what is newer stays`() async throws {
        let old = try await cache.value(for: "a", at: .zero) { source.answer() }
        cache.forget("a", old)
        #expect(try await value(at: 1) == 2)
        cache.forget("a", old)
        #expect(try await value(at: 2) == 2)
        cache.forget("a")
        #expect(try await value(at: 3) == 3)
    }

    @Test func `a question under way when its key is forgotten is not kept`() async throws {
        let gate = AsyncStream<Never>.makeStream()
        try await withThrowingTaskGroup { group in
            let asked = AsyncStream<Void>.makeStream()
            group.addTask {
                try await cache.value(for: "a", at: .zero) {
                    asked.continuation.yield()
                    for await _ in gate.stream {}
                    return source.answer()
                }
                .value
            }
            for await _ in asked.stream { break }
            cache.forget("a")
            gate.continuation.finish()
            let answer = try await group.next()
            #expect(answer == 1)
        }
        #expect(try await value(at: 1) == 2)
    }

    @Test func `a full cache starts anew`() async throws {
        let cache = SharedCache<Int, Int>(limit: 2)
        for key in [1, 2, 1, 3, 1] {
            _ = try await cache.value(for: key, at: .zero) { source.answer() }
        }
        #expect(source.questions.withLock { $0 } == 4)
    }
}
