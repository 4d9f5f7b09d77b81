import KubeClient
import KubeModel
import Logging
import Outbound
import ServiceLifecycle
import TestKit
import Testing

@testable import Operator

/// What watches show of a Deployment's replicas.
@Suite struct WatchedScalesFlowTests {
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
