import TestKit
import Testing

@testable import Outbound

@Suite struct DeadlineTests {
    /// What work may run into.
    struct Trouble: Error {}

    let clock = ManualClock()

    @Test func `work in time gives its answer or its error`() async throws {
        #expect(try await clock.source.withDeadline(.seconds(5)) { 7 } == 7)
        await #expect(throws: Trouble.self) { try await clock.source.withDeadline(.seconds(5)) { throw Trouble() } }
        #expect(clock.alarms.isEmpty)
    }

    @Test func `work that takes too long is cancelled and waited for`() async throws {
        try await withThrowingTaskGroup { group in
            group.addTask {
                let error = await #expect(throws: DeadlinePassed.self) {
                    try await clock.source.withDeadline(.seconds(5)) { try await clock.source.sleep(.seconds(60)) }
                }
                #expect(error?.description == "took longer than 5 s")
            }
            try await clock.waitForSleepers(2)
            clock.advance(by: .seconds(5))
            try await group.waitForAll()
        }
        #expect(clock.alarms.isEmpty)
    }

    @Test func `a signal wakes its waiter, and many raises wake it once`() async throws {
        let signal = WakeSignal()
        for _ in 0..<3 { signal.raise() }
        #expect(await signal.wait())
        try await withThrowingTaskGroup { group in
            group.addTask { #expect(await signal.wait(until: .seconds(9), clock.source)) }
            try await clock.waitForSleepers(1)
            clock.advance(by: .seconds(9))
            try await group.waitForAll()
        }
        await withTaskGroup { group in
            group.addTask { #expect(await !signal.wait()) }
            group.cancelAll()
        }
    }
}
