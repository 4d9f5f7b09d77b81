public import Foundation

/// The clocks, handed in so that tests can turn them by hand; TestKit's `ManualClock` makes one.
public struct TimeSource: Sendable {
    /// The wall clock.
    ///
    /// One tick of work reads it once.
    public let now: @Sendable () -> Date
    /// Time since some fixed moment of this process; never runs backwards, and goes on while the process, or the
    /// machine, is suspended: leadership is counted by it.
    public let uptime: @Sendable () -> Duration
    /// Waits so long by ``uptime``; throws `CancellationError` when the task is cancelled.
    public let sleep: @Sendable (Duration) async throws -> Void

    /// Makes a source from its three clocks.
    public init(
        now: @escaping @Sendable () -> Date,
        uptime: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.uptime = uptime
        self.sleep = sleep
    }

    /// The machine's own clocks.
    public static var system: TimeSource {
        let start = ContinuousClock.now
        return TimeSource(
            now: { Date() },
            uptime: { ContinuousClock.now - start },
            sleep: { try await Task.sleep(for: $0, clock: .continuous) }
        )
    }
}
