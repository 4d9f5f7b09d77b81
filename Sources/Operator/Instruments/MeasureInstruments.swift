internal import KubeModel
internal import Synchronization
internal import Telemetry

/// Counts and times for one metric of one trigger; each series is found when it is first needed, and kept.
final class MeasureInstruments: Sendable {
    /// Whose metric it is, for labels.
    struct Identity: Sendable {
        /// The ScaledObject.
        let object: ObjectKey
        /// The trigger's place in the spec.
        let index: Int
        /// The trigger's name as its user gave it; empty if not at all.
        let name: String
        /// The trigger's type.
        let type: String
        /// What the label `scaler` says.
        let scaler: String
    }

    /// The series that were needed.
    private struct Series {
        /// What the HPA is told.
        var value: Gauge.Series?
        /// Whether it was active.
        var active: Gauge.Series?
        /// Of the last read.
        var latency: Gauge.Series?
        /// Reads that failed.
        var errors: Counter.Series?
        /// By status code; `nil` for no answer.
        var requests: [Int?: (count: Counter.Series, seconds: Histogram.Series)] = [:]
        /// By whether they count as 0.
        var emptyAnswers: [Bool: Counter.Series] = [:]
    }

    /// The metric's full name.
    private let metric: String
    /// See ``Identity``.
    private let identity: Identity
    /// The labels that most of KEDA's metrics have.
    private let labels: MetricLabels
    /// The metrics.
    private let families: ScalingFamilies
    /// All series of this metric.
    private let group: SeriesGroup
    /// See ``Series``.
    private let series = Mutex(Series())

    /// Makes instruments without series.
    init(_ metric: String, of identity: Identity, _ families: ScalingFamilies, _ registry: MetricRegistry) {
        self.metric = metric
        self.identity = identity
        self.labels = [
            "namespace": identity.object.namespace, "metric": metric, "scaledObject": identity.object.name,
            "scaler": identity.scaler, "triggerIndex": String(identity.index), "type": "scaledobject",
        ]
        self.families = families
        self.group = SeriesGroup(registry)
    }

    /// What the HPA is told.
    func gave(_ value: Double) {
        series.withLock { series in
            let gauge = series.value ?? families.value.series(labels, in: group)
            series.value = gauge
            gauge.set(value)
        }
    }

    /// Whether it was active.
    func became(isActive: Bool) {
        series.withLock { series in
            let gauge = series.active ?? families.active.series(labels, in: group)
            series.active = gauge
            gauge.set(isActive)
        }
    }

    /// A read has ended; the errors appear at 0 with the first one, so that their rate is known from then on.
    func read(took duration: Duration, isGood: Bool) {
        series.withLock { series in
            let latency = series.latency ?? families.latency.series(labels, in: group)
            let errors = series.errors ?? families.readErrors.series(labels, in: group)
            (series.latency, series.errors) = (latency, errors)
            latency.set(duration / .seconds(1))
            if !isGood { errors.add() }
        }
    }

    /// An HTTP request has ended.
    ///
    /// - Parameters:
    ///   - status: of the answer; `nil` where there was none.
    ///   - duration: to the end of the answer.
    func requested(_ status: Int?, took duration: Duration) {
        series.withLock { series in
            let request = series.requests[status] ?? request(status)
            series.requests[status] = request
            request.count.add()
            request.seconds.observe(duration)
        }
    }

    /// A query gave an empty result.
    ///
    /// - Parameter isZero: whether that counts as 0, and not as an error.
    func answeredEmpty(isZero: Bool) {
        series.withLock { series in
            let counter = series.emptyAnswers[isZero] ?? emptyAnswers(isZero)
            series.emptyAnswers[isZero] = counter
            counter.add()
        }
    }

    /// Has every series vanish, for good.
    func end() { group.end() }

    /// Finds the series of one status.
    private func request(_ status: Int?) -> (count: Counter.Series, seconds: Histogram.Series) {
        let code = status.map(String.init) ?? "error"
        let all: MetricLabels = [
            "namespace": identity.object.namespace, "scaled_resource": identity.object.name, "scaler": identity.type,
            "trigger_name": identity.name, "metric_name": metric, "status_code": code,
        ]
        let seconds =
            families.isDetailed
            ? families.requestSeconds.series(all, in: group)
            : families.requestSeconds.series(["scaler": identity.type, "status_code": code])
        return (families.requests.series(all, in: group), seconds)
    }

    /// Finds the series of empty results.
    private func emptyAnswers(_ isZero: Bool) -> Counter.Series {
        families.emptyAnswers.series(
            [
                "namespace": identity.object.namespace, "scaledResource": identity.object.name,
                "triggerName": identity.name, "metricName": metric, "resourceType": "ScaledObject",
                "ignoreNullValues": String(isZero),
            ],
            in: group
        )
    }
}
