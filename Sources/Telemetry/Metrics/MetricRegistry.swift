import Synchronization

/// The metrics of a process: gives out counters, gauges and histograms, and holds where each series stands.
///
/// Every family holds a bounded number of series. What goes beyond is not shown, and
/// `swell_metric_series_refused_total` tells so. Safe to use from any thread; nothing here waits.
public final class MetricRegistry: Sendable {
    /// Where one family stands.
    private struct Family {
        /// What it is, for people.
        let help: String
        /// What its numbers mean.
        let kind: MetricFamily.Kind
        /// Where a new series stands.
        let start: MetricFamily.Value
        /// By labels.
        var series: [MetricLabels: MetricSeries] = [:]
    }

    /// All that changes.
    private struct State {
        /// By name.
        var families: [String: Family] = [:]
        /// Asked for each page.
        var collectors: [@Sendable () -> [MetricFamily]] = []
        /// Series asked for beyond the bound, by name of the family.
        var refused: [String: UInt64] = [:]
    }

    /// See ``State``.
    private let state = Mutex(State())
    /// Series per family.
    private let seriesLimit: Int

    /// An empty registry.
    ///
    /// - Parameter seriesLimit: how many series one family may have.
    public init(seriesLimit: Int = 20_000) {
        self.seriesLimit = seriesLimit
    }

    /// A metric that only grows.
    ///
    /// The same name gives the same metric again.
    public func counter(_ name: String, help: String) -> Counter {
        register(name, help, .counter, from: .number(0))
        return Counter(name: name, registry: self)
    }

    /// A metric that goes up and down.
    ///
    /// The same name gives the same metric again.
    public func gauge(_ name: String, help: String) -> Gauge {
        register(name, help, .gauge, from: .number(0))
        return Gauge(name: name, registry: self)
    }

    /// A metric that counts observations by size.
    ///
    /// The same name gives the same metric again. `buckets` are upper bounds.
    public func histogram(_ name: String, help: String, buckets: [Double] = Histogram.seconds) -> Histogram {
        register(name, help, .histogram, from: .distribution(Distribution(bounds: buckets)))
        return Histogram(name: name, registry: self)
    }

    /// Adds a source that is asked each time the page is read, such as ``ProcessMetrics``.
    public func collect(_ collector: @escaping @Sendable () -> [MetricFamily]) {
        state.withLock { $0.collectors.append(collector) }
    }

    /// Where everything stands now; collectors are asked outside the lock.
    public func families() -> [MetricFamily] {
        let (own, refused, collectors) = state.withLock { state in
            let own = state.families.map { name, family in
                MetricFamily(
                    name,
                    help: family.help,
                    kind: family.kind,
                    series: family.series.map { MetricFamily.Series($0.key, $0.value.current) }
                )
            }
            return (own, state.refused, state.collectors)
        }
        let losses = MetricFamily(
            "swell_metric_series_refused_total",
            help: "Times that a series beyond the bound of its metric was asked for; such series are not shown.",
            kind: .counter,
            series: refused.map { MetricFamily.Series(["metric": $0.key], .number(Double($0.value))) }
        )
        return Self.merged(own + [losses] + collectors.flatMap { $0() })
    }

    /// Families with those of one name put together: several sources may give series of one metric.
    private static func merged(_ families: [MetricFamily]) -> [MetricFamily] {
        var merged: [String: MetricFamily] = [:]
        for family in families {
            merged[family.name, default: MetricFamily(family.name, help: family.help, kind: family.kind)].series +=
                family.series
        }
        return Array(merged.values)
    }

    /// The page that Prometheus reads.
    public func page() -> String {
        PrometheusText.page(families())
    }

    /// Finds a series, which appears if it was not there.
    ///
    /// Beyond the bound it is one that no page shows.
    func series(_ name: String, _ labels: MetricLabels) -> MetricSeries {
        state.withLock { state in
            if let known = state.families[name]?.series[labels] { return known }
            let new = MetricSeries(labels, at: state.families[name]?.start ?? .number(0))
            if let count = state.families[name]?.series.count, count < seriesLimit {
                state.families[name]?.series[labels] = new
            } else {
                state.refused[name, default: 0] += 1
            }
            return new
        }
    }

    /// A series that no page shows.
    func unseen(_ name: String, _ labels: MetricLabels) -> MetricSeries {
        state.withLock { MetricSeries(labels, at: $0.families[name]?.start ?? .number(0)) }
    }

    /// Forgets series.
    func remove(_ gone: [(metric: String, series: MetricSeries)]) {
        state.withLock { state in
            for (metric, series) in gone where state.families[metric]?.series[series.labels] === series {
                state.families[metric]?.series[series.labels] = nil
            }
        }
    }

    /// Makes a family unless it is there.
    private func register(
        _ name: String,
        _ help: String,
        _ kind: MetricFamily.Kind,
        from start: MetricFamily.Value
    ) {
        precondition(Self.isName(name), "\(name) is not a metric name")
        state.withLock { state in
            let known = state.families[name, default: Family(help: help, kind: kind, start: start)]
            precondition(known.kind == kind, "\(name) is already a \(known.kind.rawValue)")
            state.families[name] = known
        }
    }

    /// Prometheus' rule for names; ours are in the source, so one that breaks it is our mistake.
    private static func isName(_ name: String) -> Bool {
        let isGood = name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x3A).contains(byte) || byte == 0x5F
        }
        return isGood && !name.isEmpty && !(name.first?.isNumber ?? true)
    }
}
