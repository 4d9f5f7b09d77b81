public import Outbound
public import Telemetry

/// Counts and times requests to the API server, under the names that Kubernetes' own client for Go uses.
///
/// - Source: Kubernetes, `client-go/tools/metrics` and `component-base/metrics/prometheus/restclient`.
public struct RestClientMetrics: Sendable {
    /// Upper bounds in seconds.
    private static let buckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60]

    /// By status code, method and host.
    private let requests: Counter
    /// By verb and host.
    private let seconds: Histogram

    /// Registers the metrics.
    public init(_ registry: MetricRegistry) {
        self.requests = registry.counter(
            "rest_client_requests_total",
            help: "Requests to the API server by status code, method and host."
        )
        self.seconds = registry.histogram(
            "rest_client_request_duration_seconds",
            help: "Duration of requests to the API server by verb and host; of watches until they are open.",
            buckets: Self.buckets
        )
    }

    /// A transport whose requests are counted and timed.
    public func counting(_ transport: any HTTPTransport, time: TimeSource) -> any HTTPTransport {
        ObservedTransport(transport, time: time) { request, status, duration in
            let host = request.url.port.map { "\(request.url.host):\($0)" } ?? request.url.host
            let method = request.method.rawValue
            requests.add(1, ["code": status.map(String.init) ?? "<error>", "method": method, "host": host])
            seconds.observe(duration, ["verb": method, "host": host])
        }
    }
}
