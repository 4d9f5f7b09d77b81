import Foundation
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// One metric made of several triggers by a formula.
    @Suite(.serialized, .swellOperator, .timeLimit(.minutes(10))) struct Modifiers {
        /// Creates a workload on two triggers, a and b, whose own targets play no part.
        static func create(
            _ formula: String,
            _ modifiers: JSONValue = [:],
            spec: JSONValue = [:],
            over source: NumberSource,
            in cluster: TestCluster
        ) async throws {
            var whole: JSONValue = ["formula": .string(formula), "target": "10"]
            for (key, value) in modifiers.object ?? [:] { whole[key] = value }
            var spec = spec
            spec["advanced"] = ["scalingModifiers": whole]
            let triggers = [
                source.trigger("a", name: "a"), source.trigger("b", name: "b", metadata: ["threshold": "1"]),
            ]
            try await cluster.scaled("web", by: triggers, spec: spec)
        }

        /// Sets what the triggers read.
        static func set(_ source: NumberSource, a: Double?, b: Double?) {
            source.set(a, of: "a")
            source.set(b, of: "b")
        }

        @Test func `a formula over two triggers drives the HPA by one metric`() async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    Self.set(source, a: 40, b: 20)
                    try await Self.create("(a + b) / 2", over: source, in: cluster)
                    try await cluster.reach(3, "web")
                    let metrics = try #require(try await cluster.hpa("web").spec.metrics)
                    #expect(metrics.map(\.external?.metric.name) == ["composite-metric"])
                    #expect(metrics.first?.external?.target == .averageValue(Quantity(10)))
                    let status = try await cluster.object("web").status
                    #expect(status?.compositeScalerName == "composite-metric")
                    #expect(status?.externalMetricNames == ["s0-prometheus", "s1-prometheus"])
                    for metric in ["composite-metric", "s0-prometheus", "whatever"] {
                        let item = try await ExternalMetrics.ask(metric, in: cluster)["items"]?.array?.first
                        #expect(item?["metricName"] == "composite-metric")
                        #expect(item?["value"] == "30")
                    }
                    Self.set(source, a: 40, b: 60)
                    try await cluster.reach(5, "web")
                }
            }
        }

        @Test func `the workload wakes above the activation target and rests at it`() async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    Self.set(source, a: 12.5, b: 12.5)
                    try await Self.create("a + b", ["activationTarget": "25"], over: source, in: cluster)
                    try await cluster.reach(.active, .no, "ScalerNotActive", of: "web")
                    try await source.wait(for: 5, of: "a")
                    #expect(try await cluster.replicas("web") == 0)
                    Self.set(source, a: 12.5, b: 22.5)
                    try await cluster.reach(4, "web")
                    try await cluster.reach(.active, .yes, of: "web")
                    // The HPA alone would keep 3 pods.
                    Self.set(source, a: 12.5, b: 12.5)
                    try await cluster.reach(0, "web")
                }
            }
        }

        @Test func `a trigger that fails is nil in the formula, and nil is the fallback`() async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    Self.set(source, a: 30, b: 20)
                    let fallback: JSONValue = ["failureThreshold": 0, "replicas": 5, "behavior": "scalingModifiers"]
                    try await Self.create("a ?? b", spec: ["fallback": fallback], over: source, in: cluster)
                    try await cluster.reach(3, "web")
                    Self.set(source, a: nil, b: 20)
                    try await cluster.reach(2, "web")
                    try await cluster.reach(.fallback, .yes, "FallbackExists", of: "web")
                    Self.set(source, a: nil, b: nil)
                    try await cluster.reach(5, "web")
                    Self.set(source, a: 10, b: nil)
                    try await cluster.reach(1, "web")
                }
            }
        }

        @Test func `a fallback without a formula of its own stands in for the composite`() async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    Self.set(source, a: 30, b: 20)
                    let fallback: JSONValue = ["failureThreshold": 1, "replicas": 4]
                    try await Self.create("min(a, b)", spec: ["fallback": fallback], over: source, in: cluster)
                    try await cluster.reach(2, "web")
                    Self.set(source, a: 30, b: nil)
                    try await cluster.reach(4, "web")
                    let answer = try await ExternalMetrics.ask("composite-metric", in: cluster)
                    #expect(answer["items"]?.array?.first?["value"] == "40")
                    Self.set(source, a: 30, b: 10)
                    try await cluster.reach(1, "web")
                }
            }
        }

        @Test func `a formula that divides by zero is told and changes nothing`() async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    Self.set(source, a: 30, b: 1)
                    try await Self.create("a / b", over: source, in: cluster)
                    try await cluster.reach(3, "web")
                    Self.set(source, a: 30, b: 0)
                    try await eventually("the reason", within: .seconds(60)) {
                        let ready = try await cluster.condition(.ready, of: "web")
                        return ready?.status != .yes
                            && ready?.message?.contains("the formula divides by zero (column 3)") == true
                    }
                    let refusal = await ExternalMetrics.refusal("composite-metric", in: cluster)
                    #expect(refusal.contains("the formula divides by zero"))
                    try await source.wait(for: 5, of: "a")
                    #expect(try await cluster.replicas("web") == 3)
                    Self.set(source, a: 40, b: 1)
                    try await cluster.reach(4, "web")
                    try await cluster.reach(.ready, .yes, of: "web")
                }
            }
        }

        @Test func `a formula that is none is told with its place, and a better one is taken up`() async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    Self.set(source, a: 30, b: 1)
                    try await Self.create("a + c", over: source, in: cluster)
                    try await cluster.reach(.ready, .no, "ScaledObjectCheckFailed", of: "web")
                    let message = try await cluster.condition(.ready, of: "web")?.message ?? ""
                    #expect(message.contains("unknown name \"c\""))
                    #expect(message.contains("(column 5)"))
                    #expect(try await cluster.autoscaler("keda-hpa-web") == nil)
                    try await cluster.respec("web", ["advanced": ["scalingModifiers": ["formula": "a * b"]]])
                    try await cluster.reach(3, "web")
                    // Without modifiers each trigger is a metric again.
                    try await cluster.respec(
                        "web",
                        ["advanced": ["scalingModifiers": .null], "triggers": [source.trigger("b")]]
                    )
                    try await eventually("the trigger's own metric", within: .seconds(30)) {
                        try await cluster.hpa("web").spec.metrics?.map(\.external?.metric.name) == ["s0-prometheus"]
                    }
                    try await cluster.reach(1, "web")
                }
            }
        }
    }
}
