import Synchronization

/// Where one series stands.
///
/// Whoever has found it once changes it without looking it up again. After the registry has forgotten it, changes go
/// nowhere.
final class MetricSeries: Sendable {
    /// What tells it from the others of its metric.
    let labels: MetricLabels
    /// Where it stands.
    private let value: Mutex<MetricFamily.Value>

    /// A series at its start.
    init(_ labels: MetricLabels, at start: MetricFamily.Value) {
        self.labels = labels
        self.value = Mutex(start)
    }

    /// Where it stands now.
    var current: MetricFamily.Value { value.withLock { $0 } }

    /// Adds to a number.
    func add(_ amount: Double) {
        value.withLock { value in
            guard case .number(let old) = value else { return }
            value = .number(old + amount)
        }
    }

    /// Sets a number.
    func set(_ number: Double) {
        value.withLock { $0 = .number(number) }
    }

    /// Counts an observation.
    func observe(_ observation: Double) {
        value.withLock { value in
            guard case .distribution(var distribution) = value else { return }
            // Let go of the old value first, or the counts would be copied for each observation.
            value = .number(0)
            distribution.observe(observation)
            value = .distribution(distribution)
        }
    }
}

/// Series that vanish together, such as those of one object.
///
/// A group that has ended gives out series that no page shows: who comes late revives nothing.
public final class SeriesGroup: Sendable {
    /// Where the series are.
    private let registry: MetricRegistry
    /// Series with the names of their metrics; `nil` after the end.
    private let members = Mutex<[(metric: String, series: MetricSeries)]?>([])

    /// A group without series.
    public init(_ registry: MetricRegistry) {
        self.registry = registry
    }

    /// Has the registry forget every series of the group.
    public func end() {
        let gone = members.withLock { members in
            defer { members = nil }
            return members
        }
        guard let gone, !gone.isEmpty else { return }
        registry.remove(gone)
    }

    /// A series that vanishes with the group.
    func series(_ metric: String, _ labels: MetricLabels) -> MetricSeries {
        members.withLock { members in
            guard members != nil else { return registry.unseen(metric, labels) }
            let series = registry.series(metric, labels)
            // They are a few, and each is looked for once.
            if members?.contains(where: { $0.series === series }) == false { members?.append((metric, series)) }
            return series
        }
    }
}
