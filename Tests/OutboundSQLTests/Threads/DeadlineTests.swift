import Outbound
import Testing

@testable import OutboundSQL

@Suite struct DeadlineTests {
    static let late = OutboundError(.timedOut, "late")

    /// Waits until it is cancelled.
    @Sendable static func never() async throws -> Int {
        let promise = Promise<Int>()
        return try await promise.value { promise.keep(.failure(OutboundError(.cancelled, "given up"))) }
    }

    @Test func `work that is in time gives its answer`() async throws {
        #expect(try await withDeadline(.now.advanced(by: .seconds(60)), orThrow: Self.late) { 1 } == 1)
    }

    @Test func `work that is late is cancelled`() async throws {
        let error = await #expect(throws: OutboundError.self) {
            try await withDeadline(.now.advanced(by: .milliseconds(1)), orThrow: Self.late, Self.never)
        }
        #expect(error?.code == .timedOut)
    }

    @Test func `a failure of the work is told as it is`() async throws {
        let error = await #expect(throws: OutboundError.self) {
            _ = try await withDeadline(.now.advanced(by: .seconds(60)), orThrow: Self.late) { () -> Int in
                throw OutboundError(.rejected, "no")
            }
        }
        #expect(error?.code == .rejected)
    }

    @Test func `a cancelled caller is told so, not that it was late`() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let error = await #expect(throws: OutboundError.self) {
                    try await withDeadline(.now.advanced(by: .seconds(60)), orThrow: Self.late, Self.never)
                }
                #expect(error?.code == .cancelled)
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test func `an answer that comes with the deadline is not lost`() async throws {
        let answer = try await withDeadline(.now.advanced(by: .milliseconds(1)), orThrow: Self.late) {
            let promise = Promise<Int>()
            return try await promise.value { promise.keep(.success(7)) }
        }
        #expect(answer == 7)
    }
}
