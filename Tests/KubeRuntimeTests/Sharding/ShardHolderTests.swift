import KubeClient
import KubeModel
import Outbound
import Synchronization
import TestKit
import Testing

@testable import KubeRuntime

@Suite struct ShardHolderTests {
    let clock = ManualClock()

    @Test(arguments: [(.seconds(2), .seconds(2)), (.seconds(9), .milliseconds(2500))] as [(Duration, Duration)])
    func `Leases are looked at often enough to be renewed, however seldom the flags want it`(
        retry: Duration,
        rest: Duration
    ) async throws {
        let server = ScriptedTransport { _ in .json(#"{"kind":"LeaseList","metadata":{},"items":[]}"#) }
        let holder = holder(server, mayJoin: false, timing: LeaseTiming(retry: retry))
        try await withThrowingTaskGroup { group in
            group.addTask { await holder.run() }
            try await eventually { clock.alarms == [rest] }
            clock.advanceToNextAlarm()
            try await eventually { clock.alarms == [rest * 2] }
            group.cancelAll()
        }
        #expect(server.requests.count == 2)
    }

    @Test func `a member whose Lease has lost its label is seen, and the next place is taken`() async throws {
        let lists = Mutex(0)
        let server = ScriptedTransport { request in
            guard request.method == .get else { return .json(String(decoding: request.body, as: UTF8.self)) }
            // It lives: each list shows it renewed.
            let second = lists.withLock {
                $0 += 1
                return $0
            }
            return .json(
                #"{"kind":"LeaseList","metadata":{},"items":["#
                    + #"{"metadata":{"name":"operator-member-0-of-4","namespace":"keda","resourceVersion":"1"},"spec":{"#
                    + #""holderIdentity":"b","leaseDurationSeconds":15,"renewTime":"2026-11-23T00:00:0\#(second).000000Z"}},"#
                    + #"{"metadata":{"name":"other","namespace":"keda","resourceVersion":"1"},"spec":{}}]}"#
            )
        }
        let holder = holder(server, mayJoin: true)
        try await withThrowingTaskGroup { group in
            group.addTask { await holder.run() }
            try await eventually { clock.alarms == [.seconds(2)] }
            clock.advanceToNextAlarm()
            try await eventually { server.requests.contains { $0.method != .get } }
            group.cancelAll()
        }
        let claim = try #require(server.requests.first { $0.method != .get })
        let text = String(decoding: claim.body, as: UTF8.self)
        #expect(text.contains(#""operator-member-1-of-4""#), "\(text)")
        #expect(server.lines[0] == "GET /apis/coordination.k8s.io/v1/namespaces/keda/leases")
    }

    /// A holder of some of four shards.
    func holder(_ server: ScriptedTransport, mayJoin: Bool, timing: LeaseTiming = LeaseTiming()) -> ShardHolder {
        let address = KubeConfiguration(server: WebAddress(host: "api"), files: .memory([:]))
        return ShardHolder(
            KubeClient(address, over: server, time: clock.source),
            layout: ShardLayout(of: ObjectKey(namespace: "keda", name: "operator"), count: 4),
            identity: "a",
            timing: timing,
            time: clock.source,
            random: { 0 },
            mayJoin: { mayJoin },
            leader: { .ours },
            logger: .silent
        )
    }
}
