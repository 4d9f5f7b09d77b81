/// A metric that only grows; see ``MetricRegistry/counter(_:help:)``.
public struct Counter: Sendable {
    /// The family.
    let name: String
    /// Where it lives.
    let registry: MetricRegistry

    /// One series, found once and changed often.
    public struct Series: Sendable {
        /// Where it stands.
        let series: MetricSeries

        /// Adds to it; less than 0 is ignored, as a counter never falls.
        public func add(_ amount: Double = 1) {
            if amount > 0 { series.add(amount) }
        }
    }

    /// Finds a series, which appears at 0 if it was not there.
    ///
    /// - Parameters:
    ///   - labels: which one.
    ///   - group: what it vanishes with, if anything.
    /// - Returns: the series.
    public func series(_ labels: MetricLabels = [:], in group: SeriesGroup? = nil) -> Series {
        Series(series: group?.series(name, labels) ?? registry.series(name, labels))
    }

    /// Adds to one series; 0 makes the series appear.
    public func add(_ amount: Double = 1, _ labels: MetricLabels = [:]) {
        series(labels).add(amount)
    }
}

/// A metric that goes up and down; see ``MetricRegistry/gauge(_:help:)``.
public struct Gauge: Sendable {
    /// The family.
    let name: String
    /// Where it lives.
    let registry: MetricRegistry

    /// One series, found once and changed often.
    public struct Series: Sendable {
        /// Where it stands.
        let series: MetricSeries

        /// Says where it stands.
        public func set(_ value: Double) { series.set(value) }

        /// Says that something is so (1) or is not (0).
        public func set(_ isSo: Bool) { series.set(isSo ? 1 : 0) }

        /// Changes it by so much.
        public func add(_ amount: Double) { series.add(amount) }
    }

    /// Finds a series, which appears at 0 if it was not there.
    ///
    /// - Parameters:
    ///   - labels: which one.
    ///   - group: what it vanishes with, if anything.
    /// - Returns: the series.
    public func series(_ labels: MetricLabels = [:], in group: SeriesGroup? = nil) -> Series {
        Series(series: group?.series(name, labels) ?? registry.series(name, labels))
    }

    /// Says where one series stands.
    public func set(_ value: Double, _ labels: MetricLabels = [:]) {
        series(labels).set(value)
    }

    /// Changes one series by so much, from 0.
    public func add(_ amount: Double, _ labels: MetricLabels = [:]) {
        series(labels).add(amount)
    }
}

/// A metric that counts observations by size; see ``MetricRegistry/histogram(_:help:buckets:)``.
public struct Histogram: Sendable {
    /// Upper bounds that suit calls over a network, in seconds.
    ///
    /// - Source: Prometheus' client library for Go, `DefBuckets`.
    public static let seconds: [Double] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    /// The family.
    let name: String
    /// Where it lives.
    let registry: MetricRegistry

    /// One series, found once and changed often.
    public struct Series: Sendable {
        /// Where it stands.
        let series: MetricSeries

        /// Counts one observation.
        public func observe(_ value: Double) { series.observe(value) }

        /// Counts a duration in seconds.
        public func observe(_ duration: Duration) { series.observe(duration / .seconds(1)) }
    }

    /// Finds a series, which appears without observations if it was not there.
    ///
    /// - Parameters:
    ///   - labels: which one.
    ///   - group: what it vanishes with, if anything.
    /// - Returns: the series.
    public func series(_ labels: MetricLabels = [:], in group: SeriesGroup? = nil) -> Series {
        Series(series: group?.series(name, labels) ?? registry.series(name, labels))
    }

    /// Counts one observation in one series.
    public func observe(_ value: Double, _ labels: MetricLabels = [:]) {
        series(labels).observe(value)
    }

    /// Counts a duration in seconds.
    public func observe(_ duration: Duration, _ labels: MetricLabels = [:]) {
        series(labels).observe(duration)
    }
}
