/// Everything a page says of one metric: a value, so that pages are written and tested without a registry.
public struct MetricFamily: Sendable, Hashable {
    /// What a metric's numbers mean.
    public enum Kind: String, Sendable, Hashable {
        /// Only ever grows, until the process ends.
        case counter
        /// Goes up and down.
        case gauge
        /// Counts observations by size.
        case histogram
    }

    /// One series: its labels and where it stands.
    public struct Series: Sendable, Hashable {
        /// What tells it from the others.
        public var labels: MetricLabels
        /// Where it stands.
        public var value: Value

        /// Makes a series.
        public init(_ labels: MetricLabels = [:], _ value: Value) {
            self.labels = labels
            self.value = value
        }
    }

    /// Where a series stands.
    public enum Value: Sendable, Hashable {
        /// Of a counter or a gauge.
        case number(Double)
        /// Of a histogram.
        case distribution(Distribution)
    }

    /// The name, such as `keda_scaler_active`.
    public var name: String
    /// What it is, for people.
    public var help: String
    /// What its numbers mean.
    public var kind: Kind
    /// In any order; the page sorts them.
    public var series: [Series]

    /// Makes a family.
    public init(_ name: String, help: String, kind: Kind, series: [Series] = []) {
        self.name = name
        self.help = help
        self.kind = kind
        self.series = series
    }
}

/// Observations counted by size.
public struct Distribution: Sendable, Hashable {
    /// The upper bounds, rising; what is larger than all counts in ``count`` alone.
    public let bounds: [Double]
    /// How many observations fell into each bucket, each counted once.
    public private(set) var counts: [UInt64]
    /// How many observations there were.
    public private(set) var count: UInt64 = 0
    /// What they add up to.
    public private(set) var sum: Double = 0

    /// Nothing observed yet.
    ///
    /// - Parameter bounds: upper bounds in any order.
    public init(bounds: [Double]) {
        self.bounds = bounds.sorted()
        self.counts = Array(repeating: 0, count: bounds.count)
    }

    /// Counts one observation; a bound belongs to the bucket below it.
    public mutating func observe(_ value: Double) {
        count += 1
        sum += value
        if let index = bounds.firstIndex(where: { value <= $0 }) { counts[index] += 1 }
    }
}
