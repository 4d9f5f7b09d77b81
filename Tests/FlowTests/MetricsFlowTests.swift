import KubeClient
import KubeModel
import Scaling
import Synchronization
import Telemetry
import TestKit
import Testing

@testable import Operator

/// What a page of metrics shows of an operator at work; every row of KEDA's list that concerns one ScaledObject.
@Suite struct MetricsFlowTests {
    /// The labels of the one trigger's metric.
    static let labels = [
        "namespace": "default", "metric": "s0-prometheus", "scaledObject": "web", "scaler": "prometheusScaler",
        "triggerIndex": "0", "type": "scaledobject",
    ]
    /// The labels of the object.
    static let names = ["namespace": "default", "scaledObject": "web"]

    /// A value of a flow's page.
    static func value(_ flow: Flow, _ name: String, _ labels: [String: String] = [:]) throws -> Double? {
        try #require(ScrapedPage(flow.page.page()))[name, labels]
    }

    @Test func `polls move value, activity and latency; a failure leaves value and activity`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        #expect(try Self.value(flow, "keda_scaler_metrics_value", Self.labels) == 25)
        #expect(try Self.value(flow, "keda_scaler_active", Self.labels) == 1)
        #expect(try Self.value(flow, "keda_scaler_metrics_latency_seconds", Self.labels) == 0)
        #expect(try Self.value(flow, "keda_scaler_detail_errors_total", Self.labels) == 0)
        #expect(try Self.value(flow, "keda_scaled_object_errors_total", Self.names) == 0)
        flow.set(.value(0))
        try await flow.ticks(1)
        #expect(try Self.value(flow, "keda_scaler_metrics_value", Self.labels) == 0)
        #expect(try Self.value(flow, "keda_scaler_active", Self.labels) == 0)
        flow.set(.value(30))
        try await flow.ticks(1)
        flow.set(.down)
        try await flow.ticks(2)
        #expect(try Self.value(flow, "keda_scaler_metrics_value", Self.labels) == 30)
        #expect(try Self.value(flow, "keda_scaler_active", Self.labels) == 1)
        #expect(try Self.value(flow, "keda_scaler_detail_errors_total", Self.labels) == 2)
        #expect(try Self.value(flow, "keda_scaled_object_errors_total", Self.names) == 2)
        #expect(try Self.value(flow, "swell_polls_total", ["result": "failed"]) == 2)
        #expect(try Self.value(flow, "swell_polls_total", ["result": "complete"]) == 3)
    }

    @Test func `answers to HPAs count too, and so do their failures`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        _ = try await flow.metrics.readings(of: "s0-prometheus", for: Flow.key)
        flow.set(.down)
        flow.clock.advance(by: .seconds(11))
        await #expect(throws: MetricSourceError.self) {
            try await flow.metrics.readings(of: "s0-prometheus", for: Flow.key)
        }
        await #expect(throws: MetricSourceError.self) {
            try await flow.metrics.readings(of: "s9-none", for: Flow.key)
        }
        #expect(try Self.value(flow, "swell_metric_answers_total", ["result": "done"]) == 1)
        #expect(try Self.value(flow, "swell_metric_answers_total", ["result": "failed"]) == 1)
        #expect(try Self.value(flow, "swell_metric_answers_total", ["result": "refused"]) == 1)
        #expect(try Self.value(flow, "keda_scaler_detail_errors_total", Self.labels) == 1)
        #expect(try Self.value(flow, "keda_scaled_object_errors_total", Self.names) == 1)
    }

    @Test func `a trigger's HTTP requests are counted by status`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        flow.set(.down)
        try await flow.ticks(1)
        for (status, count) in [("200", 1.0), ("503", 1.0)] {
            let labels = [
                "namespace": "default", "scaled_resource": "web", "scaler": "prometheus", "trigger_name": "",
                "metric_name": "s0-prometheus", "status_code": status,
            ]
            #expect(try Self.value(flow, "keda_scaler_http_requests_total", labels) == count)
            #expect(
                try Self.value(
                    flow,
                    "keda_scaler_http_request_duration_seconds_count",
                    ["scaler": "prometheus", "status_code": status]
                ) == count
            )
        }
    }

    @Test(arguments: [false, true])
    func `empty results are counted`(countsAsZero: Bool) async throws {
        var trigger = Flow.prometheus
        trigger.metadata["ignoreNullValues"] = String(countsAsZero)
        let flow = try await Flow(triggers: [trigger])
        flow.set(.nothing)
        try await flow.pass()
        let labels = [
            "namespace": "default", "scaledResource": "web", "triggerName": "", "metricName": "s0-prometheus",
            "resourceType": "ScaledObject", "ignoreNullValues": String(countsAsZero),
        ]
        #expect(try Self.value(flow, "keda_scaler_empty_upstream_responses_total", labels) == 1)
        #expect(
            try Self.value(flow, "keda_scaler_detail_errors_total", Self.labels) == (countsAsZero ? 0 : 1)
        )
    }

    @Test func `a poll that comes late is told, the first one never is`() async throws {
        let flow = try await Flow()
        let labels = ["namespace": "default", "type": "scaledobject", "resource": "web"]
        flow.clock.advance(by: .seconds(500))
        let wait = try #require(try await flow.pass())
        #expect(try Self.value(flow, "keda_internal_scale_loop_latency_seconds", labels) == 0)
        flow.clock.advance(by: wait + .seconds(3))
        try await flow.pass()
        #expect(try Self.value(flow, "keda_internal_scale_loop_latency_seconds", labels) == 3)
    }

    @Test func `a change of the spec begins anew`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        _ = try await flow.client.patch(
            ScaledObject.self,
            Flow.key,
            with: ["spec": ["triggers": [.object(Self.cron)]]]
        )
        try await flow.pass()
        let page = try #require(ScrapedPage(flow.page.page()))
        #expect(page.all("keda_scaler_active").map { $0.labels["scaler"] } == ["office"])
        #expect(page.all("keda_scaler_detail_errors_total").count == 1)
    }

    @Test func `a trigger that cannot be built is an error of the object`() async throws {
        var trigger = Flow.prometheus
        trigger.metadata["threshold"] = "many"
        let flow = try await Flow(triggers: [trigger])
        try await flow.pass()
        #expect(try Self.value(flow, "keda_scaled_object_errors_total", Self.names) == 1)
        #expect(try Self.value(flow, "swell_trigger_build_errors_total", ["type": "prometheus"]) == 1)
        #expect(try #require(ScrapedPage(flow.page.page())).all("keda_scaler_active").isEmpty)
    }

    @Test func `writes are counted by kind and how they ended`() async throws {
        let flow = try await Flow()
        flow.refusals.withLock { $0 = [("/scale", 409), ("/scale", 409)] }
        flow.set(.value(25))
        try await flow.pass()
        try await flow.ticks(1)
        for (kind, result, count) in [
            ("metadata", "done", 1.0), ("hpa", "done", 1), ("scale", "conflict", 1), ("scale", "done", 1),
            ("scale", "failed", 0),
        ] {
            let labels = ["kind": kind, "result": result]
            #expect(try Self.value(flow, "swell_writes_total", labels) == count, "\(kind) \(result)")
        }
        let written = flow.writes.withLock { $0.count { $0.hasSuffix("/status") } }
        #expect(
            try Self.value(flow, "swell_writes_total", ["kind": "status", "result": "done"]) == Double(written)
        )
    }

    @Test(arguments: KEDADashboard.needs)
    func `what KEDA's dashboard selects by is there after one good poll`(metric: String, labels: Set<String>)
        async throws
    {
        let flow = try await Flow()
        try await flow.pass()
        let samples = try #require(ScrapedPage(flow.page.page())).all(metric)
        #expect(samples.count == 1)
        #expect(labels.isSubset(of: samples.flatMap(\.labels.keys)))
        #expect(samples.first?.labels["namespace"] == "default" && samples.first?.labels["scaledObject"] == "web")
    }

    @Test func `KEDA's dashboard finds the HPA by its name`() async throws {
        let flow = try await Flow()
        try await flow.pass()
        #expect(try await flow.hpa?.metadata.name == "keda-hpa-web")
    }

    @Test func `a fallback's value is told, and that it is active`() async throws {
        let flow = try await Flow { spec in spec.fallback = .init(failureThreshold: 1, replicas: 3) }
        flow.set(.down)
        try await flow.pass()
        #expect(try Self.value(flow, "keda_scaler_metrics_value", Self.labels) == nil)
        try await flow.ticks(1)
        #expect(try Self.value(flow, "keda_scaler_metrics_value", Self.labels) == 30)
        #expect(try Self.value(flow, "keda_scaler_active", Self.labels) == 1)
        #expect(try Self.value(flow, "keda_scaler_detail_errors_total", Self.labels) == 2)
        #expect(
            try Self.value(flow, "keda_scaled_object_errors_total", Self.names) == 1,
            "only what was not made up for"
        )
    }

    @Test func `a formula's result is told as a trigger of its own, beside what it was made of`() async throws {
        let flow = try await Flow(triggers: [Flow.trigger("load", name: "load")]) {
            $0.advanced = .init(scalingModifiers: .init(formula: "load * 2", target: "10"))
        }
        flow.set(.value(15), of: "load")
        try await flow.pass()
        let composite = [
            "namespace": "default", "metric": "composite-metric", "scaledObject": "web", "scaler": "composite-metric",
            "triggerIndex": "0", "type": "scaledobject",
        ]
        let part = composite.merging(["metric": "s0-prometheus", "scaler": "load"]) { $1 }
        var page = try #require(ScrapedPage(flow.page.page()))
        let values = Dictionary(page.all("keda_scaler_metrics_value").map { ($0.labels, $0.value) }) { $1 }
        #expect(values == [composite: 30, part: 15])
        #expect(page.all("keda_scaler_active").map(\.labels) == [composite], "parts are neither active nor not")
        #expect(page["keda_scaler_active", composite] == 1)
        // The HPA's way counts too.
        flow.set(.value(0), of: "load")
        flow.clock.advance(by: .seconds(11))
        _ = try await flow.metrics.readings(of: "composite-metric", for: Flow.key)
        page = try #require(ScrapedPage(flow.page.page()))
        #expect(page["keda_scaler_metrics_value", composite] == 0)
        #expect(page["keda_scaler_active", composite] == 0)
        // A part that fails leaves the last result.
        flow.set(.value(15), of: "load")
        try await flow.ticks(1)
        flow.set(.down, of: "load")
        try await flow.ticks(1)
        #expect(try Self.value(flow, "keda_scaler_metrics_value", composite) == 30)
        #expect(try Self.value(flow, "keda_scaler_detail_errors_total", part) == 1)
        // Without the formula its series goes.
        _ = try await flow.client.patch(ScaledObject.self, Flow.key, with: ["spec": ["advanced": .null]])
        flow.set(.value(15), of: "load")
        try await flow.pass()
        page = try #require(ScrapedPage(flow.page.page()))
        #expect(page.all("keda_scaler_active").map(\.labels) == [part])
        #expect(page.all("keda_scaler_metrics_value").map(\.labels) == [part])
    }

    @Test(arguments: [
        ("autoscaling.keda.sh/paused", "true", 1.0, 0), ("autoscaling.keda.sh/paused-replicas", "2", 1, 0),
        ("autoscaling.keda.sh/paused-scale-in", "true", 1, 1), ("autoscaling.keda.sh/paused", "false", 0, 1),
    ])
    func `pauses are told; who is not polled says nothing old`(
        annotation: String,
        value: String,
        paused: Double,
        readings: Int
    ) async throws {
        let flow = try await Flow()
        try await flow.pass()
        #expect(try Self.value(flow, "keda_scaled_object_paused", Self.names) == 0)
        _ = try await flow.client.patch(
            ScaledObject.self,
            Flow.key,
            with: ["metadata": ["annotations": [annotation: .string(value)]]]
        )
        try await flow.ticks(1)
        #expect(try Self.value(flow, "keda_scaled_object_paused", Self.names) == paused)
        #expect(try #require(ScrapedPage(flow.page.page())).all("keda_scaler_active").count == readings)
    }

    @Test func `an object that is deleted leaves no series`() async throws {
        let flow = try await Flow()
        flow.set(.value(25))
        try await flow.pass()
        try await flow.client.delete(ScaledObject.resourceType, Flow.key)
        try await flow.pass()
        let page = try #require(ScrapedPage(flow.page.page()))
        #expect(page.samples.allSatisfy { !$0.labels.values.contains("web") })
        #expect(page.samples.allSatisfy { !$0.name.hasPrefix("keda_scaled_object") })
    }

    /// A trigger that needs no source.
    static let cron: [String: JSONValue] = [
        "type": "cron", "name": "office",
        "metadata": [
            "timezone": "Etc/UTC", "start": "0 8 * * *", "end": "0 20 * * *", "desiredReplicas": "4",
        ],
    ]
}
