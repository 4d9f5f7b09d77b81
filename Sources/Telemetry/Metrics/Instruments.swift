/// A metric that only grows; see ``MetricRegistry/counter(_:help:)``.
public struct Counter: Sendable {
    /// The family.
    let name: String
    /// Where it lives.
    let registry: MetricRegistry

    /// Adds to one series; 0 makes the series appear.
    ///
    /// Less than 0 is ignored, as a counter never falls.
    public func add(_ amount: Double = 1, _ labels: [String: String] = [:]) {
        guard amount >= 0 else { return }
        registry.update(name, labels, from: .number(0)) { value in
            guard case .number(let old) = value else { return }
            value = .number(old + amount)
        }
    }

    /// Forgets each series that has all of these labels.
    public func remove(matching labels: [String: String]) {
        registry.remove(name, matching: labels)
    }
}

/// A metric that goes up and down; see ``MetricRegistry/gauge(_:help:)``.
public struct Gauge: Sendable {
    /// The family.
    let name: String
    /// Where it lives.
    let registry: MetricRegistry

    /// Says where one series stands.
    public func set(_ value: Double, _ labels: [String: String] = [:]) {
        registry.update(name, labels, from: .number(0)) { $0 = .number(value) }
    }

    /// Changes one series by so much, from 0.
    public func add(_ amount: Double, _ labels: [String: String] = [:]) {
        registry.update(name, labels, from: .number(0)) { value in
            guard case .number(let old) = value else { return }
            value = .number(old + amount)
        }
    }

    /// Forgets each series that has all of these labels.
    public func remove(matching labels: [String: String]) {
        registry.remove(name, matching: labels)
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
    /// Upper bounds.
    let buckets: [Double]
    /// Where it lives.
    let registry: MetricRegistry

    /// Counts one observation in one series.
    public func observe(_ value: Double, _ labels: [String: String] = [:]) {
        registry.update(name, labels, from: .distribution(Distribution(bounds: buckets))) { standing in
            guard case .distribution(var distribution) = standing else { return }
            distribution.observe(value)
            standing = .distribution(distribution)
        }
    }

    /// Counts a duration in seconds.
    public func observe(_ duration: Duration, _ labels: [String: String] = [:]) {
        let (seconds, attoseconds) = duration.components
        observe(Double(seconds) + Double(attoseconds) / 1e18, labels)
    }

    /// Forgets each series that has all of these labels.
    public func remove(matching labels: [String: String]) {
        registry.remove(name, matching: labels)
    }
}
