import Outbound
import Synchronization
import TestKit
import Testing

@testable import KubeClient

@Suite struct SerialGateTests {
    /// How many are inside, were at most, and have been.
    final class Inside: Sendable {
        /// See above.
        let count = Mutex((now: 0, most: 0, total: 0))
    }

    @Test func `one at a time, and a cancelled waiter does not block the line`() async throws {
        let gate = SerialGate()
        let inside = Inside()
        let clock = ManualClock()
        try await withThrowingTaskGroup { group in
            for index in 0..<6 {
                group.addTask {
                    try await gate.inTurn { () throws(KubeError) in
                        inside.count.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.total + 1) }
                        // The clock is the only sleeper's waker; cancellation is not expected here.
                        do { try await clock.source.sleep(.seconds(1)) } catch {
                            throw KubeError(error, doing: "\(index)")
                        }
                        inside.count.withLock { $0.now -= 1 }
                    }
                }
            }
            for _ in 0..<6 {
                try await clock.waitForSleepers(1)
                clock.advance(by: .seconds(1))
            }
            try await group.waitForAll()
        }
        let (_, most, total) = inside.count.withLock(\.self)
        #expect(most == 1 && total == 6)
    }

    @Test func `a waiter that is cancelled leaves with an error and the next one comes in`() async throws {
        let gate = SerialGate()
        let clock = ManualClock()
        try await withThrowingTaskGroup { group in
            group.addTask {
                try await gate.inTurn { () throws(KubeError) in
                    do { try await clock.source.sleep(.seconds(1)) } catch { throw KubeError(error, doing: "holding") }
                }
            }
            try await clock.waitForSleepers(1)
            await withTaskGroup { waiting in
                waiting.addTask {
                    let error = await #expect(throws: KubeError.self) {
                        try await gate.inTurn { () throws(KubeError) in }
                    }
                    #expect(error?.code == .cancelled)
                }
                waiting.cancelAll()
            }
            clock.advance(by: .seconds(1))
            try await group.waitForAll()
        }
        try await gate.inTurn { () throws(KubeError) in }
    }
}
