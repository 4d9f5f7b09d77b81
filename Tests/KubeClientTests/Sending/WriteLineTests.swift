import KubeModel
import Outbound
import TestKit
import Testing

@testable import KubeClient

@Suite struct WriteLineTests {
    let clock = ManualClock()

    /// Is under way for so many seconds.
    private func work(_ seconds: Int) -> @Sendable () async throws(KubeError) -> Void {
        { () async throws(KubeError) in
            do { try await clock.source.sleep(.seconds(seconds)) } catch { throw KubeError(error, doing: "work") }
        }
    }

    /// So many alarms at a second.
    private func alarms(_ second: Int, _ count: Int = 1) -> [Duration] {
        Array(repeating: .seconds(second), count: count)
    }

    @Test func `while a scale is written a few other writes pass, and all once none is`() async throws {
        let line = WriteLine()
        let few = WriteLine.trickle
        try await withThrowingTaskGroup { group in
            for seconds in [10, 20] { group.addTask { try await line.scaling(work(seconds)) } }
            try await clock.waitForSleepers(2)
            for _ in 0..<20 { group.addTask { try await line.other(work(15)) } }
            try await eventually { clock.alarms == alarms(10) + alarms(15, few) + alarms(20) }
            try await eventually { line.waiting == 20 - few }
            // Who is urgent does not wait for those few.
            group.addTask { try await line.scaling(work(12)) }
            try await clock.waitForSleepers(3 + few)
            clock.advance(by: .seconds(12))
            try await eventually { clock.alarms == alarms(15, few) + alarms(20) }
            // Nobody comes in while one scale is left.
            #expect(line.waiting == 20 - few)
            clock.advance(by: .seconds(3))
            try await eventually { clock.alarms == alarms(20) + alarms(30, few) }
            clock.advance(by: .seconds(5))
            try await eventually { clock.alarms == alarms(30, few) + alarms(35, 20 - 2 * few) }
            clock.advance(by: .seconds(15))
            try await group.waitForAll()
        }
    }

    @Test func `who is cancelled leaves the line`() async throws {
        let line = WriteLine()
        try await withThrowingTaskGroup { group in
            group.addTask { try await line.scaling(work(10)) }
            for _ in 0..<WriteLine.trickle { group.addTask { try await line.other(work(20)) } }
            try await clock.waitForSleepers(1 + WriteLine.trickle)
            await withTaskGroup { waiting in
                waiting.addTask {
                    let error = await #expect(throws: KubeError.self) { try await line.other(work(1)) }
                    #expect(error?.code == .cancelled)
                }
                waiting.cancelAll()
            }
            #expect(line.waiting == 0)
            clock.advance(by: .seconds(20))
            try await group.waitForAll()
        }
        try await line.other { () throws(KubeError) in }
    }

    /// Where a Deployment's scale is.
    static let scale = ["apis", "apps", "v1", "namespaces", "n", "deployments", "a", "scale"]
    /// An Event.
    static let event = KubeRequest(.post, path: ["api", "v1", "namespaces", "n", "events"])

    @Test(arguments: [
        KubeRequest(.get, path: ["api", "v1", "namespaces", "n", "pods"]),
        KubeRequest(.post, path: ["api", "v1", "namespaces", "n", "serviceaccounts", "a", "token"]),
        KubeRequest(.post, path: ["apis", "authorization.k8s.io", "v1", "subjectaccessreviews"]),
        KubeRequest(.put, path: ["apis", "coordination.k8s.io", "v1", "namespaces", "n", "leases", "a"]),
        KubeRequest(.patch, path: scale),
    ])
    func `a client has writes wait for those to scale, and nothing else`(urgent: KubeRequest) async throws {
        // Of the scale that is put, and of Events, nobody hears again.
        let server = ScriptedTransport { request in
            request.method == .put && request.url.target.hasSuffix("/scale") || request.url.target.hasSuffix("/events")
                ? .silence : .json("{}")
        }
        let client = KubeClient.scripted(server, clock: clock)
        await withTaskGroup { group in
            group.addTask { _ = try? await client.send(KubeRequest(.put, path: Self.scale)) }
            // A test that fails to wait tells it below.
            try? await eventually { server.requests.count == 1 }
            for _ in 0...WriteLine.trickle { group.addTask { _ = try? await client.guarded { nil }.send(Self.event) } }
            for _ in 0...WriteLine.trickle { group.addTask { _ = try? await client.send(Self.event) } }
            try? await eventually { server.requests.count == 1 + WriteLine.trickle && client.line.waiting == 1 }
            #expect(server.requests.count == 1 + WriteLine.trickle && client.line.waiting == 1)
            #expect(await (try? client.send(urgent)) != nil)
            #expect(client.line.waiting == 1)
            group.cancelAll()
        }
        #expect(client.line.waiting == 0)
    }
}
