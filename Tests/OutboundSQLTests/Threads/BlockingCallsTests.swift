import Dispatch
import Synchronization
import Testing

@testable import OutboundSQL

@Suite struct BlockingCallsTests {
    /// How many run at a time.
    final class Gauge: Sendable {
        private let level = Mutex((now: 0, most: 0))

        /// The highest so far.
        var most: Int { level.withLock { $0.most } }

        /// Counts one while it runs.
        func count<Value>(_ body: () -> Value) -> Value {
            level.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            defer { level.withLock { $0.now -= 1 } }
            return body()
        }
    }

    @Test func `a call's result and its error come back`() async throws {
        struct Failure: Error {}
        let calls = BlockingCalls<String>("test", threads: 2)
        #expect(try await calls.run("a") { 1 } == 1)
        await #expect(throws: Failure.self) { try await calls.run("a") { throw Failure() } }
    }

    @Test func `a thousand calls share a few threads`() async throws {
        let calls = BlockingCalls<Int>("test", threads: 3)
        let running = Gauge()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<1000 {
                group.addTask {
                    try await calls.run(number % 7) { running.count { number } }
                }
            }
            let sum = try await group.reduce(0, +)
            #expect(sum == 499_500)
        }
        #expect(running.most <= 3)
    }

    @Test func `a cancelled caller does not wait for its call`() async throws {
        let calls = BlockingCalls<String>("test", threads: 1)
        let gate = DispatchSemaphore(value: 0)
        let started = Promise<Void>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: BlockingCallRefusal.cancelled) {
                    try await calls.run("a") {
                        started.keep(.success(()))
                        gate.wait()
                    }
                }
            }
            try await started.value {}
            group.cancelAll()
            try await group.waitForAll()
        }
        gate.signal()
        #expect(try await calls.run("b") { 2 } == 2, "its thread goes on with the others")
    }

    @Test func `closing refuses those who wait`() async throws {
        let calls = BlockingCalls<String>("test", threads: 1)
        calls.close()
        await #expect(throws: BlockingCallRefusal.closed) { try await calls.run("a") { 1 } }
    }
}
