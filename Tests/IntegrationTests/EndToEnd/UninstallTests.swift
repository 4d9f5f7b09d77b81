import Foundation
import KubeClient
import KubeModel
import Scaling
import Subprocess
import TestKit
import Testing

extension RealServers {
    /// The steps of `docs/uninstall.md`, as they stand there.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct Uninstall {
        /// The document.
        static let document = DocumentedSteps("uninstall.md")

        /// Workloads that are scaled from 2 to 3, and everything that goes with them.
        static func populate(_ cluster: TestCluster) async throws {
            for (name, restores) in [("stays", false), ("returns", true)] {
                try await cluster.deploy(name, replicas: 2)
                let advanced: JSONValue = ["advanced": ["restoreToOriginalReplicaCount": .bool(restores)]]
                try await Neighbours.create(name, [Neighbours.always(3)], spec: advanced, in: cluster)
            }
            try await cluster.apply(Rights.credentials)
            try await cluster.apply(
                """
                {"apiVersion":"keda.sh/v1alpha1","kind":"ScaledJob","metadata":{"name":"batch"},
                 "spec":{"jobTargetRef":{"template":{"spec":{"restartPolicy":"Never",
                   "containers":[{"name":"main","image":"none"}]}}},
                   "triggers":[{"type":"cron","metadata":{}}]}}
                """
            )
            try await eventually("the HPAs' work", within: .seconds(60)) {
                let replicas = [try await cluster.replicas("stays"), try await cluster.replicas("returns")]
                return replicas == [3, 3]
            }
        }

        /// Waits until the operator has let go what other tests left to be deleted.
        ///
        /// Dozens at once, with the namespaces that go too: kubectl 1.20, told to delete them all, has once waited for
        /// five minutes after the last one was gone.
        static func expectNoneLeaving(_ cluster: TestCluster) async throws {
            try await eventually("the end of what others left", within: .seconds(60)) {
                let list = try await cluster.client.answer(
                    to: .list(ScaledObject.resourceType),
                    as: KubeList<ScaledObject>.self
                )
                return list.items.allSatisfy { $0.metadata.deletionTimestamp == nil }
            }
        }

        /// Whether nothing is left of a ScaledObject.
        static func isGone(_ name: String, _ cluster: TestCluster) async throws -> Bool {
            guard try await cluster.client.find(ScaledObject.self, cluster.key(name)) == nil else { return false }
            let list = try await cluster.kubectl("get", "hpa", "-o", "name", "-n", cluster.namespace)
            return !list.contains("keda-hpa-\(name)")
        }

        @Test func `while the operator runs, each step leaves what it says`() async throws {
            let steps = try Self.document.steps(under: "While the operator runs")
            try #require(steps.count == 5)
            try await TestCluster.with { cluster in
                try await SwellProcess.with {
                    try await Self.populate(cluster)
                    try await Self.expectNoneLeaving(cluster)
                    try await DocumentedSteps.run(steps[0])
                    #expect(try await cluster.replicas("stays") == 3)
                    try await eventually("the end of the HPAs", within: .seconds(60)) {
                        let gone = [
                            try await Self.isGone("stays", cluster), try await Self.isGone("returns", cluster),
                        ]
                        return gone == [true, true]
                    }
                    #expect(try await cluster.replicas("returns") == 2)
                    for step in steps[1...3] { try await DocumentedSteps.run(step) }
                }
                try await DocumentedSteps.run(steps[4])
                let kinds = try await cluster.kubectl("api-resources", "-o", "name")
                #expect(!kinds.contains("keda.sh"))
                #expect(try await cluster.kubectl("get", "namespace", "keda", "--ignore-not-found").isEmpty)
                #expect(try await cluster.replicas("stays") == 3)
            }
        }

        @Test func `when the operator went first, objects wait, and the steps let them go`() async throws {
            let steps = try Self.document.steps(under: "When the operator went first")
            try #require(steps.count == 2)
            try await TestCluster.with { cluster in
                try await SwellProcess.with(endedBy: .kill) { try await Self.populate(cluster) }
                try await cluster.kubectl("delete", "so", "--all", "--wait=false", "-n", cluster.namespace)
                let waiting = try await cluster.object("stays")
                #expect(waiting.metadata.deletionTimestamp != nil)
                #expect(waiting.metadata.finalizers == ["finalizer.keda.sh"])
                for step in steps { try await DocumentedSteps.run(step) }
                for name in ["stays", "returns"] {
                    try await eventually("the end of \(name)", within: .seconds(60)) {
                        try await Self.isGone(name, cluster)
                    }
                    #expect(try await cluster.replicas(name) == 3)
                }
                for step in try Self.document.steps(under: "While the operator runs").prefix(2) {
                    try await DocumentedSteps.run(step)
                }
            }
        }
    }
}
