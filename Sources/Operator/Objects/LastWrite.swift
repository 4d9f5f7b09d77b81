internal import Outbound

/// What we last wrote of something that a watch shows us with a delay.
///
/// Until the watch has caught up, what it shows is older than what we wrote: comparing with it would write the same
/// thing again.
struct LastWrite<Value: Sendable & Equatable>: Sendable {
    /// How long a watch may lag before what it shows is believed again.
    private static var patience: Duration { .seconds(30) }

    /// What the watch showed when we wrote and what we had written just before, which it may show yet; what we wrote; and
    /// until when to wait for the watch.
    @Rare private var pending: (over: [Value], written: Value, until: Duration)?

    /// Whether the watch has not caught up yet, as far as was seen when last asked.
    var isPending: Bool { pending != nil }

    /// What is there now, as far as we know.
    ///
    /// - Parameters:
    ///   - shown: what the watch shows.
    ///   - uptime: now, on the clock that never runs back.
    /// - Returns: our own write as long as the watch still shows what we wrote over, else what it shows.
    mutating func current(_ shown: Value, at uptime: Duration) -> Value {
        guard let pending else { return shown }
        if pending.over.contains(shown), uptime < pending.until { return pending.written }
        self.pending = nil
        return shown
    }

    /// Notes a write.
    mutating func note(_ written: Value, over shown: Value, at uptime: Duration) {
        pending = ([shown] + (pending.map { [$0.written] } ?? []), written, uptime + Self.patience)
    }
}
