/// One firing of a schedule.
struct CronFiring: Equatable, Comparable {
    /// When it happens, in seconds since 1970-01-01T00:00:00Z.
    let instant: Int

    /// How far the scheduled local time lies before the local time at `instant`: 0, or negative in seconds if the
    /// scheduled time was skipped and moved to the end of the gap.
    ///
    /// It keeps the order of events that one gap has pushed onto the same instant.
    let lag: Int

    /// Orders firings by time, and those that a gap has pushed together by the times they were scheduled for.
    static func < (lhs: CronFiring, rhs: CronFiring) -> Bool {
        (lhs.instant, lhs.lag) < (rhs.instant, rhs.lag)
    }
}
