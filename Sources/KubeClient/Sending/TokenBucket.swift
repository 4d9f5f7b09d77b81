/// A rate limit: so many at once, and so many a second after that.
///
/// Pure; the caller brings the time.
///
/// A reservation may be for later: tokens then go below zero, and who comes next waits longer.
public struct TokenBucket: Sendable, Hashable {
    /// Tokens a second.
    public let rate: Double
    /// The most that is ever saved up.
    public let burst: Double
    /// What is there; negative when promised ahead.
    private var tokens: Double
    /// When ``tokens`` was true.
    private var updated: Duration

    /// Starts full.
    ///
    /// - Parameters:
    ///   - rate: tokens a second, more than 0.
    ///   - burst: at least 1.
    ///   - now: the uptime.
    public init(rate: Double, burst: Double, now: Duration) {
        self.rate = rate
        self.burst = burst
        self.tokens = burst
        self.updated = now
    }

    /// Takes a token if one is there.
    public mutating func take(at now: Duration) -> Bool {
        reserve(at: now, waitingUpTo: .zero) != nil
    }

    /// Takes a token that is there or will be.
    ///
    /// - Returns: how long to wait before using it; `nil`, and nothing taken, if that is longer than the limit.
    public mutating func reserve(at now: Duration, waitingUpTo limit: Duration) -> Duration? {
        refill(at: now)
        let seconds = max(0, 1 - tokens) / rate
        // As numbers first: a slow rate makes a wait that no Duration holds.
        guard seconds <= limit / .seconds(1) else { return nil }
        // Rounded up to the nanosecond, so that the token is there when the wait is over.
        let wait = Duration.nanoseconds(Int64((seconds * 1e9).rounded(.up)))
        tokens -= 1
        return wait
    }

    /// Takes a token that need not be there: who comes next waits for it, but never longer than a burst takes to grow, nor
    /// than five seconds.
    public mutating func draw(at now: Duration) {
        refill(at: now)
        tokens = max(tokens - 1, min(tokens, -min(burst, 5 * rate)))
    }

    /// Whether it holds less than another one of the same rate.
    public func holdsLess(than other: TokenBucket, at now: Duration) -> Bool {
        var (one, two) = (self, other)
        one.refill(at: now)
        two.refill(at: now)
        return one.tokens < two.tokens
    }

    /// Adds what has grown since.
    private mutating func refill(at now: Duration) {
        guard now > updated else { return }
        tokens = min(burst, tokens + (now - updated) / .seconds(1) * rate)
        updated = now
    }
}
