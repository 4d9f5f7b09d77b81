import KubeModel
import Synchronization
import Telemetry

/// Counts and times the requests of the API, under the names that every Kubernetes API server uses.
///
/// The name of a metric is no label: there may be as many as triggers in the cluster.
///
/// - Source: Kubernetes, `apiserver/pkg/endpoints/metrics`.
final class RequestInstruments: Sendable {
    /// Upper bounds in seconds.
    private static let buckets: [Double] = [
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
    ]

    /// What kind of request it was.
    private enum Kind: Hashable {
        /// The readings of a metric.
        case metric
        /// The decisions about an object.
        case decisions
        /// Something that never changes, or a probe.
        case document
        /// Nothing of ours.
        case other
    }

    /// What is counted together.
    private struct Case: Hashable {
        /// The kind.
        let kind: Kind
        /// The status code.
        let status: Int
    }

    /// By kind of request and status code.
    private let requests: Counter
    /// From the end of the request to the answer, by kind of request.
    private let seconds: Histogram
    /// What has been counted before: finding a series by its labels costs more than the rest of a small answer.
    private let known = Mutex<[Case: (count: Counter.Series, seconds: Histogram.Series)]>([:])

    /// Makes the two metrics.
    init(_ registry: MetricRegistry) {
        self.requests = registry.counter(
            "apiserver_request_total",
            help: "Requests to the external metrics API and to that of decisions, by kind and status code."
        )
        self.seconds = registry.histogram(
            "apiserver_request_duration_seconds",
            help: "Time to answer requests to the external metrics API, by kind.",
            buckets: Self.buckets
        )
    }

    /// Records one request.
    func record(_ route: APIRoute, _ status: Int, took duration: Duration) {
        let subject = Case(kind: Self.kind(of: route), status: status)
        let series = known.withLock { known in
            if let series = known[subject] { return series }
            var labels = Self.labels(of: subject.kind)
            let seconds = seconds.series(MetricLabels(labels))
            labels["code"] = String(status)
            let series = (count: requests.series(MetricLabels(labels)), seconds: seconds)
            known[subject] = series
            return series
        }
        series.seconds.observe(duration)
        series.count.add()
    }

    /// What kind of request it was.
    private static func kind(of route: APIRoute) -> Kind {
        switch route {
        case .metric: .metric
        case .decisions: .decisions
        case .document, .alive, .ready: .document
        case .wrongMethod, .unknown: .other
        }
    }

    /// How a kind of request is labelled.
    private static func labels(of kind: Kind) -> [String: String] {
        let common = ["component": "apiserver", "dry_run": "", "subresource": ""]
        let own =
            switch kind {
            case .metric: named("LIST", .metrics, scope: "namespace")
            case .decisions: named("GET", .decisions, scope: "resource")
            case .document: ["verb": "GET", "group": "", "version": "", "resource": "", "scope": ""]
            case .other: ["verb": "other", "group": "", "version": "", "resource": "", "scope": ""]
            }
        return common.merging(own) { $1 }
    }

    /// The labels of a request for what one of the APIs is there for.
    private static func named(_ verb: String, _ api: ServedAPI, scope: String) -> [String: String] {
        [
            "verb": verb, "group": api.groupVersion.group, "version": api.groupVersion.version,
            "resource": api.resource.name, "scope": scope,
        ]
    }
}
