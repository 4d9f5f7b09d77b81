import Foundation
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// A source that goes down, and what stands in for it.
    @Suite(.serialized, .swellOperator, .timeLimit(.minutes(10))) struct Fallback {
        /// A spec with a fallback.
        static func spec(threshold: Int64, replicas: Int64, _ behavior: String? = nil) -> JSONValue {
            var fallback: JSONValue = ["failureThreshold": .integer(threshold), "replicas": .integer(replicas)]
            if let behavior { fallback["behavior"] = .string(behavior) }
            return ["fallback": fallback]
        }

        @Test func `past the threshold the HPA lands on the fallback's replicas, and it ends`() async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    source.set(25, of: "web")
                    let spec = Self.spec(threshold: 2, replicas: 5)
                    try await cluster.scaled("web", by: [source.trigger("web")], spec: spec)
                    try await cluster.reach(3, "web")
                    try await cluster.reach(.fallback, .no, "NoFallbackFound", of: "web")

                    source.set(nil, of: "web")
                    try await cluster.reach(.fallback, .yes, "FallbackExists", of: "web")
                    try await cluster.reach(5, "web")
                    // The HPA's question may have been the failure that counted; the next poll says the rest.
                    try await cluster.reach(.active, .yes, of: "web")
                    try await cluster.reach(.ready, .yes, of: "web")
                    let failing = ScaledObjectStatus.Health(numberOfFailures: 3, status: .failing)
                    #expect(try await cluster.object("web").status?.health == ["s0-prometheus": failing])
                    let answer = try await ExternalMetrics.ask("s0-prometheus", in: cluster)
                    #expect(answer["items"]?.array?.first?["value"] == "50")
                    try await cluster.reach(event: "ScaledObjectFallbackActivated", about: "web")

                    source.set(15, of: "web")
                    try await cluster.reach(.fallback, .no, "NoFallbackFound", of: "web")
                    try await cluster.reach(2, "web")
                    let happy = ScaledObjectStatus.Health(numberOfFailures: 0, status: .happy)
                    #expect(try await cluster.object("web").status?.health == ["s0-prometheus": happy])
                    try await cluster.reach(event: "ScaledObjectFallbackDeactivated", about: "web")
                }
            }
        }

        @Test func `the fallback wakes a workload that rests`() async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    source.set(0, of: "web")
                    let spec = Self.spec(threshold: 1, replicas: 4)
                    try await cluster.scaled("web", by: [source.trigger("web")], spec: spec)
                    try await cluster.reach(.ready, .yes, of: "web")
                    source.set(nil, of: "web")
                    try await cluster.reach(4, "web")
                    source.set(0, of: "web")
                    try await cluster.reach(0, "web")
                }
            }
        }

        @Test func `failures below the threshold change nothing and are told once`() async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    source.set(25, of: "web")
                    let spec = Self.spec(threshold: 1000, replicas: 9)
                    try await cluster.scaled("web", by: [source.trigger("web")], spec: spec)
                    try await cluster.reach(3, "web")
                    source.set(nil, of: "web")
                    try await cluster.reach(event: "KEDAScalerFailed", about: "web")
                    try await source.wait(for: 8, of: "web")
                    #expect(try await cluster.replicas("web") == 3)
                    #expect(try await cluster.condition(.fallback, of: "web")?.status == .no)
                    #expect(try await cluster.events("KEDAScalerFailed", about: "web").count == 1)
                    let refusal = await ExternalMetrics.refusal("s0-prometheus", in: cluster)
                    #expect(refusal.contains("Prometheus answered with status 503"))
                    let health = try await cluster.object("web").status?.health?["s0-prometheus"]
                    #expect(health?.status == .failing && health?.numberOfFailures ?? 0 > 3)
                }
            }
        }

        @Test func `each behavior says how the fallback's replicas are meant`() async throws {
            let cases: [(name: String, behavior: String, replicas: Int64, pods: Int)] = [
                ("static", "static", 5, 5), ("current", "currentReplicas", 5, 3),
                ("higher", "currentReplicasIfHigher", 5, 5), ("not-higher", "currentReplicasIfHigher", 2, 3),
                ("lower", "currentReplicasIfLower", 2, 2), ("not-lower", "currentReplicasIfLower", 5, 3),
            ]
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    for (name, behavior, replicas, _) in cases {
                        source.set(25, of: name)
                        let spec = Self.spec(threshold: 0, replicas: replicas, behavior)
                        try await cluster.scaled(name, by: [source.trigger(name)], spec: spec)
                    }
                    for (name, _, _, _) in cases { try await cluster.reach(3, name) }
                    for (name, _, _, _) in cases { source.set(nil, of: name) }
                    for (name, _, _, _) in cases { try await cluster.reach(.fallback, .yes, of: name) }
                    for (name, _, _, pods) in cases { try await cluster.reach(pods, name) }
                    try await source.wait(for: 5, of: "static")
                    for (name, behavior, _, pods) in cases {
                        #expect(try await cluster.replicas(name) == pods, "\(name), \(behavior)")
                    }
                }
            }
        }

        @Test func `a metric in total needs a pod that is ready`() async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    source.set(25, of: "web")
                    var trigger = source.trigger("web")
                    trigger["metricType"] = "Value"
                    var spec = Self.spec(threshold: 0, replicas: 5)
                    spec["minReplicaCount"] = 1
                    try await cluster.scaled("web", by: [trigger], spec: spec)
                    try await cluster.reach(.ready, .yes, of: "web")
                    source.set(nil, of: "web")
                    // No kubelet runs the pods, so none is ready.
                    try await eventually("the reason", within: .seconds(60)) {
                        let ready = try await cluster.condition(.ready, of: "web")
                        return ready?.status != .yes
                            && ready?.message?.contains("no pod of the scale target is ready") == true
                    }
                    #expect(try await cluster.replicas("web") == 1)
                }
            }
        }
    }
}
