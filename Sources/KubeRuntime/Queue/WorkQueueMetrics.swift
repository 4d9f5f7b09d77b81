internal import Telemetry

/// Times what waits in one queue and what is worked on, under the names of Kubernetes' own queues.
///
/// - Source: Kubernetes, `client-go/util/workqueue/metrics.go`; controller-runtime, `pkg/metrics/workqueue.go`.
struct WorkQueueMetrics: Sendable {
    /// Upper bounds in seconds.
    private static let buckets: [Double] = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000]

    /// From the moment that a key was due to the beginning of the work.
    let waits: Histogram.Series
    /// From the beginning of the work to its end.
    let work: Histogram.Series
    /// Keys that came again after a failure.
    let retries: Counter.Series

    /// Finds the queue's series, and has `state` asked for each page.
    init(_ queue: String, _ registry: MetricRegistry, state: @escaping @Sendable () -> WorkQueueState) {
        let labels: MetricLabels = ["name": queue, "controller": queue]
        self.waits =
            registry.histogram(
                "workqueue_queue_duration_seconds",
                help: "How long keys that were due waited before they were worked on.",
                buckets: Self.buckets
            )
            .series(labels)
        self.work =
            registry.histogram(
                "workqueue_work_duration_seconds",
                help: "How long working on a key took.",
                buckets: Self.buckets
            )
            .series(labels)
        self.retries = registry.counter("workqueue_retries_total", help: "Keys that came again after a failure.")
            .series(labels)
        registry.collect {
            let state = state()
            /// A family with this queue's number.
            func family(_ name: String, _ help: String, _ kind: MetricFamily.Kind, _ value: Double) -> MetricFamily {
                MetricFamily(name, help: help, kind: kind, series: [MetricFamily.Series(labels, .number(value))])
            }
            return [
                family("workqueue_depth", "Keys that are due and wait.", .gauge, Double(state.due)),
                family("workqueue_adds_total", "Keys that were added.", .counter, Double(state.added)),
                family(
                    "workqueue_unfinished_work_seconds",
                    "How long the work that runs has taken so far, together.",
                    .gauge,
                    state.unfinished / .seconds(1)
                ),
                family(
                    "workqueue_longest_running_processor_seconds",
                    "How long the work that runs longest has taken so far.",
                    .gauge,
                    state.longest / .seconds(1)
                ),
                MetricFamily(
                    "controller_runtime_active_workers",
                    help: "Workers that have a key, by controller.",
                    kind: .gauge,
                    series: [MetricFamily.Series(["controller": queue], .number(Double(state.busy)))]
                ),
            ]
        }
    }
}

/// How a queue stands at one moment.
struct WorkQueueState: Sendable, Hashable {
    /// Keys that are due and wait for a worker.
    var due = 0
    /// Workers that have a key; a key may go on without.
    var busy = 0
    /// Keys that were added since the start, those left out that stood there already.
    var added = 0
    /// How long the running work has taken so far, together.
    var unfinished = Duration.zero
    /// How long the longest of it has taken so far.
    var longest = Duration.zero
}
