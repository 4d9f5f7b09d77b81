import KubeClient
import KubeModel
import Logging
import Outbound
import Scaling
import ServiceLifecycle
import Synchronization
import TestKit
import Testing

@testable import Operator

/// What watches show of a Deployment's replicas.
@Suite struct WatchedScalesFlowTests {
    @Test func `a watch that shows a sleeper awake does not keep it asleep`() async throws {
        let flow = try await Flow(replicas: 0)
        flow.set(.value(0))
        try await flow.tick()
        flow.watched.withLock { $0 = (1, "1") }
        flow.set(.value(25))
        try await flow.pass()
        #expect(try await flow.replicas == 1)
    }

    @Test func `a watch that shows a worker asleep costs one write that is refused, and no more`() async throws {
        let flow = try await Flow(replicas: 3)
        flow.set(.value(0))
        try await flow.tick()
        try await flow.scale(to: 3)
        flow.watched.withLock { $0 = (0, "1") }
        flow.writes.withLock { $0 = [] }
        flow.set(.value(25))
        for _ in 0..<3 {
            try await flow.pass()
            flow.clock.advance(by: .seconds(1))
        }
        #expect(try await flow.replicas == 3)
        #expect(flow.writes.withLock { $0.count { $0.hasSuffix("/scale") } } == 1)
    }

    @Test func `a poll before its tick asks of now, and not of the tick to come`() async throws {
        let flow = try await Flow(replicas: 1) { $0.pollingInterval = 300 }
        flow.set(.value(25))
        try await flow.tick()
        try await flow.pass()
        flow.clock.advance(by: .seconds(100))
        flow.times.withLock { $0 = [] }
        try await flow.annotate(ObjectControls.pausedScaleIn, "true")
        try await flow.pass()
        let now = "time=" + WebAddress.encode(RFC3339.seconds(flow.clock.now))
        #expect(flow.times.withLock { $0 } == [now])
    }

    @Test func `the replicas of a Deployment are shown with the version that a write needs, until it goes`()
        async throws
    {
        let flow = try await Flow(replicas: 3)
        let target = ScaleTarget(type: Flow.deployments, key: Flow.key)
        let scales = WatchedScales(in: [], client: flow.client, time: .system, logger: Logger(label: "flow"))
        #expect(scales.scale(of: target) == nil)
        try await withThrowingTaskGroup { group in
            for service in scales.services { group.addTask { try await service.run() } }
            try await eventually { scales.scale(of: target)?.replicas == 3 }
            let access = TargetAccess(
                client: flow.client,
                discovery: Discovery(flow.client, time: .system),
                watched: scales.scale
            )
            let shown = try await access.scale(of: target)
            try await access.set(shown, to: 5, of: target)
            #expect(try await flow.replicas == 5)
            try await eventually { scales.scale(of: target)?.replicas == 5 }
            // The first one is out of date now, and somebody else's 5 stays.
            let error = await #expect(throws: KubeError.self) { try await access.set(shown, to: 7, of: target) }
            #expect(error?.isConflict == true)
            #expect(try await flow.replicas == 5)
            #expect(scales.scale(of: ScaleTarget(type: WorkloadReplicas.statefulSets, key: Flow.key)) == nil)
            try await flow.client.delete(Flow.deployments, Flow.key)
            try await eventually { scales.scale(of: target) == nil }
            group.cancelAll()
        }
    }
}
