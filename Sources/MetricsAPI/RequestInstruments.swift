import Telemetry

/// Counts and times the requests of the API.
struct RequestInstruments: Sendable {
    /// By status code.
    private let requests: Counter
    /// From the end of the request to the answer.
    private let seconds: Histogram

    /// Makes the two metrics.
    init(_ registry: MetricRegistry) {
        self.requests = registry.counter(
            "swell_external_metrics_requests_total",
            help: "Requests to the external metrics API by status code."
        )
        self.seconds = registry.histogram(
            "swell_external_metrics_request_duration_seconds",
            help: "Time to answer requests to the external metrics API."
        )
    }

    /// Records one request.
    func record(_ status: Int, took duration: Duration) {
        requests.add(1, ["code": String(status)])
        seconds.observe(duration)
    }
}
