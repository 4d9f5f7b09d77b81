import Foundation
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// The HPA controller with Kubernetes' own defaults: a look each 15 s, 5 min of stabilisation on the way in.
    @Suite(.serialized, .swellOperator) struct KubernetesDefaults {
        /// A trigger whose window is open for ever, or never: no February has a 30th day.
        static func window(isOpen: Bool) -> String {
            let (always, never) = ("* * * * *", "0 0 30 2 *")
            return """
                [{"type":"cron","metadata":{"timezone":"UTC","start":"\(isOpen ? always : never)",
                  "end":"\(isOpen ? never : always)","desiredReplicas":"3"}}]
                """
        }

        /// Runs the controller manager with the defaults for the length of a call.
        static func with(_ body: () async throws -> Void) async throws {
            let control = Command(program: try TestServers.variable("CONTROLLER_MANAGER_CTL"))
            try await control.run([
                "restart", "--horizontal-pod-autoscaler-sync-period=15s",
                "--horizontal-pod-autoscaler-downscale-stabilization=5m",
            ])
            do {
                try await body()
            } catch {
                try await control.run(["restart"])
                throw error
            }
            try await control.run(["restart"])
        }

        @Test func `from zero to the wanted number, and to zero past the stabilisation`() async throws {
            try await Self.with {
                try await TestCluster.with { cluster in
                    try await cluster.deploy("web", replicas: 0)
                    let spec = #""pollingInterval":1,"cooldownPeriod":2"#
                    try await cluster.scale("web", spec: spec, triggers: Self.window(isOpen: true))
                    try await eventually("3 pods", within: .seconds(90)) { try await cluster.replicas("web") == 3 }
                    // The HPA would hold 3 pods for five minutes; the cooldown is 2 s.
                    try await cluster.scale("web", spec: spec, triggers: Self.window(isOpen: false))
                    try await eventually("zero", within: .seconds(60)) { try await cluster.replicas("web") == 0 }
                }
            }
        }
    }
}
