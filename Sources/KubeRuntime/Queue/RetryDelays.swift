/// How long each key rests after failures in a row: doubling from 5 ms, up to a limit.
///
/// Pure.
///
/// - Source: Kubernetes, `client-go/util/workqueue/default_rate_limiters.go`, per-item exponential failure.
public struct RetryDelays<Key: Hashable & Sendable>: Sendable {
    /// How long.
    private let backoff: Backoff
    /// Keys whose last run failed, and how often in a row.
    private var failures: [Key: Int] = [:]

    /// Nothing has failed.
    ///
    /// - Parameter limit: the longest rest.
    public init(limit: Duration) {
        self.backoff = Backoff(initial: .milliseconds(5), maximum: limit)
    }

    /// A run failed.
    ///
    /// - Returns: how long to rest.
    public mutating func failed(_ key: Key) -> Duration {
        let count = (failures[key] ?? 0) + 1
        failures[key] = count
        return backoff.limit(failures: count)
    }

    /// A run succeeded, or the key is gone.
    public mutating func succeeded(_ key: Key) {
        failures[key] = nil
    }
}
