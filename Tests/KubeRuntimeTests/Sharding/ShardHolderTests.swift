import KubeClient
import KubeModel
import Outbound
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
        let address = KubeConfiguration(server: WebAddress(host: "api"), files: .memory([:]))
        let holder = ShardHolder(
            KubeClient(address, over: server, time: clock.source),
            layout: ShardLayout(of: ObjectKey(namespace: "keda", name: "operator"), count: 4),
            identity: "a",
            timing: LeaseTiming(retry: retry),
            time: clock.source,
            random: { 0 },
            mayJoin: { false },
            leader: { .ours },
            logger: .silent
        )
        try await withThrowingTaskGroup { group in
            group.addTask { await holder.run() }
            try await eventually { clock.alarms == [rest] }
            clock.advanceToNextAlarm()
            try await eventually { clock.alarms == [rest * 2] }
            group.cancelAll()
        }
        #expect(server.requests.count == 2)
    }
}
