import Foundation
import KubeModel
import Outbound
import OutboundCurl
import TestKit
import Testing

extension RealServers {
    /// A real Prometheus scrapes a running operator and answers what KEDA's Grafana dashboard asks.
    @Suite(.serialized, .swellOperator) struct Dashboard {
        /// The dashboard's queries and the queries behind its variables, with the variables as `$namespace` and so on.
        ///
        /// - Source: KEDA after 2.20.1, `config/grafana/keda-dashboard.json`. Those about
        ///   `kube_horizontalpodautoscaler_…` are answered by kube-state-metrics and need only the HPA's name.
        static let queries = [
            #"keda_scaler_active{exported_namespace="$namespace", scaledObject=~"$scaledObject", scaler=~"$scaler"}"#,
            #"sum by(job) (rate(keda_scaler_detail_errors_total{}[5m]))"#,
            #"""
            sum by(scaler) (rate(keda_scaler_detail_errors_total{exported_namespace=~"$namespace", \#
            scaledObject=~"$scaledObject", scaler=~"$scaler"}[5m]))
            """#,
            #"""
            sum by(scaledObject) (rate(keda_scaled_object_errors_total{exported_namespace=~"$namespace", \#
            scaledObject=~"$scaledObject"}[5m]))
            """#,
            #"""
            sum by(metric) (keda_scaler_metrics_value{exported_namespace=~"$namespace", metric=~"$metric", \#
            scaledObject=~"$scaledObject"})
            """#,
        ]

        /// Whether a complaint is about a name that KEDA has chosen against Prometheus' custom: gauges that end as
        /// counters do, and labels with capitals.
        static func isOfKEDA(_ complaint: String) -> Bool {
            let metric = complaint.prefix { $0 != " " }
            let gauges = ["keda_resource_registered_total", "keda_trigger_registered_total"]
            return complaint.contains("\"_total\" suffix") && gauges.contains(String(metric))
                || complaint.contains("not 'camelCase'") && metric.hasPrefix("keda_")
        }

        /// Has Prometheus scrape the operator for the length of a call, as in a cluster: with the operator's namespace.
        static func scraped(_ body: () async throws -> Void) async throws {
            let swell = try #require(SwellProcess.current)
            let targets = try TestServers.variable("PROMETHEUS_TARGETS")
            let target = #"[{"targets":["127.0.0.1:\#(swell.pagePort)"],"labels":{"namespace":"keda"}}]"#
            try target.write(toFile: targets, atomically: false, encoding: .utf8)
            try await body()
            try "[]".write(toFile: targets, atomically: false, encoding: .utf8)
        }

        /// What Prometheus answers: how many series.
        static func count(_ query: String) async throws -> Int {
            let parts = try TestServers.variable("PROMETHEUS_URL").split(separator: ":")
            let port = try #require(parts.last.flatMap { Int($0) })
            let url = WebAddress(host: "127.0.0.1", port: port).appending("api", "v1", "query").asking("query", query)
            let response = try await withCurlTransport(environment: [:]) { transport in
                try await transport.collect(HTTPRequest(.get, url, deadline: .seconds(10)), upTo: 1 << 20)
            }
            let answer = try KubeJSON.decode(JSONValue.self, from: response.body)
            return try #require(answer["data"]?["result"]?.array, "\(answer)").count
        }

        /// A ScaledObject with a trigger that always answers and one that never does.
        static func plant(in cluster: TestCluster) async throws {
            try await cluster.deploy("web", replicas: 1)
            try await cluster.scale(
                "web",
                spec: #""pollingInterval":1,"minReplicaCount":1"#,
                triggers: """
                    [{"type":"cron","metadata":{"timezone":"Etc/UTC","start":"0 0 * * *","end":"59 23 * * *",
                      "desiredReplicas":"2"}},
                     {"type":"prometheus","name":"lost","metadata":{"serverAddress":"http://127.0.0.1:1",
                      "threshold":"1","query":"x"}}]
                    """
            )
        }

        @Test func `every query of KEDA's dashboard finds our series`() async throws {
            try await TestCluster.with { cluster in
                try await Self.plant(in: cluster)
                try await Self.scraped {
                    let values = ["$namespace": cluster.namespace, "$scaledObject": "web"]
                    for (scaler, metric) in [("cronScaler", "s0-cron-.*"), ("lost", "s1-prometheus")] {
                        for query in Self.queries {
                            // A trigger that never answered has neither value nor activity.
                            let isOfReading = query.contains("_active") || query.contains("_value")
                            if scaler == "lost", isOfReading { continue }
                            let all = values.merging(["$scaler": scaler, "$metric": metric]) { $1 }
                            // The longest name first: "$scaler" is no beginning of "$scaledObject", but may become one.
                            let text = all.sorted { $0.key.count > $1.key.count }
                                .reduce(query) { $0.replacing($1.key, with: $1.value) }
                            try await eventually("series for \(text)", within: .seconds(60)) {
                                try await Self.count(text) > 0
                            }
                        }
                    }
                    try await eventually("errors of the trigger that is lost", within: .seconds(60)) {
                        try await Self.count(#"keda_scaler_detail_errors_total{scaler="lost"} > 1"#) > 0
                    }
                    // What was scraped of a trigger that is not Prometheus' own is its history, whatever its type.
                    let trigger = #"{type: kubernetes-workload, metadata: {podSelector: "a=b", value: "1"}}"#
                    let csv = try await Simulate.csv(
                        of: Simulate.manifest(trigger, namespace: cluster.namespace),
                        from: Int(Date().timeIntervalSince1970),
                        seconds: 60,
                        ["--prometheus", TestServers.variable("PROMETHEUS_URL")]
                    )
                    #expect(csv.contains(",swell,0,1,0,2.0,") && csv.contains(",hpa,1,2,1,2.0,"), "\(csv)")
                }
                #expect(try await cluster.hpa("web").metadata.name == "keda-hpa-web")
            }
        }

        @Test func `the page is as Prometheus wants it`() async throws {
            let swell = try #require(SwellProcess.current)
            try await TestCluster.with { cluster in
                try await Self.plant(in: cluster)
                let labels = ["namespace": cluster.namespace, "scaledObject": "web", "scaler": "lost"]
                try await eventually("the first errors", within: .seconds(60)) {
                    let page = try await swell.page("metrics", port: swell.pagePort)
                    let scraped = ScrapedPage(String(decoding: page.body, as: UTF8.self))
                    return scraped?["keda_scaler_detail_errors_total", labels] ?? 0 > 0
                }
                let response = try await swell.page("metrics", port: swell.pagePort)
                let text = String(decoding: response.body, as: UTF8.self)
                let complaints = try await Self.complaints(about: text)
                #expect(complaints.filter { !Self.isOfKEDA($0) } == [])
                let page = try #require(ScrapedPage(text))
                for metric in [
                    "keda_build_info", "keda_trigger_registered_total", "keda_resource_registered_total",
                    "keda_internal_scale_loop_latency_seconds", "keda_scaled_object_paused",
                    "controller_runtime_reconcile_total", "workqueue_depth", "workqueue_adds_total",
                    "rest_client_requests_total", "apiserver_request_total", "process_cpu_seconds_total",
                    "keda_scaler_http_requests_total",
                ] {
                    #expect(!page.all(metric).isEmpty, "\(metric)")
                }
                #expect(page["keda_trigger_registered_total", ["type": "cron"]] ?? 0 >= 1)
                #expect(
                    page[
                        "keda_resource_registered_total",
                        ["type": "scaled_object", "namespace": cluster.namespace]
                    ] == 1
                )
            }
        }

        /// What promtool says of a page; a page that cannot be read is an error.
        static func complaints(about page: String) async throws -> [String] {
            do {
                try await Command(program: "/usr/bin/promtool").run(["check", "metrics"], input: page)
                return []
            } catch let failure as Command.Failed {
                // 3 is for what is only against custom.
                guard failure.status.contains("3") else { throw failure }
                return failure.output.split(separator: "\n").map(String.init)
            }
        }
    }
}
