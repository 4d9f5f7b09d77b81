import Foundation
import KubeModel
import Testing

/// The chart's alerts and dashboard: whether they say what they mean to, and ask for metrics that there are.
@Suite struct AlertsTests {
    /// The folder of both.
    static let folder = "\(TestServers.root)/charts/swell/files"

    /// What the dashboard asks of kube-state-metrics, beside Swell's own metrics.
    static let ofKubeStateMetrics: Set = [
        "kube_horizontalpodautoscaler_spec_max_replicas", "kube_horizontalpodautoscaler_spec_min_replicas",
        "kube_horizontalpodautoscaler_spec_target_metric",
        "kube_horizontalpodautoscaler_status_current_replicas",
        "kube_horizontalpodautoscaler_status_desired_replicas",
    ]

    /// Panels that Grafana has without plugins.
    static let ofGrafana: Set = ["bargauge", "row", "stat", "state-timeline", "table", "timeseries"]

    /// The names of all series that Swell's page may have, from where the sources make families.
    static func served() throws -> Set<String> {
        let sources = "\(TestServers.root)/Sources"
        var names: Set<String> = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: sources) where path.hasSuffix(".swift") {
            let text = try String(contentsOfFile: "\(sources)/\(path)", encoding: .utf8)
            guard text.contains("registry.") || text.contains("MetricFamily(") else { continue }
            for match in text.matches(of: /(MetricFamily|counter|gauge|histogram|family)\(\s*"([a-z_]+)"/) {
                let name = String(match.output.2)
                let isHistogram = match.output.1 == "histogram"
                names.formUnion(isHistogram ? ["_bucket", "_sum", "_count"].map { name + $0 } : [name])
            }
        }
        return names
    }

    /// The metrics that a query asks for: what is neither text, label, range, function nor keyword.
    static func metrics(in query: String) -> Set<String> {
        let bare = query.replacing(/"[^"]*"/, with: "").replacing(/\$[a-zA-Z_]+/, with: "")
            .replacing(/\{[^}]*\}/, with: "").replacing(/\[[^\]]*\]/, with: "")
            .replacing(/\s(by|on)\s*\([^)]*\)/, with: " ")
        return Set(
            bare.matches(of: /([a-zA-Z_]+)\s*(\(?)/)
                .filter { $0.output.2.isEmpty && $0.output.1.contains("_") }
                .map { String($0.output.1) }
        )
    }

    /// The alerts, each as it is written from its name on.
    static func alerts() throws -> [String] {
        let text = try String(contentsOfFile: "\(folder)/alerts.yaml", encoding: .utf8)
        return Array(text.components(separatedBy: "- alert: ").dropFirst())
    }

    /// The dashboard.
    static func dashboard() throws -> JSONValue {
        let text = try String(contentsOfFile: "\(folder)/dashboard.json", encoding: .utf8)
        return try KubeJSON.decode(JSONValue.self, from: Array(text.utf8))
    }

    /// The queries of the dashboard's panels, and of what it marks on them.
    static func queries() throws -> [String] {
        let dashboard = try Self.dashboard()
        let panels = try #require(dashboard["panels"]?.array)
        let marks = try #require(dashboard["annotations"]?["list"]?.array)
        return (panels.flatMap { $0["targets"]?.array ?? [] } + marks).compactMap { $0["expr"]?.string }
    }

    @Test func `the alerts fire when they should, and only then`() async throws {
        let promtool = Command(program: "/usr/bin/promtool")
        try await promtool.run(["check", "rules", "\(Self.folder)/alerts.yaml"])
        let tests = "\(TestServers.root)/Tests/IntegrationTests/Samples/alerts-test.yaml"
        try await promtool.run(["test", "rules", tests])
    }

    @Test func `every alert is tried, and tells how bad it is and what to do`() throws {
        let (alerts, tests) = (try Self.alerts(), try TestServers.sample("alerts-test.yaml"))
        #expect(alerts.count > 10)
        for alert in alerts {
            let name = alert.prefix { $0 != "\n" }
            #expect(tests.contains("ALERTS{alertname=\"\(name)\", alertstate=\"firing\""), "\(name)")
            for part in ["expr: |", "for: ", "severity: ", "summary: ", "description: "] {
                #expect(alert.components(separatedBy: part).count == 2, "\(name): \(part)")
            }
        }
    }

    @Test func `alerts and dashboard ask for what Swell serves`() throws {
        let served = try Self.served()
        #expect(served.contains("process_open_fds") && served.contains("swell_poll_duration_seconds_bucket"))
        for alert in try Self.alerts() {
            let query = try #require(
                alert.components(separatedBy: "expr: |").last?.components(separatedBy: "for: ").first
            )
            let metrics = Self.metrics(in: query)
            #expect(!metrics.isEmpty && metrics.isSubset(of: served), "\(metrics.subtracting(served)) in \(query)")
        }
        let dashboard = try Self.dashboard()
        let variables = try #require(dashboard["templating"]?["list"]?.array).compactMap { $0["definition"]?.string }
        #expect(variables.count == 3)
        for query in try Self.queries() + variables {
            let metrics = Self.metrics(in: query)
            let known = served.union(Self.ofKubeStateMetrics)
            #expect(!metrics.isEmpty && metrics.isSubset(of: known), "\(metrics.subtracting(known)) in \(query)")
        }
    }

    @Test(
        arguments: [
            (#"absent(a_b{le="c_d"})"#, ["a_b"]),
            ("sum by (le, c_d) (rate(a_b[$__rate_interval])) / on (c_d) e_f", ["a_b", "e_f"]),
            (#"label_replace(a_b, "x_y", "$1", "$n_l", "(.+)") and on ($n_l) max_over_time(c_d[5m])"#, ["a_b", "c_d"]),
            ("label_values(a_b{c_d=\"x\"}, $n_l)", ["a_b"]),
        ] as [(String, Set<String>)]
    )
    func `metrics are told from all else in a query`(query: String, metrics: Set<String>) {
        #expect(Self.metrics(in: query) == metrics)
    }

    @Test func `the dashboard's queries can be read`() async throws {
        let rules = try Self.queries().enumerated()
            .map { number, query in
                let query = query.replacing("$namespace_label", with: "exported_namespace")
                    .replacing("$__rate_interval", with: "5m")
                return JSONValue.object(["record": .string("query:\(number)"), "expr": .string(query)])
            }
        #expect(rules.count > 50)
        let group = JSONValue.object(["name": .string("dashboard"), "rules": .array(rules)])
        let file = try KubeJSON.encode(JSONValue.object(["groups": .array([group])]))
        // JSON is YAML too.
        try await Command(program: "/usr/bin/promtool")
            .run(["check", "rules", "/dev/stdin"], input: String(decoding: file, as: UTF8.self))
    }

    @Test func `every panel says what it shows, in which unit, and needs no plugin`() throws {
        let dashboard = try Self.dashboard()
        let panels = try #require(dashboard["panels"]?.array)
        #expect(Set(panels.map { $0["id"]?.integer }).count == panels.count)
        for panel in panels {
            let title = try #require(panel["title"]?.string)
            let type = try #require(panel["type"]?.string)
            #expect(!title.isEmpty && panel["description"]?.string?.isEmpty == false, "\(title)")
            #expect(Self.ofGrafana.contains(type), "\(title): \(type)")
            guard type != "row" else { continue }
            #expect(panel["datasource"]?["uid"]?.string == "${datasource}", "\(title)")
            #expect(panel["fieldConfig"]?["defaults"]?["unit"]?.string != nil, "\(title)")
            #expect(panel["targets"]?.array?.isEmpty == false, "\(title)")
        }
    }
}
