import KubeModel
import Scaling
import Telemetry
import TestKit
import Testing

@testable import Operator

@Suite struct ScalingInstrumentsTests {
    static let key = ObjectKey(namespace: "shop", name: "web")

    let registry = MetricRegistry()

    /// A ScaledObject with these triggers.
    static func object(
        _ triggers: [ScaledObject.Trigger] = [ScaledObject.Trigger(type: "prometheus", metadata: [:])],
        formula: String? = nil
    ) -> ScaledObject {
        var spec = ScaledObject.Spec(scaleTargetRef: .init(name: "web"), triggers: triggers)
        if let formula {
            var modifiers = ScaledObject.ScalingModifiers()
            modifiers.formula = formula
            spec.advanced = ScaledObject.Advanced()
            spec.advanced?.scalingModifiers = modifiers
        }
        return ScaledObject(metadata: ObjectMeta(name: "web", namespace: "shop"), spec: spec)
    }

    /// The page as it is now.
    func page() throws -> ScrapedPage { try #require(ScrapedPage(registry.page())) }

    /// The labels of a trigger's metric, as KEDA has them.
    static func labels(
        _ metric: String = "s0-prometheus",
        scaler: String = "prometheusScaler",
        index: String = "0"
    ) -> [String: String] {
        [
            "namespace": "shop", "metric": metric, "scaledObject": "web", "scaler": scaler, "triggerIndex": index,
            "type": "scaledobject",
        ]
    }

    @Test func `a good read sets value, activity and latency, and errors appear at 0`() throws {
        let object = ScalingInstruments(registry).began(Self.object())
        let trigger = object.trigger(0, Self.object().spec.triggers[0], isKnown: true)
        trigger.read("s0-prometheus", 12.5, isActive: true, took: .milliseconds(250))
        let page = try page()
        #expect(page["keda_scaler_metrics_value", Self.labels()] == 12.5)
        #expect(page["keda_scaler_active", Self.labels()] == 1)
        #expect(page["keda_scaler_metrics_latency_seconds", Self.labels()] == 0.25)
        #expect(page["keda_scaler_detail_errors_total", Self.labels()] == 0)
        #expect(page["swell_reads_total", ["type": "prometheus", "result": "done"]] == 1)
        #expect(page["swell_read_duration_seconds_count", ["type": "prometheus"]] == 1)
    }

    @Test func `a failed read counts, and leaves value and activity as they were`() throws {
        let object = ScalingInstruments(registry).began(Self.object())
        let trigger = object.trigger(0, Self.object().spec.triggers[0], isKnown: true)
        trigger.readFailed("s0-prometheus", took: .seconds(3))
        #expect(try page().all("keda_scaler_active").isEmpty)
        #expect(try page().all("keda_scaler_metrics_value").isEmpty)
        trigger.read("s0-prometheus", 7, isActive: true, took: .seconds(1))
        trigger.readFailed("s0-prometheus", took: .seconds(3))
        let page = try page()
        #expect(page["keda_scaler_metrics_value", Self.labels()] == 7)
        #expect(page["keda_scaler_active", Self.labels()] == 1)
        #expect(page["keda_scaler_detail_errors_total", Self.labels()] == 2)
        #expect(page["keda_scaler_metrics_latency_seconds", Self.labels()] == 3)
        #expect(page["swell_reads_total", ["type": "prometheus", "result": "failed"]] == 2)
    }

    @Test func `what stands in for a reading is the value, and active`() throws {
        let object = ScalingInstruments(registry).began(Self.object())
        let trigger = object.trigger(0, Self.object().spec.triggers[0], isKnown: true)
        trigger.readFailed("s0-prometheus", took: .seconds(3))
        trigger.gave("s0-prometheus", 50, isActive: true)
        #expect(try page()["keda_scaler_metrics_value", Self.labels()] == 50)
        #expect(try page()["keda_scaler_active", Self.labels()] == 1)
    }

    @Test func `a trigger's own name is its label`() throws {
        let object = ScalingInstruments(registry).began(Self.object())
        let cron = ScaledObject.Trigger(type: "cron", name: "office", metadata: [:])
        object.trigger(1, cron, isKnown: true).read("s1-cron", 4, isActive: true, took: .zero)
        #expect(try page()["keda_scaler_active", Self.labels("s1-cron", scaler: "office", index: "1")] == 1)
    }

    @Test func `cpu and memory are active always, under the resource's name`() throws {
        let object = ScalingInstruments(registry).began(Self.object())
        let cpu = ScaledObject.Trigger(type: "cpu", metadata: [:])
        object.trigger(0, cpu, isKnown: true).built([], resources: ["cpu"])
        #expect(try page()["keda_scaler_active", Self.labels("cpu", scaler: "cpuMemoryScaler")] == 1)
        #expect(try page().all("keda_scaler_metrics_value").isEmpty)
    }

    @Test func `with a formula only the composite is active or not`() throws {
        let spec = Self.object(formula: "a + 1")
        let object = ScalingInstruments(registry).began(spec)
        let trigger = object.trigger(0, spec.spec.triggers[0], isKnown: true)
        trigger.built(["s0-prometheus"], resources: ["cpu"])
        trigger.read("s0-prometheus", 3, isActive: true, took: .zero)
        object.composed(4, isActive: false)
        object.composed(5, isActive: true)
        let page = try page()
        let composite = Self.labels("composite-metric", scaler: "composite-metric")
        #expect(page["keda_scaler_metrics_value", Self.labels()] == 3)
        #expect(page["keda_scaler_metrics_value", composite] == 5)
        #expect(page["keda_scaler_active", composite] == 1)
        #expect(page.all("keda_scaler_active").count == 1)
    }

    @Test func `a new generation begins anew, and what is late of the former shows nowhere`() throws {
        let instruments = ScalingInstruments(registry)
        let former = instruments.began(Self.object())
        let old = former.trigger(0, Self.object().spec.triggers[0], isKnown: true)
        old.read("s0-prometheus", 1, isActive: true, took: .zero)
        former.composed(1, isActive: true)
        instruments.failed(Self.key)
        let next = instruments.began(Self.object([ScaledObject.Trigger(type: "cron", metadata: [:])]))
        old.read("s0-prometheus", 2, isActive: true, took: .zero)
        former.trigger(1, Self.object().spec.triggers[0], isKnown: true)
            .read("s1-prometheus", 2, isActive: true, took: .zero)
        former.composed(2, isActive: true)
        #expect(try page().all("keda_scaler_active").isEmpty)
        #expect(try page().all("keda_scaler_metrics_value").isEmpty)
        next.trigger(0, ScaledObject.Trigger(type: "cron", metadata: [:]), isKnown: true)
            .read("s0-cron", 4, isActive: true, took: .zero)
        #expect(try page().all("keda_scaler_active").map(\.labels) == [Self.labels("s0-cron", scaler: "cronScaler")])
        #expect(
            try page()["keda_scaled_object_errors_total", ["namespace": "shop", "scaledObject": "web"]] == 1,
            "errors outlive a change of the spec"
        )
    }

    @Test func `metrics that a trigger no longer has vanish`() throws {
        let object = ScalingInstruments(registry).began(Self.object())
        let trigger = object.trigger(0, ScaledObject.Trigger(type: "external", metadata: [:]), isKnown: true)
        trigger.built(["s0-a", "s0-b"], resources: [])
        trigger.read("s0-a", 1, isActive: true, took: .zero)
        trigger.read("s0-b", 1, isActive: true, took: .zero)
        trigger.built(["s0-b"], resources: [])
        #expect(try page().all("keda_scaler_active").map { $0.labels["metric"] } == ["s0-b"])
    }

    @Test func `a source that names ever new metrics does not fill the page`() throws {
        let object = ScalingInstruments(registry).began(Self.object())
        let trigger = object.trigger(0, ScaledObject.Trigger(type: "external", metadata: [:]), isKnown: true)
        for number in 0..<200 { trigger.read("s0-\(number)", 1, isActive: true, took: .zero) }
        #expect(try page().all("keda_scaler_active").count == 100)
    }

    @Test func `an object that is gone leaves nothing behind`() throws {
        let instruments = ScalingInstruments(registry)
        let empty = try page().samples.count
        for name in ["web", "worker"] {
            var spec = Self.object()
            spec.metadata.name = name
            let key = ObjectKey(namespace: "shop", name: name)
            let object = instruments.began(spec)
            let trigger = object.trigger(0, spec.spec.triggers[0], isKnown: true)
            trigger.read("s0-prometheus", 1, isActive: true, took: .zero)
            trigger.measure("s0-prometheus")?.requested(200, took: .milliseconds(5))
            trigger.measure("s0-prometheus")?.answeredEmpty(isZero: true)
            object.composed(1, isActive: true)
            instruments.paused(key, true)
            instruments.failed(key)
            instruments.pollBegan(key, late: .seconds(1))
        }
        instruments.forget(ObjectKey(namespace: "shop", name: "worker"))
        #expect(instruments.count == 1)
        #expect(try page().samples.allSatisfy { !$0.labels.values.contains("worker") })
        #expect(try !page().all("keda_scaler_active", ["scaledObject": "web"]).isEmpty)
        instruments.forget(Self.key)
        instruments.answered(.failed, for: Self.key)
        #expect(try page().samples.allSatisfy { !$0.labels.values.contains("web") })
        #expect(instruments.count == 0)
        #expect(try page().samples.count > empty, "what is told of all objects stays")
    }

    @Test func `an object whose triggers are asked no more says nothing old of them`() throws {
        let instruments = ScalingInstruments(registry)
        let trigger = instruments.began(Self.object()).trigger(0, Self.object().spec.triggers[0], isKnown: true)
        trigger.read("s0-prometheus", 1, isActive: true, took: .zero)
        instruments.paused(Self.key, true)
        instruments.stopped(Self.key)
        #expect(try page().all("keda_scaler_active").isEmpty)
        #expect(try page()["keda_scaled_object_paused", ["namespace": "shop", "scaledObject": "web"]] == 1)
        instruments.paused(Self.key, false)
        #expect(try page()["keda_scaled_object_paused", ["namespace": "shop", "scaledObject": "web"]] == 0)
    }

    @Test(arguments: [false, true])
    func `HTTP requests are counted by trigger, and timed by type or by trigger`(isDetailed: Bool) throws {
        let object = ScalingInstruments(registry, isDetailed: isDetailed).began(Self.object())
        let named = ScaledObject.Trigger(type: "prometheus", name: "orders", metadata: [:])
        let measure = try #require(object.trigger(0, named, isKnown: true).measure("s0-prometheus"))
        measure.requested(200, took: .milliseconds(3))
        measure.requested(200, took: .milliseconds(70))
        measure.requested(nil, took: .seconds(3))
        let page = try page()
        let labels = [
            "namespace": "shop", "scaled_resource": "web", "scaler": "prometheus", "trigger_name": "orders",
            "metric_name": "s0-prometheus",
        ]
        let (good, bad) = (["status_code": "200"], ["status_code": "error"])
        #expect(page["keda_scaler_http_requests_total", labels.merging(good) { $1 }] == 2)
        #expect(page["keda_scaler_http_requests_total", labels.merging(bad) { $1 }] == 1)
        let timed = isDetailed ? labels : ["scaler": "prometheus"]
        let name = "keda_scaler_http_request_duration_seconds"
        #expect(page["\(name)_count", timed.merging(good) { $1 }] == 2)
        #expect(page["\(name)_bucket", timed.merging(good) { $1 }.merging(["le": "0.005"]) { $1 }] == 1)
        let bounds = page.all("\(name)_bucket", timed.merging(bad) { $1 }).compactMap { $0.labels["le"] }
        #expect(
            bounds == ["0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf"]
        )
        let shown = page.all("\(name)_count")[0].labels.count
        #expect(shown == (isDetailed ? 6 : 2))
    }

    @Test(arguments: [true, false])
    func `empty results are counted by whether they count as 0`(isZero: Bool) throws {
        let object = ScalingInstruments(registry).began(Self.object())
        let trigger = object.trigger(0, Self.object().spec.triggers[0], isKnown: true)
        trigger.measure("s0-prometheus")?.answeredEmpty(isZero: isZero)
        let sample = try #require(try page().all("keda_scaler_empty_upstream_responses_total").first)
        #expect(sample.value == 1)
        #expect(
            sample.labels == [
                "namespace": "shop", "scaledResource": "web", "triggerName": "", "metricName": "s0-prometheus",
                "resourceType": "ScaledObject", "ignoreNullValues": String(isZero),
            ]
        )
    }

    @Test(arguments: [(0, "complete"), (1, "partial"), (3, "failed")])
    func `polls are counted by what they came to, their errors for the object`(failures: Int, result: String) throws {
        let instruments = ScalingInstruments(registry)
        instruments.pollEnded(Self.key, triggers: 3, failures: failures, took: .milliseconds(20))
        let page = try page()
        #expect(page["swell_polls_total", ["result": result]] == 1)
        #expect(page["swell_poll_duration_seconds_count"] == 1)
        #expect(
            page["keda_scaled_object_errors_total", ["namespace": "shop", "scaledObject": "web"]] == Double(failures)
        )
    }

    @Test func `lateness is told of an object and of all, never less than none`() throws {
        let instruments = ScalingInstruments(registry)
        let labels = ["namespace": "shop", "type": "scaledobject", "resource": "web"]
        instruments.pollBegan(Self.key, late: .milliseconds(1500))
        #expect(try page()["keda_internal_scale_loop_latency_seconds", labels] == 1.5)
        instruments.pollBegan(Self.key, late: .milliseconds(-1))
        #expect(try page()["keda_internal_scale_loop_latency_seconds", labels] == 0)
        #expect(try page()["swell_poll_lateness_seconds_count"] == 2)
    }

    @Test func `metrics have KEDA's types`() throws {
        let instruments = ScalingInstruments(registry)
        let trigger = instruments.began(Self.object()).trigger(0, Self.object().spec.triggers[0], isKnown: true)
        trigger.read("s0-prometheus", 1, isActive: true, took: .zero)
        trigger.measure("s0-prometheus")?.requested(200, took: .zero)
        trigger.measure("s0-prometheus")?.answeredEmpty(isZero: true)
        instruments.pollBegan(Self.key, late: .zero)
        let types = try page().types.filter { $0.key.hasPrefix("keda_") }
        #expect(
            types == [
                "keda_scaler_active": "gauge", "keda_scaler_metrics_value": "gauge",
                "keda_scaler_metrics_latency_seconds": "gauge", "keda_scaler_detail_errors_total": "counter",
                "keda_scaled_object_paused": "gauge", "keda_scaled_object_errors_total": "counter",
                "keda_internal_scale_loop_latency_seconds": "gauge", "keda_scaler_http_requests_total": "counter",
                "keda_scaler_http_request_duration_seconds": "histogram",
                "keda_scaler_empty_upstream_responses_total": "counter",
            ]
        )
    }
}
