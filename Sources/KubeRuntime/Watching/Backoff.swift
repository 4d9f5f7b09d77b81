/// How long to rest after so many failures in a row: doubling up to a limit, part of it left to chance.
///
/// Pure.
///
/// With the defaults: 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30 … seconds, of which between half and all is waited.
public struct Backoff: Sendable, Hashable {
    /// After the first failure.
    public var initial: Duration
    /// However many there are.
    public var maximum: Duration

    /// Makes a rule.
    ///
    /// - Source: Kubernetes, `client-go/tools/cache/reflector.go`, for the defaults.
    public init(initial: Duration = .milliseconds(800), maximum: Duration = .seconds(30)) {
        self.initial = initial
        self.maximum = maximum
    }

    /// The whole rest after a number of failures, at least 1.
    public func limit(failures: Int) -> Duration {
        var (rest, left) = (initial, failures - 1)
        while left > 0, rest < maximum {
            rest *= 2
            left -= 1
        }
        return min(rest, maximum)
    }

    /// The rest to take, so that many clients do not come back at one moment.
    ///
    /// - Parameters:
    ///   - failures: how many in a row, at least 1.
    ///   - random: from 0 up to 1.
    /// - Returns: between half and all of ``limit(failures:)``.
    public func delay(failures: Int, random: Double) -> Duration {
        limit(failures: failures) * (0.5 + random / 2)
    }
}
