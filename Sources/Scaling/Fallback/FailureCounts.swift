/// How often each metric of one object has failed in a row.
///
/// Counted per read of the source, whoever asked for it, so that a stored reading counts once. Counting ends one past
/// the threshold: what lies beyond changes nothing, and a status that changes must be written.
public struct FailureCounts: Sendable, Hashable {
    /// Failures in a row, by metric; 0 for one that was read well.
    private var counts: [String: Int] = [:]

    /// Nothing is known.
    public init() {}

    /// Takes up where a status left off.
    public init(resuming health: [String: ScaledObjectStatus.Health]?) {
        counts = (health ?? [:]).mapValues { max(0, $0.numberOfFailures ?? 0) }
    }

    /// Failures in a row of one metric.
    public subscript(metric: String) -> Int { counts[metric] ?? 0 }

    /// Notes one read.
    ///
    /// - Parameters:
    ///   - metrics: what was read, or was to be.
    ///   - hasFailed: whether it could not be.
    ///   - policy: says how far it matters.
    public mutating func note(_ metrics: [String], hasFailed: Bool, under policy: FallbackPolicy) {
        for metric in metrics {
            counts[metric] = hasFailed ? min(self[metric] + 1, policy.threshold + 1) : 0
        }
    }

    /// Forgets all metrics but these.
    public mutating func keep(_ metrics: Set<String>) {
        counts = counts.filter { metrics.contains($0.key) }
    }

    /// As a status has them.
    public var health: [String: ScaledObjectStatus.Health] {
        counts.mapValues { .init(numberOfFailures: $0, status: $0 > 0 ? .failing : .happy) }
    }
}
