import Telemetry
import Testing

@Suite struct MetricRegistryTests {
    @Test func `a page shows every metric, its kind and its series in one order`() {
        let registry = MetricRegistry()
        let active = registry.gauge("keda_scaler_active", help: "Whether a trigger is active.")
        let errors = registry.counter("keda_errors_total", help: "Errors.")
        active.set(1, ["namespace": "shop", "metric": "s1-cron"])
        active.set(0, ["namespace": "shop", "metric": "s0-cron"])
        errors.add(2)
        errors.add()
        #expect(
            registry.page() == """
                # HELP keda_errors_total Errors.
                # TYPE keda_errors_total counter
                keda_errors_total 3
                # HELP keda_scaler_active Whether a trigger is active.
                # TYPE keda_scaler_active gauge
                keda_scaler_active{metric="s0-cron",namespace="shop"} 0
                keda_scaler_active{metric="s1-cron",namespace="shop"} 1

                """
        )
    }

    @Test func `a histogram counts up to each bound, the bound included`() {
        let registry = MetricRegistry()
        let latency = registry.histogram("latency_seconds", help: "Latency.", buckets: [1, 0.5])
        for seconds in [0.25, 0.5, 0.75, 3] { latency.observe(seconds, ["verb": "list"]) }
        latency.observe(.milliseconds(500), ["verb": "list"])
        #expect(
            registry.page() == """
                # HELP latency_seconds Latency.
                # TYPE latency_seconds histogram
                latency_seconds_bucket{verb="list",le="0.5"} 3
                latency_seconds_bucket{verb="list",le="1"} 4
                latency_seconds_bucket{verb="list",le="+Inf"} 5
                latency_seconds_sum{verb="list"} 5
                latency_seconds_count{verb="list"} 5

                """
        )
    }

    @Test func `series vanish by label, in one metric or in all`() {
        let registry = MetricRegistry()
        let active = registry.gauge("active", help: "-")
        let paused = registry.gauge("paused", help: "-")
        for object in ["web", "worker"] {
            active.set(1, ["namespace": "shop", "scaledObject": object, "triggerIndex": "0"])
            active.set(1, ["namespace": "shop", "scaledObject": object, "triggerIndex": "1"])
            paused.set(0, ["namespace": "shop", "scaledObject": object])
        }
        active.remove(matching: ["namespace": "shop", "scaledObject": "web"])
        #expect(!registry.page().contains(#"active{namespace="shop",scaledObject="web""#))
        #expect(registry.page().contains(#"paused{namespace="shop",scaledObject="web"} 0"#))
        registry.remove(matching: ["namespace": "shop", "scaledObject": "worker"])
        #expect(!registry.page().contains("worker"))
        registry.remove(matching: ["namespace": "other"])
        #expect(registry.page().contains(#"paused{namespace="shop",scaledObject="web"} 0"#))
    }

    @Test func `a metric takes no more series than its bound, and tells how much it refused`() {
        let registry = MetricRegistry(seriesLimit: 2)
        let requests = registry.counter("requests_total", help: "-")
        for code in ["200", "404", "500", "500", "200"] { requests.add(1, ["code": code]) }
        let page = registry.page()
        #expect(page.contains(#"requests_total{code="200"} 2"#))
        #expect(!page.contains(#"code="500""#))
        #expect(page.contains(#"swell_metric_series_refused_total{metric="requests_total"} 2"#))
        requests.remove(matching: ["code": "404"])
        requests.add(1, ["code": "500"])
        #expect(registry.page().contains(#"requests_total{code="500"} 1"#))
    }

    @Test func `the same name is the same metric, and a counter never falls`() {
        let registry = MetricRegistry()
        registry.counter("events_total", help: "-").add(5)
        registry.counter("events_total", help: "-").add(-3)
        #expect(registry.page().contains("events_total 5\n"))
    }

    @Test func `collectors are asked for each page`() {
        let registry = MetricRegistry()
        registry.collect { [MetricFamily("uptime", help: "-", kind: .gauge, series: [.init([:], .number(7))])] }
        #expect(registry.page().contains("uptime 7\n"))
    }

    @Test(.timeLimit(.minutes(1))) func `many tasks may count at once`() async {
        let registry = MetricRegistry()
        let counter = registry.counter("n_total", help: "-")
        await withTaskGroup { group in
            for _ in 0..<50 { group.addTask { for _ in 0..<100 { counter.add() } } }
        }
        #expect(registry.page().contains("n_total 5000\n"))
    }
}
