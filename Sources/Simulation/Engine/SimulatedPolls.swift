/// When the operator polls: at its ticks, and when a trigger pushes.
struct SimulatedPolls {
    /// Seconds between the beginnings of two polls of which a push wants the second.
    private static let shortestRest = 1.0

    /// The first tick, in seconds since 1970.
    private let start: Double
    /// Seconds between two ticks.
    private let interval: Double
    /// When triggers push, rising.
    private let pushes: [Double]
    /// How many ticks have been.
    private var ticks = 0.0
    /// How many pushes no poll needs to follow any more.
    private var heard = 0
    /// When the last poll was.
    private var last = -Double.infinity

    /// Nothing is polled yet; what is pushed before the start is found by the first poll.
    init(from start: Double, every interval: Double, pushes: [Double]) {
        self.start = start
        self.interval = interval
        self.pushes = pushes.sorted()
    }

    /// The next tick.
    private var tick: Double { start + ticks * interval }

    /// When the next push has the operator poll.
    private var push: Double {
        heard < pushes.count ? max(pushes[heard], last + Self.shortestRest, start) : .infinity
    }

    /// When the next poll is.
    var next: Double { min(tick, push) }

    /// The next poll is done.
    mutating func done() {
        last = next
        if tick == last { ticks += 1 }
        while heard < pushes.count, pushes[heard] <= last { heard += 1 }
    }
}
