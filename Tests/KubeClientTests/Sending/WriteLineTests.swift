import KubeModel
import Outbound
import TestKit
import Testing

@testable import KubeClient

@Suite struct WriteLineTests {
    let clock = ManualClock()

    /// So many seconds, without what a Double leaves over.
    private static func exactly(_ seconds: Double) -> Duration { .milliseconds(Int((seconds * 1000).rounded())) }

    /// Is under way for so many seconds.
    private func work(_ seconds: Double) -> @Sendable () async throws(KubeError) -> Void {
        { () async throws(KubeError) in
            do { try await clock.source.sleep(Self.exactly(seconds)) } catch { throw KubeError(error, doing: "work") }
        }
    }

    /// So many alarms at a second.
    private func alarms(_ second: Double, _ count: Int = 1) -> [Duration] {
        Array(repeating: Self.exactly(second), count: count)
    }

    @Test func `while a scale is written a few statuses are, and all once none is`() async throws {
        let line = WriteLine(limit: 64, time: clock.source)
        let few = WriteLine.trickle
        try await withThrowingTaskGroup { group in
            for seconds in [1.0, 2] { group.addTask { try await line.scaling(work(seconds)) } }
            try await clock.waitForSleepers(2)
            for _ in 0..<20 { group.addTask { try await line.status(work(1.6)) } }
            // Who waits would not do so for longer than three seconds.
            try await eventually { clock.alarms == alarms(1) + alarms(1.6, few) + alarms(2) + alarms(3, 20 - few) }
            try await eventually { line.waiting == 20 - few }
            // Who is urgent does not wait for those few.
            group.addTask { try await line.scaling(work(1.25)) }
            try await clock.waitForSleepers(3 + 20)
            clock.advance(by: Self.exactly(1.25))
            try await eventually { clock.alarms == alarms(1.6, few) + alarms(2) + alarms(3, 20 - few) }
            // Nobody comes in while one scale is left.
            #expect(line.waiting == 20 - few)
            clock.advance(by: Self.exactly(0.35))
            try await eventually { clock.alarms == alarms(2) + alarms(3, 20 - 2 * few) + alarms(3.2, few) }
            clock.advance(by: Self.exactly(0.4))
            try await eventually { clock.alarms == alarms(3.2, few) + alarms(3.6, 20 - 2 * few) }
            clock.advance(by: Self.exactly(1.6))
            try await group.waitForAll()
        }
    }

    @Test func `who has waited for long enough goes, whoever scales`() async throws {
        let line = WriteLine(limit: WriteLine.trickle + 2, time: clock.source)
        let few = WriteLine.trickle
        try await withThrowingTaskGroup { group in
            for _ in 0..<2 { group.addTask { try await line.scaling(work(100)) } }
            for _ in 0..<few { group.addTask { try await line.status(work(100)) } }
            try await clock.waitForSleepers(2 + few)
            for _ in 0..<3 { group.addTask { try await line.status(work(10)) } }
            try await eventually { clock.alarms == alarms(3, 3) + alarms(100, 2 + few) && line.waiting == 3 }
            clock.advance(by: WriteLine.patience)
            // But never more than the limit.
            try await eventually { clock.alarms == alarms(13, 2) + alarms(100, 2 + few) }
            #expect(line.waiting == 1)
            clock.advance(by: .seconds(10))
            try await eventually { clock.alarms == alarms(23) + alarms(100, 2 + few) && line.waiting == 0 }
            // Who comes new is patient again.
            group.addTask { try await line.status(work(1)) }
            try await eventually { clock.alarms == alarms(16) + alarms(23) + alarms(100, 2 + few) && line.waiting == 1 }
            clock.advance(by: .seconds(3))
            try await eventually { clock.alarms == alarms(17) + alarms(23) + alarms(100, 2 + few) }
            clock.advance(by: .seconds(100))
            try await group.waitForAll()
        }
    }

    @Test func `no more are written at once than the limit says, and the others wait in their order`() async throws {
        let line = WriteLine(limit: 3, time: clock.source)
        try await withThrowingTaskGroup { group in
            for _ in 0..<3 { group.addTask { try await line.status(work(5)) } }
            try await clock.waitForSleepers(3)
            for (place, seconds) in [1.0, 2, 3, 4].enumerated() {
                group.addTask { try await line.status(work(seconds)) }
                try await eventually { line.waiting == place + 1 && clock.alarms.count == 4 + place }
            }
            clock.advance(by: WriteLine.patience)
            try await eventually { clock.alarms == alarms(5, 3) }
            #expect(line.waiting == 4)
            clock.advance(by: .seconds(2))
            try await eventually { clock.alarms == [1.0, 2, 3].map { .seconds(5 + $0) } }
            clock.advance(by: .seconds(1))
            try await eventually { clock.alarms == [2.0, 3, 5].map { .seconds(5 + $0) } }
            clock.advance(by: .seconds(4))
            try await group.waitForAll()
        }
    }

    @Test func `who is cancelled leaves the line`() async throws {
        let line = WriteLine(limit: 64, time: clock.source)
        try await withThrowingTaskGroup { group in
            group.addTask { try await line.scaling(work(2)) }
            for _ in 0..<WriteLine.trickle { group.addTask { try await line.status(work(2)) } }
            try await clock.waitForSleepers(1 + WriteLine.trickle)
            try await withThrowingTaskGroup { waiting in
                waiting.addTask {
                    let error = await #expect(throws: KubeError.self) { try await line.status(work(1)) }
                    #expect(error?.code == .cancelled)
                }
                try await eventually { line.waiting == 1 }
                waiting.cancelAll()
            }
            #expect(line.waiting == 0)
            clock.advance(by: .seconds(2))
            try await group.waitForAll()
        }
        try await line.status { () throws(KubeError) in }
    }

    /// Where a Deployment's scale is.
    static let scale = ["apis", "apps", "v1", "namespaces", "n", "deployments", "a", "scale"]
    /// A status.
    static let status = KubeRequest(
        .patch,
        path: ["apis", "keda.sh", "v1alpha1", "namespaces", "n", "scaledobjects", "a", "status"]
    )

    @Test(arguments: [
        KubeRequest(.get, path: ["apis", "keda.sh", "v1alpha1", "namespaces", "n", "scaledobjects", "a", "status"]),
        KubeRequest(.post, path: ["api", "v1", "namespaces", "n", "serviceaccounts", "a", "token"]),
        KubeRequest(.post, path: ["apis", "authorization.k8s.io", "v1", "subjectaccessreviews"]),
        KubeRequest(.put, path: ["apis", "coordination.k8s.io", "v1", "namespaces", "n", "leases", "a"]),
        KubeRequest(
            .patch,
            path: ["apis", "autoscaling", "v2", "namespaces", "events", "horizontalpodautoscalers", "a"]
        ),
        KubeRequest(.patch, path: scale),
    ])
    func `a client has statuses wait for writes to scale, and nothing else`(urgent: KubeRequest) async throws {
        // Of the scale that is put, and of statuses nobody hears again.
        let server = ScriptedTransport { request in
            let target = request.url.target
            let isUrgent = target == urgent.pathText && request.method.rawValue == urgent.method.rawValue
            return isUrgent ? .json("{}") : .silence
        }
        let client = KubeClient.scripted(server, clock: clock)
        let count = 1 + WriteLine.trickle
        try await withThrowingTaskGroup { group in
            group.addTask { _ = try? await client.send(KubeRequest(.put, path: Self.scale)) }
            try await eventually { server.requests.count == 1 }
            for _ in 0..<6 { group.addTask { _ = try? await client.send(Self.status) } }
            try await eventually { server.requests.count == count && client.line.waiting == 2 }
            group.addTask { _ = try await client.send(urgent) }
            try await eventually { server.requests.count == count + 1 }
            #expect(client.line.waiting == 2)
            group.cancelAll()
        }
        #expect(client.line.waiting == 0)
    }
}
