import KubeClient
import KubeModel
import Logging
import Outbound
import ServiceLifecycle
import ServiceLifecycleTestKit
import TestKit
import Testing

@testable import KubeRuntime

@Suite struct ControllerTests {
    /// What a reconciler may run into.
    struct Trouble: Error {}

    let clock = ManualClock()
    let journal = Journal()
    let store = Store<Int>()

    /// A key in namespace `n`.
    static func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "n", name: name) }

    /// Runs a controller over the store for the length of a call.
    func running(
        settings: Controller<ObjectKey>.Settings = .init(),
        sources: [Controller<ObjectKey>.Source]? = nil,
        reconcile: @escaping @Sendable (ObjectKey) async throws -> ReconcileAction,
        _ body: (Controller<ObjectKey>) async throws -> Void
    ) async throws {
        let controller = Controller<ObjectKey>(
            "test",
            sources: sources ?? [.store(store)],
            settings: settings,
            time: clock.source,
            logger: .silent
        ) { key, _ in try await reconcile(key) }
        try await withThrowingTaskGroup { group in
            group.addTask { await controller.run() }
            try await body(controller)
            group.cancelAll()
        }
    }

    @Test func `nothing runs until every source is ready, then everything that is there does`() async throws {
        let other = Store<String>()
        let reconcile: @Sendable (ObjectKey) async throws -> ReconcileAction = { key in
            journal.note(key.name)
            return .awaitChange
        }
        try await running(sources: [.store(store), .requirement(other)], reconcile: reconcile) { controller in
            store.replace(part: 0, with: [Self.key("a"): 1, Self.key("b"): 1])
            controller.enqueue(Self.key("c"))
            #expect(journal.all.isEmpty)
            other.replace(part: 0, with: [:])
            try await eventually { Set(journal.all) == ["a", "b", "c"] }
            store.set(Self.key("a"), to: 2)
            store.set(Self.key("b"), to: nil)
            try await eventually { journal.all.count == 5 && Set(journal.all.suffix(2)) == ["a", "b"] }
        }
    }

    @Test func `an object may stand for others`() async throws {
        store.replace(part: 0, with: [Self.key("secret"): 1])
        let source = Controller<ObjectKey>.Source
            .store(store) { key in [Self.key("\(key.name)-1"), Self.key("\(key.name)-2")] }
        let reconcile: @Sendable (ObjectKey) async throws -> ReconcileAction = { key in
            journal.note(key.name)
            return .awaitChange
        }
        try await running(sources: [source], reconcile: reconcile) { _ in
            try await eventually { Set(journal.all) == ["secret-1", "secret-2"] }
        }
    }

    @Test func `a failure comes again after a rest that doubles, and success starts over`() async throws {
        store.replace(part: 0, with: [Self.key("a"): 1])
        let reconcile: @Sendable (ObjectKey) async throws -> ReconcileAction = { key in
            journal.note("\(Int(clock.uptime / .milliseconds(1)))")
            switch journal.all.count {
            case 1, 2, 4: throw Trouble()
            case 3: return .requeue(after: .seconds(1))
            default: return .awaitChange
            }
        }
        try await running(reconcile: reconcile) { controller in
            for moment in [5, 15, 1015, 1020] {
                try await eventually { clock.alarms.contains(.milliseconds(moment)) && controller.counts.running == 0 }
                clock.advance(by: .milliseconds(moment) - clock.uptime)
            }
            try await eventually { journal.all == ["0", "5", "15", "1015", "1020"] }
        }
    }

    @Test func `a reconcile over its limit is cancelled and others do not notice`() async throws {
        store.replace(part: 0, with: [Self.key("stuck"): 1, Self.key("fine"): 1])
        var settings = Controller<ObjectKey>.Settings()
        (settings.workers, settings.limit) = (2, .seconds(60))
        let reconcile: @Sendable (ObjectKey) async throws -> ReconcileAction = { key in
            if key.name == "fine" || journal.all.contains("cancelled") {
                journal.note(key.name)
                return .awaitChange
            }
            do {
                try await clock.source.sleep(.seconds(1_000_000))
            } catch {
                journal.note("cancelled")
                throw error
            }
            return .awaitChange
        }
        try await running(settings: settings, reconcile: reconcile) { _ in
            try await eventually { journal.all == ["fine"] && clock.alarms.contains(.seconds(1_000_000)) }
            clock.advance(by: .seconds(60))
            try await eventually { journal.all.last == "cancelled" && clock.alarms.contains(.milliseconds(60_005)) }
            clock.advance(by: .milliseconds(5))
            try await eventually { journal.all == ["fine", "cancelled", "stuck"] }
        }
    }

    @Test func `a reconcile that is done with what is urgent keeps nobody waiting`() async throws {
        store.replace(part: 0, with: [Self.key("a"): 1, Self.key("b"): 1, Self.key("c"): 1])
        var settings = Controller<ObjectKey>.Settings()
        settings.workers = 1
        let controller = Controller<ObjectKey>(
            "test",
            sources: [.store(store)],
            settings: settings,
            time: clock.source,
            logger: .silent
        ) { key, release in
            journal.note("begin")
            release()
            try await clock.source.sleep(.seconds(3))
            journal.note("end")
            return .awaitChange
        }
        try await withThrowingTaskGroup { group in
            group.addTask { await controller.run() }
            try await eventually { journal.all.count == 3 && clock.alarms.count { $0 == .seconds(3) } == 3 }
            clock.advance(by: .seconds(3))
            try await eventually { journal.all.count == 6 && controller.counts == (0, 0) }
            group.cancelAll()
        }
    }

    @Test func `graceful shutdown lets a running reconcile end`() async throws {
        store.replace(part: 0, with: [Self.key("a"): 1])
        let controller = Controller<ObjectKey>("test", sources: [.store(store)], time: clock.source, logger: .silent) {
            _,
            _ in
            journal.note("begin")
            try await clock.source.sleep(.seconds(3))
            journal.note("end")
            return .requeue(after: .zero)
        }
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup { group in
                group.addTask { await controller.run() }
                try await eventually { journal.all == ["begin"] && clock.alarms.contains(.seconds(3)) }
                trigger.triggerGracefulShutdown()
                try await eventually { clock.alarms.contains(.seconds(20)) }
                clock.advance(by: .seconds(3))
                try await group.waitForAll()
            }
        }
        #expect(journal.all == ["begin", "end"])
    }

    @Test func `shutdown before the first list ends it too`() async throws {
        let controller = Controller<ObjectKey>("test", sources: [.store(store)], time: clock.source, logger: .silent) {
            _,
            _ in
            .awaitChange
        }
        await testGracefulShutdown { trigger in
            await withTaskGroup { group in
                group.addTask { await controller.run() }
                trigger.triggerGracefulShutdown()
            }
        }
    }
}
