import Outbound
import ServiceLifecycleTestKit
import Synchronization
import TestKit
import Testing

@testable import KubeRuntime

@Suite struct WorkQueueTests {
    let clock = ManualClock()
    let journal = Journal()

    @Test func `keys are worked on at their time, and again when they ask for it`() async throws {
        let queue = WorkQueue<String>(workers: 1, time: clock.source)
        queue.add("later", after: .seconds(5))
        queue.add("now")
        try await withThrowingTaskGroup { group in
            group.addTask {
                await queue.run { key in
                    journal.note("\(key)@\(Int(clock.uptime / .seconds(1)))")
                    return key == "now" && journal.all.count == 1 ? .seconds(7) : nil
                }
            }
            for moment in [5, 7] {
                try await eventually { clock.alarms == [.seconds(moment)] }
                clock.advanceToNextAlarm()
            }
            try await eventually { journal.all == ["now@0", "later@5", "now@7"] }
            group.cancelAll()
        }
    }

    @Test func `an earlier wish wakes the queue before a later one`() async throws {
        let queue = WorkQueue<String>(workers: 1, time: clock.source)
        queue.add("a", after: .seconds(50))
        try await withThrowingTaskGroup { group in
            group.addTask {
                await queue.run { key in
                    journal.note(key)
                    return nil
                }
            }
            try await clock.waitForSleepers(1)
            queue.add("b", after: .seconds(3))
            try await eventually { clock.alarms == [.seconds(3)] }
            clock.advanceToNextAlarm()
            try await eventually { journal.all == ["b"] }
            queue.add("a")
            try await eventually { journal.all == ["b", "a"] }
            group.cancelAll()
        }
        #expect(queue.counts == (0, 0))
    }

    @Test func `no more than so many at once, one key never twice, and a change meanwhile runs after`() async throws {
        let queue = WorkQueue<Int>(workers: 3, time: clock.source)
        let running = Running()
        try await withThrowingTaskGroup { group in
            group.addTask {
                await queue.run { key in
                    running.begin(key)
                    // Yielding gives the others a chance to be wrong.
                    for _ in 0..<20 { await Task.yield() }
                    running.end(key)
                    return nil
                }
            }
            for round in 0..<200 { queue.add(round % 7) }
            try await eventually { queue.counts == (0, 0) && running.runs >= 7 }
            group.cancelAll()
        }
        #expect(running.most <= 3 && !running.overlapped)
    }

    /// Who is at work.
    final class Running: Sendable {
        /// Keys, the most at once, whether one was twice in, and how many runs there were.
        private let state = Mutex<(now: [Int], most: Int, overlapped: Bool, runs: Int)>(([], 0, false, 0))
        /// A run begins.
        func begin(_ key: Int) {
            state.withLock { state in
                state.overlapped = state.overlapped || state.now.contains(key)
                state.now.append(key)
                state.most = max(state.most, state.now.count)
                state.runs += 1
            }
        }
        /// A run ends.
        func end(_ key: Int) { state.withLock { state in state.now.removeAll { $0 == key } } }
        /// The most at once.
        var most: Int { state.withLock { $0.most } }
        /// Whether one key was twice at work.
        var overlapped: Bool { state.withLock { $0.overlapped } }
        /// How many runs there were.
        var runs: Int { state.withLock { $0.runs } }
    }

    @Test func `graceful shutdown waits for what runs and begins nothing`() async throws {
        let queue = WorkQueue<String>(workers: 1, drain: .seconds(20), time: clock.source)
        queue.add("a")
        queue.add("b")
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup { group in
                group.addTask {
                    await queue.run { key in
                        journal.note("begin \(key)")
                        // Slept to the end or cancelled: both are noted.
                        let slept = (try? await clock.source.sleep(.seconds(3))) != nil
                        journal.note("\(slept ? "end" : "cancelled") \(key)")
                        return nil
                    }
                    journal.note("over")
                }
                try await eventually { journal.all == ["begin a"] && clock.alarms == [.seconds(3)] }
                trigger.triggerGracefulShutdown()
                try await eventually { clock.alarms == [.seconds(3), .seconds(20)] }
                clock.advance(by: .seconds(3))
                try await group.waitForAll()
            }
        }
        #expect(journal.all == ["begin a", "end a", "over"])
    }

    @Test func `what does not end in time is cancelled`() async throws {
        let queue = WorkQueue<String>(workers: 1, drain: .seconds(20), time: clock.source)
        queue.add("a")
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup { group in
                group.addTask {
                    await queue.run { key in
                        let slept = (try? await clock.source.sleep(.seconds(300))) != nil
                        journal.note("\(slept ? "end" : "cancelled") \(key)")
                        return nil
                    }
                }
                try await eventually { clock.alarms == [.seconds(300)] }
                trigger.triggerGracefulShutdown()
                try await eventually { clock.alarms == [.seconds(20), .seconds(300)] }
                clock.advance(by: .seconds(20))
                try await group.waitForAll()
            }
        }
        #expect(journal.all == ["cancelled a"])
    }
}
