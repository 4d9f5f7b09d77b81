import Foundation
import TestKit
import Testing

@testable import swell

@Suite struct FreeMemoryTests {
    /// Pages of files that this process has.
    func filePages() throws -> Int {
        let numbers = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return try #require(numbers.dropFirst(2).first.flatMap { Int($0) })
    }

    @Test func `each minute the code that nothing uses is let go of, and what is used goes on`() async throws {
        let clock = ManualClock()
        try await withThrowingTaskGroup { group in
            group.addTask { try await FreeMemory(time: clock.source).run() }
            try await clock.waitForSleepers(1)
            #expect(clock.alarms == [.seconds(60)])
            // The tests have used more code up to here, by megabytes, than the rest of this one uses.
            let before = try filePages()
            clock.advanceToNextAlarm()
            try await clock.waitForSleepers(1)
            #expect(try filePages() < before)
            #expect(clock.alarms == [.seconds(120)])
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}
