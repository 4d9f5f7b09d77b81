internal import Telemetry

/// Counts and times what one controller does, under the names of KEDA's own framework.
///
/// - Source: controller-runtime, `pkg/internal/controller/metrics`.
struct ControllerMetrics: Sendable {
    /// What a reconcile came to.
    enum Result: String, CaseIterable {
        /// Nothing is to be done before a change.
        case success
        /// It is to be done again after a while.
        case requeueAfter = "requeue_after"
        /// It failed.
        case error
    }

    /// Upper bounds in seconds.
    private static let buckets: [Double] = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5,
        1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
    ]

    /// By result.
    private let results: [Result: Counter.Series]
    /// Failures once more, as the framework has them.
    private let errors: Counter.Series
    /// Of every reconcile.
    private let seconds: Histogram.Series

    /// Finds the controller's series.
    init(_ controller: String, workers: Int, _ registry: MetricRegistry) {
        let results = registry.counter(
            "controller_runtime_reconcile_total",
            help: "Reconciles by controller and result."
        )
        self.results = Dictionary(
            uniqueKeysWithValues: Result.allCases.map {
                ($0, results.series(["controller": controller, "result": $0.rawValue]))
            }
        )
        self.errors =
            registry.counter(
                "controller_runtime_reconcile_errors_total",
                help: "Reconciles that failed, by controller."
            )
            .series(["controller": controller])
        self.seconds =
            registry.histogram(
                "controller_runtime_reconcile_time_seconds",
                help: "Duration of reconciles by controller.",
                buckets: Self.buckets
            )
            .series(["controller": controller])
        registry.gauge(
            "controller_runtime_max_concurrent_reconciles",
            help: "How many reconciles may run at once, by controller."
        )
        .set(Double(workers), ["controller": controller])
    }

    /// A reconcile has ended.
    func reconciled(_ result: Result, took duration: Duration) {
        results[result]?.add()
        if result == .error { errors.add() }
        seconds.observe(duration)
    }
}
