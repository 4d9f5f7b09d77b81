import KubeModel
import KubeRuntime
import Testing

@testable import swell

@Suite struct LeadershipTests {
    /// A leader's Lease.
    private static func lease(of holder: String?, _ annotation: String?) -> Lease {
        let annotations = annotation.map { ["swell.dev/shards": $0] }
        return Lease(
            metadata: ObjectMeta(name: "operator", namespace: "keda", annotations: annotations),
            spec: Lease.Spec(
                holderIdentity: holder,
                leaseDurationSeconds: 15,
                acquireTime: nil,
                renewTime: nil,
                leaseTransitions: nil
            )
        )
    }

    @Test(
        arguments: [
            (nil, .unknown),
            (lease(of: nil, "4 a"), .unknown), (lease(of: "", "4 "), .unknown),
            (lease(of: "a", "4 a"), .ours),
            // Who deals out among others, who led before, KEDA.
            (lease(of: "a", "5 a"), .foreign), (lease(of: "b", "4 a"), .foreign), (lease(of: "b", nil), .foreign),
        ] as [(Lease?, ShardLeader)]
    )
    func `a leader is ours who says so himself, of as many shards`(lease: Lease?, leader: ShardLeader) {
        #expect(Leadership.leader(by: lease, shards: 4) == leader)
    }
}
