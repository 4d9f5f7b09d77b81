import Synchronization

/// The metrics of a process: gives out counters, gauges and histograms, and holds where each series stands.
///
/// Every family holds a bounded number of series. What goes beyond is not counted, and
/// `swell_metric_series_refused_total` tells so. Safe to use from any thread; nothing here waits.
public final class MetricRegistry: Sendable {
    /// Where one family stands.
    private struct Family {
        /// What it is, for people.
        let help: String
        /// What its numbers mean.
        let kind: MetricFamily.Kind
        /// By labels.
        var series: [[String: String]: MetricFamily.Value] = [:]

        /// The family without the series that have all of these labels.
        func without(_ labels: [String: String]) -> Family {
            var rest = self
            rest.series = series.filter { entry in !labels.allSatisfy { entry.key[$0.key] == $0.value } }
            return rest
        }
    }

    /// All that changes.
    private struct State {
        /// By name.
        var families: [String: Family] = [:]
        /// Asked for each page.
        var collectors: [@Sendable () -> [MetricFamily]] = []
        /// Updates lost to the bound, by name of the family.
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
        register(name, help, .counter)
        return Counter(name: name, registry: self)
    }

    /// A metric that goes up and down.
    ///
    /// The same name gives the same metric again.
    public func gauge(_ name: String, help: String) -> Gauge {
        register(name, help, .gauge)
        return Gauge(name: name, registry: self)
    }

    /// A metric that counts observations by size.
    ///
    /// The same name gives the same metric again. `buckets` are upper bounds.
    public func histogram(_ name: String, help: String, buckets: [Double] = Histogram.seconds) -> Histogram {
        register(name, help, .histogram)
        return Histogram(name: name, buckets: buckets, registry: self)
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
                    series: family.series.map { MetricFamily.Series($0.key, $0.value) }
                )
            }
            return (own, state.refused, state.collectors)
        }
        let losses = MetricFamily(
            "swell_metric_series_refused_total",
            help: "Updates of series beyond the bound of their metric, which are not counted.",
            kind: .counter,
            series: refused.map { MetricFamily.Series(["metric": $0.key], .number(Double($0.value))) }
        )
        return own + [losses] + collectors.flatMap { $0() }
    }

    /// The page that Prometheus reads.
    public func page() -> String {
        PrometheusText.page(families())
    }

    /// Forgets, in every family, each series that has all of these labels.
    public func remove(matching labels: [String: String]) {
        state.withLock { state in
            state.families = state.families.mapValues { $0.without(labels) }
        }
    }

    /// Forgets each series of one family that has all of these labels.
    func remove(_ name: String, matching labels: [String: String]) {
        state.withLock { $0.families[name] = $0.families[name]?.without(labels) }
    }

    /// Changes one series.
    func update(
        _ name: String,
        _ labels: [String: String],
        from start: MetricFamily.Value,
        _ change: (inout MetricFamily.Value) -> Void
    ) {
        state.withLock { state in
            guard let family = state.families[name] else { return }
            if family.series[labels] == nil, family.series.count >= seriesLimit {
                state.refused[name, default: 0] += 1
                return
            }
            change(&state.families[name, default: family].series[labels, default: start])
        }
    }

    /// Makes a family unless it is there.
    private func register(_ name: String, _ help: String, _ kind: MetricFamily.Kind) {
        precondition(Self.isName(name), "\(name) is not a metric name")
        state.withLock { state in
            let known = state.families[name, default: Family(help: help, kind: kind)]
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
