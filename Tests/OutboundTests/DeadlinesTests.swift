import TestKit
import Testing

@testable import Outbound

@Suite struct DeadlinesTests {
    /// What work may run into.
    struct Trouble: Error {}

    let clock = ManualClock()

    /// Runs a body while deadlines are watched.
    func watched(_ body: @escaping @Sendable (Deadlines) async throws -> Void) async throws {
        let deadlines = Deadlines(time: clock.source)
        try await withThrowingTaskGroup { group in
            group.addTask { await deadlines.run() }
            try await body(deadlines)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test func `work in time gives its answer or its error`() async throws {
        try await watched { deadlines in
            let answer = try await deadlines.limit(.seconds(5)) { 7 }
            #expect(answer == 7)
            await #expect(throws: Trouble.self) { try await deadlines.limit(.seconds(5)) { throw Trouble() } }
        }
    }

    @Test func `work that takes too long is cancelled and waited for, all by one timer`() async throws {
        let clock = clock
        try await watched { deadlines in
            try await withThrowingTaskGroup { group in
                for limit in [5, 5, 500] {
                    group.addTask {
                        let error = await #expect(throws: (any Error).self) {
                            try await deadlines.limit(.seconds(limit)) { try await clock.source.sleep(.seconds(60)) }
                        }
                        #expect((error as? DeadlinePassed)?.limit == (limit == 5 ? .seconds(5) : nil))
                    }
                }
                // The work of three, and the one timer.
                try await clock.waitForSleepers(4)
                clock.advance(by: .seconds(5))
                for _ in 0..<2 { try await group.next() }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
        #expect(clock.alarms.isEmpty)
    }

    @Test func `a task that has nothing else to do is cancelled itself`() async throws {
        let clock = clock
        try await watched { deadlines in
            async let late: Bool = {
                let error = await #expect(throws: DeadlinePassed.self) {
                    try await deadlines.limitTask(.seconds(5)) { try await clock.source.sleep(.seconds(60)) }
                }
                #expect(error?.limit == .seconds(5))
                return Task.isCancelled
            }()
            try await clock.waitForSleepers(2)
            clock.advance(by: .seconds(5))
            #expect(await late)
            #expect(try await deadlines.limitTask(.seconds(5)) { 7 } == 7)
            await #expect(throws: Trouble.self) { try await deadlines.limitTask(.seconds(5)) { throw Trouble() } }
            #expect(!Task.isCancelled && deadlines.isEmpty)
        }
    }

    @Test func `who is cancelled at any moment is told once`() async throws {
        try await watched { deadlines in
            await withTaskGroup { group in
                for _ in 0..<500 {
                    group.addTask { _ = try? await deadlines.limit(.seconds(5)) { try Task.checkCancellation() } }
                }
                group.cancelAll()
            }
            #expect(deadlines.isEmpty)
            let isUsable = try await deadlines.limit(.seconds(5)) { true }
            #expect(isUsable)
        }
    }
}
