/// When an object is polled next: at its tick, or earlier when somebody wishes.
///
/// Pure; the caller brings the uptime. A wish that comes while a poll runs is not forgotten at its end: what the poll has
/// read may be older than what the wish is about.
struct PollTimes: Sendable {
    /// Between the beginnings of two polls of which pushes want the second, at least.
    ///
    /// A source may push as often as it likes: it makes no more polls than one a second.
    static let shortestRest = Duration.seconds(1)

    /// When the next poll is due; zero before the first one.
    private(set) var due = Duration.zero
    /// When the last poll began.
    private var began: Duration?
    /// The earliest wish since then.
    private var wish: Duration?
    /// The triggers that have pushed since then, by their places.
    private var pushed: Set<Int> = []

    /// A poll begins.
    ///
    /// - Returns: the triggers that have pushed, whose sources are to be read anew.
    mutating func begin(at now: Duration) -> Set<Int> {
        (began, wish) = (now, nil)
        defer { pushed = [] }
        return pushed
    }

    /// A poll has read the sources; the next one is due at its tick, unless somebody has wished for an earlier one.
    mutating func end(next tick: Duration) {
        due = min(tick, wish ?? tick)
    }

    /// A poll is wished for at a moment.
    mutating func hasten(to moment: Duration) {
        due = min(due, moment)
        wish = min(wish ?? moment, moment)
    }

    /// A trigger pushes.
    ///
    /// - Returns: how long until the object is to be polled; `nil` where that has been said since the last poll began.
    mutating func push(by trigger: Int, at now: Duration) -> Duration? {
        let moment = max(now, began.map { $0 + Self.shortestRest } ?? now)
        hasten(to: moment)
        return pushed.insert(trigger).inserted ? moment - now : nil
    }
}
