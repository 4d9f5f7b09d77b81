/// Remembers look-ups of names that were given up while the name server was silent.
///
/// Pure.
///
/// libcurl leaves such a look-up to a thread of its own that ends when the C library gives up, which takes half a
/// minute and more. A trigger that is polled every second against a dead name server would pile these threads up, so a
/// name with ``perName`` of them, or any name once there are ``total``, is refused until some have gone by.
struct LookupLedger {
    /// Look-ups of one name that may hang at a time.
    static let perName = 4
    /// Look-ups that may hang in all.
    static let total = 128
    /// How long a given-up look-up is taken to hang: about as long as the C library asks (5 s, twice, per server).
    static let lifetime: Duration = .seconds(30)
    /// A look-up given up sooner says nothing about the name server: the caller was in a hurry.
    static let patience: Duration = .seconds(1)

    /// Given-up look-ups, oldest first; ``total``, and at most one more for each connection that was in the making.
    private var hanging: [(name: String, since: ContinuousClock.Instant)] = []

    /// Whether a look-up of this name may start.
    ///
    /// - Complexity: O(``total``).
    func admits(_ name: String, at now: ContinuousClock.Instant) -> Bool {
        let current = hanging.filter { now < $0.since.advanced(by: Self.lifetime) }
        return current.count < Self.total && current.count { $0.name == name } < Self.perName
    }

    /// A look-up that started at `start` has been given up before it had an answer.
    mutating func gaveUp(_ name: String, startedAt start: ContinuousClock.Instant, at now: ContinuousClock.Instant) {
        guard start.duration(to: now) >= Self.patience else { return }
        hanging.removeAll { now >= $0.since.advanced(by: Self.lifetime) }
        hanging.append((name, now))
    }
}
