import Foundation
import KubeClient
import KubeModel
import Logging
import Outbound
import ServiceLifecycle
import ServiceLifecycleTestKit
import Synchronization
import TestKit
import Testing

@testable import KubeRuntime

@Suite struct LeaderElectorTests {
    static let key = ObjectKey(namespace: "keda", name: "operator.keda.sh")
    static let path = "/apis/coordination.k8s.io/v1/namespaces/keda/leases/operator.keda.sh"

    let world = FakeObjects()
    let clock = ManualClock()

    /// An elector with a transport of its own, so that its requests can be told apart.
    func elector(_ identity: String, _ transport: ScriptedTransport? = nil) -> LeaderElector {
        LeaderElector(
            .scripted(transport ?? world.transport, clock: clock),
            lease: Self.key,
            identity: identity,
            time: clock.source,
            random: { 0 },
            logger: .silent
        )
    }

    /// Turns the clock from alarm to alarm until something is so.
    func turn(until condition: () -> Bool) async throws {
        try await eventually(within: .seconds(30)) {
            if condition() { return true }
            clock.advanceToNextAlarm()
            return condition()
        }
    }

    /// The lease's holder.
    func holder() throws -> String? {
        try world.object(Self.path, as: Lease.self)?.spec.holderIdentity
    }

    @Test func `of two only one leads, and the other takes over when it is gone`() async throws {
        let (one, two) = (elector("one"), elector("two"))
        try await withThrowingTaskGroup { group in
            group.addTask { try await one.run() }
            try await eventually { one.isLeading }
            await withTaskGroup { inner in
                inner.addTask {
                    // Ends by cancellation at the end of the test.
                    try? await two.run()
                }
                for _ in 0..<60 {
                    // Both sleep between their turns: that is when nothing else is going on.
                    try? await clock.waitForSleepers(2)
                    #expect(one.isLeading && !two.isLeading)
                    clock.advance(by: .seconds(1))
                }
                group.cancelAll()
                try? await turn { two.isLeading && !one.isLeading }
                #expect(two.isLeading)
                inner.cancelAll()
            }
        }
        #expect(try holder() == "two")
        #expect(try world.object(Self.path, as: Lease.self)?.spec.leaseTransitions == 1)
    }

    @Test func `a leader that cannot reach the server steps down before another may begin`() async throws {
        let (one, two) = (elector("one"), elector("two"))
        let journal = Journal()
        await withTaskGroup { group in
            group.addTask {
                _ = await #expect(throws: LeadershipLost.self) { try await one.run() }
            }
            try? await eventually { one.isLeading }
            // From now on only the second one's requests get through.
            world.fail { request in
                let body = String(decoding: request.body, as: UTF8.self)
                return request.method == .put && body.contains(#""one""#)
                    ? .failure(OutboundError(.cannotConnect, "cut off")) : nil
            }
            group.addTask {
                // Ends by cancellation.
                try? await two.run()
            }
            try? await turn {
                if one.isLeading, two.isLeading { journal.note("both lead") }
                return two.isLeading
            }
            #expect(two.isLeading && !one.isLeading)
            group.cancelAll()
        }
        #expect(journal.all.isEmpty)
    }

    @Test func `shutdown gives the lease back, so that the other begins at once`() async throws {
        let one = elector("one")
        let journal = Journal()
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup { group in
                group.addTask { try await one.run() }
                group.addTask {
                    try await one.whileLeading(Noted { journal.note("ran") }).run()
                }
                try await eventually { journal.all == ["ran"] }
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
        #expect(!one.isLeading)
        #expect(try holder() == nil)
        let two = elector("two")
        try await withThrowingTaskGroup { group in
            group.addTask { try await two.run() }
            try await two.waitUntilLeading()
            #expect(clock.uptime < .seconds(15))
            group.cancelAll()
            // Cancelled while it leads: nothing more is sent, and run ends without an error.
            try await group.waitForAll()
        }
        #expect(try holder() == "two")
    }

    /// A service that notes that it ran.
    struct Noted: Service {
        /// What to do.
        let note: @Sendable () -> Void
        /// Does it.
        func run() async { note() }
    }

    @Test func `what the lease says besides comes and goes with us, and nothing else is touched`() async throws {
        let address = Mutex<String?>("10.0.0.1:9666")
        let one = LeaderElector(
            .scripted(world.transport, clock: clock),
            lease: Self.key,
            identity: "one",
            time: clock.source,
            random: { 0 },
            annotations: { ["ours": address.withLock { $0 }] },
            logger: .silent
        )
        world.state.withLock {
            $0.objects[Self.path] = [
                "metadata": [
                    "name": "operator.keda.sh", "namespace": "keda", "resourceVersion": "0",
                    "annotations": ["theirs": "kept", "ours": "old"],
                ], "spec": ["holderIdentity": "", "leaseDurationSeconds": 1],
            ]
        }
        /// The annotations as stored.
        func annotations() throws -> [String: String]? {
            try world.object(Self.path, as: Lease.self)?.metadata.annotations
        }
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup { group in
                group.addTask { try await one.run() }
                try await eventually { one.isLeading }
                #expect(try annotations() == ["theirs": "kept", "ours": "10.0.0.1:9666"])
                #expect(one.lease?.spec.holderIdentity == "one")
                #expect(one.remaining == .seconds(10))
                address.withLock { $0 = nil }
                try await turn { (try? annotations()) == ["theirs": "kept"] }
                address.withLock { $0 = "10.0.0.1:9666" }
                try await turn { (try? annotations())?["ours"] != nil }
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
        #expect(try annotations() == ["theirs": "kept"])
    }

    /// A service that runs until it is cancelled.
    struct Lasting: Service {
        /// Told of its beginning and its end.
        let journal: Journal
        /// Waits for ever.
        func run() async {
            journal.note("ran")
            let (never, continuation) = AsyncStream<Never>.makeStream()
            for await _ in never {}
            withExtendedLifetime(continuation) { journal.note("was cancelled") }
        }
    }

    @Test func `what only the leader runs is cancelled when leadership is lost`() async throws {
        let one = elector("one")
        let journal = Journal()
        await withTaskGroup { group in
            group.addTask { _ = await #expect(throws: LeadershipLost.self) { try await one.run() } }
            group.addTask {
                _ = await #expect(throws: LeadershipLost.self) {
                    try await one.whileLeading(Lasting(journal: journal)).run()
                }
            }
            // What does not come true is told by the expectations below.
            try? await eventually { journal.all == ["ran"] }
            world.fail { _ in .failure(OutboundError(.cannotConnect, "cut off")) }
            try? await turn { !one.isLeading }
            await group.waitForAll()
        }
        #expect(one.remaining == nil)
        #expect(journal.all == ["ran", "was cancelled"])
    }

    @Test func `listeners hear how it is now, and each change`() async throws {
        let one = elector("one")
        var words = one.leadership().makeAsyncIterator()
        #expect(await words.next() == false)
        await withTaskGroup { group in
            group.addTask { _ = await #expect(throws: LeadershipLost.self) { try await one.run() } }
            #expect(await words.next() == true)
            world.fail { _ in .failure(OutboundError(.cannotConnect, "cut off")) }
            try? await turn { !one.isLeading }
            #expect(await words.next() == false)
        }
    }

    @Test func `a server in trouble is asked again and again by who follows`() async throws {
        let one = elector("one")
        world.fail { _ in .json("{}", status: 500) }
        try await withThrowingTaskGroup { group in
            group.addTask { try await one.run() }
            for _ in 0..<5 {
                try await clock.waitForSleepers(1)
                #expect(!one.isLeading)
                clock.advanceToNextAlarm()
            }
            world.fail(nil)
            try await turn { one.isLeading }
            group.cancelAll()
        }
    }
}
