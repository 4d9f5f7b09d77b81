internal import Telemetry

/// The metrics about ScaledObjects, each registered once.
///
/// - Source: KEDA, `pkg/metricscollector/prommetrics.go`, for those that begin with `keda_`.
final class ScalingFamilies: Sendable {
    /// By trigger and metric.
    let active: Gauge
    /// By trigger and metric.
    let value: Gauge
    /// By trigger and metric.
    let latency: Gauge
    /// By trigger and metric.
    let readErrors: Counter
    /// By object.
    let paused: Gauge
    /// By object.
    let objectErrors: Counter
    /// By object.
    let loopLatency: Gauge
    /// By trigger, metric and status.
    let requests: Counter
    /// By type and status, or more.
    let requestSeconds: Histogram
    /// Whether ``requestSeconds`` is told apart by object and trigger.
    let isDetailed: Bool
    /// By trigger and metric.
    let emptyAnswers: Counter

    /// By result.
    let polls: [ScalingInstruments.PollResult: Counter.Series]
    /// Of all objects.
    let pollSeconds: Histogram.Series
    /// Of all objects.
    let lateness: Histogram.Series
    /// By trigger type and result.
    let reads: Counter
    /// By trigger type.
    let readSeconds: Histogram
    /// By trigger type.
    let buildErrors: Counter
    /// By what and result.
    let writes: [ScalingInstruments.Written: [ScalingInstruments.WriteResult: Counter.Series]]
    /// By result.
    let answers: [ScalingInstruments.MetricAnswer: Counter.Series]

    /// Registers all of them.
    init(_ registry: MetricRegistry, isDetailed: Bool) {
        self.active = registry.gauge("keda_scaler_active", help: "Whether a trigger was active at its last good read.")
        self.value = registry.gauge(
            "keda_scaler_metrics_value",
            help: "The last value of a trigger's metric, as an HPA is told it."
        )
        self.latency = registry.gauge(
            "keda_scaler_metrics_latency_seconds",
            help: "How long the last read of a trigger's metric took."
        )
        self.readErrors = registry.counter(
            "keda_scaler_detail_errors_total",
            help: "Reads of a trigger's metric that failed."
        )
        self.paused = registry.gauge("keda_scaled_object_paused", help: "Whether a ScaledObject is paused.")
        self.objectErrors = registry.counter(
            "keda_scaled_object_errors_total",
            help: "Errors of a ScaledObject: triggers that gave nothing to a poll or to an HPA."
        )
        self.loopLatency = registry.gauge(
            "keda_internal_scale_loop_latency_seconds",
            help: "How late the last poll of an object began."
        )
        self.requests = registry.counter(
            "keda_scaler_http_requests_total",
            help: "HTTP requests of triggers by status code; `error` where there was no answer."
        )
        self.requestSeconds = registry.histogram(
            "keda_scaler_http_request_duration_seconds",
            help: "Duration of triggers' HTTP requests."
        )
        self.isDetailed = isDetailed
        self.emptyAnswers = registry.counter(
            "keda_scaler_empty_upstream_responses_total",
            help: "Queries of triggers that gave an empty result."
        )
        let polls = registry.counter("swell_polls_total", help: "Polls of ScaledObjects by result.")
        self.polls = Self.all { polls.series(["result": $0.rawValue]) }
        self.pollSeconds = registry.histogram("swell_poll_duration_seconds", help: "Duration of polls.").series()
        self.lateness = registry.histogram("swell_poll_lateness_seconds", help: "How late polls began.").series()
        self.reads = registry.counter("swell_reads_total", help: "Reads of sources by trigger type and result.")
        self.readSeconds = registry.histogram(
            "swell_read_duration_seconds",
            help: "Duration of reads of sources by trigger type."
        )
        self.buildErrors = registry.counter(
            "swell_trigger_build_errors_total",
            help: "Triggers that could not be built, by type."
        )
        let writes = registry.counter("swell_writes_total", help: "Writes to the API server by kind and result.")
        self.writes = Self.all { what in
            Self.all { writes.series(["kind": what.rawValue, "result": $0.rawValue]) }
        }
        let answers = registry.counter(
            "swell_metric_answers_total",
            help: "Answers to HPAs by result."
        )
        self.answers = Self.all { answers.series(["result": $0.rawValue]) }
    }

    /// Something for each case.
    private static func all<Case: CaseIterable & Hashable, Value>(_ make: (Case) -> Value) -> [Case: Value] {
        Dictionary(uniqueKeysWithValues: Case.allCases.map { ($0, make($0)) })
    }
}
