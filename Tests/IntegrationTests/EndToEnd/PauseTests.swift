import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// The annotations that keep a workload from being scaled.
    ///
    /// Beside the workload that is paused lives another one on the same kind of source: what it does shows how far a
    /// workload would have come that is not paused.
    @Suite(.serialized, .swellOperator, .timeLimit(.minutes(10))) struct Pause {
        /// Runs a test with both workloads at 3 pods.
        static func with(_ body: @escaping @Sendable (TestCluster, NumberSource) async throws -> Void) async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    source.set(25, of: "web", "other")
                    for name in ["web", "other"] { try await cluster.scaled(name, by: [source.trigger(name)]) }
                    for name in ["web", "other"] { try await cluster.reach(3, name) }
                    try await body(cluster, source)
                }
            }
        }

        @Test func `paused freezes the pods and takes the HPA away, and it comes back`() async throws {
            try await Self.with { cluster, source in
                try await cluster.annotate("web", ObjectControls.paused, "true")
                try await cluster.reach(.paused, .yes, "ScaledObjectPaused", of: "web")
                try await eventually("no HPA", within: .seconds(30)) {
                    try await cluster.autoscaler("keda-hpa-web") == nil
                }
                let asked = source.questions("web")
                source.set(0, of: "web", "other")
                try await cluster.reach(0, "other")
                #expect(try await cluster.replicas("web") == 3)
                #expect(source.questions("web") == asked)
                #expect(try await cluster.autoscaler("keda-hpa-web") == nil)
                let ready = try await cluster.condition(.ready, of: "web")
                #expect(ready?.status == .yes && ready?.message == "ScaledObject is paused")

                source.set(55, of: "web", "other")
                try await cluster.annotate("web", ObjectControls.paused, nil)
                try await cluster.reach(6, "web")
                try await cluster.reach(.paused, .no, "ScaledObjectUnpaused", of: "web")
                #expect(try await cluster.hpa("web").spec.maxReplicas == 100)
                for reason in ["ScaledObjectPaused", "ScaledObjectUnpaused", "KEDAScalersStopped"] {
                    try await cluster.reach(event: reason, about: "web")
                }
            }
        }

        @Test func `paused-replicas sets the pods whatever paused says, until it is gone`() async throws {
            try await Self.with { cluster, source in
                try await cluster.annotate("web", ObjectControls.paused, "false")
                try await cluster.annotate("web", ObjectControls.pausedReplicas, "5")
                try await cluster.reach(5, "web")
                try await cluster.reach(.paused, .yes, "ScaledObjectPaused", of: "web")
                try await eventually("no HPA", within: .seconds(30)) {
                    try await cluster.autoscaler("keda-hpa-web") == nil
                }
                #expect(try await cluster.object("web").status?.pausedReplicaCount == 5)
                try await cluster.annotate("web", ObjectControls.pausedReplicas, "0")
                try await cluster.reach(0, "web")
                try await cluster.annotate("web", ObjectControls.pausedReplicas, "many")
                try await cluster.reach(.ready, .no, "ScaledObjectCheckFailed", of: "web")
                source.set(55, of: "other")
                try await cluster.reach(6, "other")
                #expect(try await cluster.replicas("web") == 0)

                try await cluster.annotate("web", ObjectControls.pausedReplicas, nil)
                try await cluster.reach(3, "web")
                try await cluster.reach(.ready, .yes, "ScaledObjectReady", of: "web")
                #expect(try await cluster.object("web").status?.pausedReplicaCount == nil)
                #expect(try await cluster.condition(.paused, of: "web")?.status == .no)
            }
        }

        @Test func `paused-scale-in lets the pods become more and never fewer`() async throws {
            try await Self.with { cluster, source in
                try await cluster.annotate("web", ObjectControls.pausedScaleIn, "true")
                try await cluster.reach(.paused, .yes, "ScaledObjectPaused", of: "web")
                try await eventually("an HPA that does not scale in", within: .seconds(30)) {
                    try await cluster.hpa("web").spec.behavior?.scaleDown?.selectPolicy == "Disabled"
                }
                source.set(0, of: "web", "other")
                try await cluster.reach(0, "other")
                #expect(try await cluster.replicas("web") == 3)
                source.set(55, of: "web")
                try await cluster.reach(6, "web")
                source.set(0, of: "web")
                try await cluster.annotate("web", ObjectControls.pausedScaleIn, nil)
                try await cluster.reach(0, "web")
                #expect(try await cluster.hpa("web").spec.behavior?.scaleDown?.selectPolicy != "Disabled")
            }
        }

        @Test func `paused-scale-out lets the pods become fewer and never more, not even from zero`() async throws {
            try await Self.with { cluster, source in
                try await cluster.annotate("web", ObjectControls.pausedScaleOut, "true")
                try await eventually("an HPA that does not scale out", within: .seconds(30)) {
                    try await cluster.hpa("web").spec.behavior?.scaleUp?.selectPolicy == "Disabled"
                }
                source.set(55, of: "web", "other")
                try await cluster.reach(6, "other")
                #expect(try await cluster.replicas("web") == 3)
                source.set(0, of: "web", "other")
                try await cluster.reach(0, "web")
                try await cluster.reach(0, "other")
                source.set(25, of: "web", "other")
                try await cluster.reach(3, "other")
                #expect(try await cluster.replicas("web") == 0)
                try await cluster.annotate("web", ObjectControls.pausedScaleOut, nil)
                try await cluster.reach(3, "web")
                try await cluster.reach(.paused, .no, "ScaledObjectUnpaused", of: "web")
            }
        }
    }
}
