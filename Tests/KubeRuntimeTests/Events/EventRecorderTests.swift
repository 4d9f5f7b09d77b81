import KubeClient
import KubeModel
import Logging
import Outbound
import ServiceLifecycleTestKit
import Synchronization
import TestKit
import Testing

@testable import KubeRuntime

@Suite struct EventRecorderTests {
    let world = FakeObjects()
    let clock = ManualClock()

    /// A recorder to the world.
    func recorder() -> EventRecorder {
        EventRecorder(
            .scripted(world.transport, clock: clock),
            controller: "keda-operator",
            instance: "pod-1",
            time: clock.source,
            logger: .silent
        )
    }

    /// The notes and counts of all Events.
    func told() -> [String] {
        world.objects.map { "\($0["note"]?.string ?? "") \($0[path: "series", "count"]?.integer ?? 1)" }.sorted()
    }

    @Test func `what is recorded is written, and repetitions are counted`() async throws {
        let recorder = recorder()
        recorder.record(EventCorrelatorTests.occurrence("a"))
        try await withThrowingTaskGroup { group in
            group.addTask { await recorder.run() }
            try await eventually { told() == ["a 1"] }
            for note in ["a", "b", "a"] { recorder.record(EventCorrelatorTests.occurrence(note)) }
            try await eventually { told() == ["a 3", "b 1"] }
            group.cancelAll()
        }
    }

    @Test func `trouble is waited out a few times, then the Event is forgotten`() async throws {
        let recorder = recorder()
        world.fail { _ in .json("{}", status: 503) }
        recorder.record(EventCorrelatorTests.occurrence("a"))
        try await withThrowingTaskGroup { group in
            group.addTask { await recorder.run() }
            for _ in 0..<2 {
                try await clock.waitForSleepers(1)
                clock.advanceToNextAlarm()
            }
            try await eventually { recorder.dropped == 1 }
            world.fail(nil)
            recorder.record(EventCorrelatorTests.occurrence("b"))
            try await eventually { told() == ["b 1"] }
            group.cancelAll()
        }
    }

    @Test func `a refusal is not tried again, and an Event that is gone is made anew`() async throws {
        let recorder = recorder()
        world.fail { _ in .json(#"{"kind":"Status","code":403}"#, status: 403) }
        recorder.record(EventCorrelatorTests.occurrence("refused"))
        try await withThrowingTaskGroup { group in
            group.addTask { await recorder.run() }
            try await eventually { recorder.dropped == 1 }
            world.fail(nil)
            recorder.record(EventCorrelatorTests.occurrence("a"))
            try await eventually { told() == ["a 1"] }
            world.state.withLock { $0.objects = [:] }
            recorder.record(EventCorrelatorTests.occurrence("a"))
            try await eventually { told() == ["a 2"] }
            group.cancelAll()
        }
    }

    @Test func `shutdown writes what is left, at no pace`() async throws {
        let recorder = recorder()
        for object in 0..<60 { recorder.record(EventCorrelatorTests.occurrence(object: "\(object)")) }
        await testGracefulShutdown { trigger in
            await withTaskGroup { group in
                trigger.triggerGracefulShutdown()
                group.addTask { await recorder.run() }
            }
        }
        #expect(world.objects.count == 60)
    }

    @Test(.timeLimit(.minutes(1))) func `an API server that never answers holds shutdown up for five seconds`()
        async throws
    {
        let recorder = recorder()
        world.fail { _ in .silence }
        for note in ["a", "b"] { recorder.record(EventCorrelatorTests.occurrence(note)) }
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup { group in
                group.addTask { await recorder.run() }
                trigger.triggerGracefulShutdown()
                try await clock.waitForSleepers(1)
                clock.advance(by: .seconds(5))
                try await group.waitForAll()
            }
        }
        #expect(recorder.dropped == 2)
    }

    @Test func `a flood is written at a pace that leaves room for others`() async throws {
        let recorder = recorder()
        for object in 0..<53 { recorder.record(EventCorrelatorTests.occurrence(object: "\(object)")) }
        try await withThrowingTaskGroup { group in
            group.addTask { await recorder.run() }
            for written in 50..<53 {
                try await clock.waitForSleepers(1)
                #expect(world.objects.count == written)
                clock.advance(by: .milliseconds(20))
            }
            try await eventually { world.objects.count == 53 }
            group.cancelAll()
        }
    }

    @Test func `recording never waits, however much there is`() {
        let recorder = recorder()
        for object in 0..<6_000 { recorder.record(EventCorrelatorTests.occurrence(object: "\(object)")) }
        #expect(recorder.dropped == 6_000 - 4_096)
    }
}
