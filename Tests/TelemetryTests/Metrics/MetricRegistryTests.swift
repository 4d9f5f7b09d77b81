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

    @Test func `the series of a group vanish together, whatever their metric`() {
        let registry = MetricRegistry()
        let active = registry.gauge("active", help: "-")
        let errors = registry.counter("errors_total", help: "-")
        let seconds = registry.histogram("seconds", help: "-")
        let groups = ["web", "worker"]
            .map { object in
                let group = SeriesGroup(registry)
                for index in ["0", "1"] {
                    active.series(["scaledObject": object, "triggerIndex": index], in: group).set(true)
                }
                errors.series(["scaledObject": object], in: group).add()
                seconds.series(["scaledObject": object], in: group).observe(.milliseconds(5))
                return group
            }
        #expect(registry.page().split(separator: "\n").count { $0.contains(#"scaledObject="web""#) } == 17)
        groups[0].end()
        let page = registry.page()
        #expect(!page.contains("web"))
        #expect(page.contains(#"active{scaledObject="worker",triggerIndex="1"} 1"#))
        #expect(page.contains(#"errors_total{scaledObject="worker"} 1"#))
    }

    @Test func `who comes late, after a group has ended, revives nothing`() {
        let registry = MetricRegistry()
        let active = registry.gauge("active", help: "-")
        let group = SeriesGroup(registry)
        let early = active.series(["scaledObject": "web"], in: group)
        group.end()
        early.set(true)
        active.series(["scaledObject": "web"], in: group).set(true)
        #expect(!registry.page().contains("web"))
        active.series(["scaledObject": "web"]).add(2)
        group.end()
        #expect(registry.page().contains(#"active{scaledObject="web"} 2"#))
    }

    @Test func `a series found once is the one that is looked up`() {
        let registry = MetricRegistry()
        let requests = registry.counter("requests_total", help: "-")
        let series = requests.series(["verb": "list", "code": "200"])
        #expect(registry.page().contains(#"requests_total{code="200",verb="list"} 0"#))
        series.add()
        requests.add(1, ["code": "200", "verb": "list"])
        #expect(registry.page().contains(#"requests_total{code="200",verb="list"} 2"#))
    }

    @Test func `a label's value is cut where it is too long`() {
        let registry = MetricRegistry()
        registry.gauge("active", help: "-").set(1, ["trigger": String(repeating: "ż", count: 100_000)])
        #expect(registry.page().contains("active{trigger=\"\(String(repeating: "ż", count: 256))\"} 1\n"))
    }

    @Test func `a metric takes no more series than its bound, and tells how much it refused`() {
        let registry = MetricRegistry(seriesLimit: 2)
        let requests = registry.counter("requests_total", help: "-")
        for code in ["200", "404", "500", "500", "200"] { requests.add(1, ["code": code]) }
        let page = registry.page()
        #expect(page.contains(#"requests_total{code="200"} 2"#))
        #expect(!page.contains(#"code="500""#))
        #expect(page.contains(#"swell_metric_series_refused_total{metric="requests_total"} 2"#))
    }

    @Test func `a series that vanishes makes room for another`() {
        let registry = MetricRegistry(seriesLimit: 1)
        let requests = registry.counter("requests_total", help: "-")
        let group = SeriesGroup(registry)
        requests.series(["code": "404"], in: group).add()
        group.end()
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
