import Foundation
import KubeClient
import KubeModel
import KubeRuntime
import ServiceLifecycle
import TestKit
import Testing

extension RealServers {
    @Suite(.timeLimit(.minutes(5))) struct KubeLeadership {
        /// Quick, so that the test is; the proportions are the real ones.
        static let timing = LeaseTiming(lease: .seconds(6), renew: .seconds(4), retry: .milliseconds(500))

        /// An elector on the lease `leader`.
        static func elector(_ cluster: TestCluster, _ identity: String) -> LeaderElector {
            LeaderElector(
                cluster.client,
                lease: cluster.key("leader"),
                identity: identity,
                timing: timing,
                logger: TestCluster.silence
            )
        }

        /// Who holds the lease.
        static func holder(_ cluster: TestCluster) async throws -> String? {
            try await cluster.client.get(Lease.self, cluster.key("leader")).spec.holderIdentity
        }

        @Test func `of two electors one leads, and gives the lease to the other when it goes`() async throws {
            try await TestCluster.with { cluster in
                let (one, two) = (Self.elector(cluster, "one"), Self.elector(cluster, "two"))
                let first = ServiceGroup(services: [one], logger: TestCluster.silence)
                try await withThrowingTaskGroup { group in
                    group.addTask { try await first.run() }
                    try await one.waitUntilLeading()
                    group.addTask { try await two.run() }
                    // Longer than a lease lasts: it is renewed, and the other sees that.
                    try await eventually("several renewals", within: .seconds(60)) {
                        #expect(one.isLeading && !two.isLeading)
                        let spec = try await cluster.client.get(Lease.self, cluster.key("leader")).spec
                        guard let renewed = spec.renewTime, let acquired = spec.acquireTime else { return false }
                        return renewed.date.timeIntervalSince(acquired.date) > 7
                    }
                    #expect(try await Self.holder(cluster) == "one")
                    await first.triggerGracefulShutdown()
                    try await two.waitUntilLeading()
                    #expect(!one.isLeading)
                    #expect(try await Self.holder(cluster) == "two")
                    group.cancelAll()
                    // Both end without an error: one was shut down, the other cancelled.
                    try await group.waitForAll()
                }
                #expect(try await cluster.client.get(Lease.self, cluster.key("leader")).spec.leaseTransitions == 1)
            }
        }

        @Test func `a leader steps down when the API server does not answer in time`() async throws {
            try await TestCluster.with { cluster in
                let one = Self.elector(cluster, "one")
                await withTaskGroup { group in
                    group.addTask { _ = await #expect(throws: LeadershipLost.self) { try await one.run() } }
                    do {
                        try await one.waitUntilLeading()
                        try await KubeWatch.control("freeze")
                        try await eventually("stepping down", within: .seconds(30)) { !one.isLeading }
                    } catch {
                        Issue.record(error)
                        group.cancelAll()
                    }
                    await group.waitForAll()
                    do {
                        try await KubeWatch.control("thaw")
                    } catch {
                        Issue.record(error)
                    }
                }
            }
        }
    }
}
