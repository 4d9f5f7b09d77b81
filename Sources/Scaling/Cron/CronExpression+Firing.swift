public import Foundation

/// When a schedule fires, on the clock of a zone that may jump.
///
/// The rule is Vixie cron's, which system administrators know:
/// - A schedule for **certain hours** follows the calendar: each scheduled local time happens once. It fires when the
///   wall clock first reaches that time. A time that spring-forward skips fires at the first instant after the gap (02:30
///   becomes 03:00), and a time that fall-back repeats fires at its first occurrence only.
/// - A schedule for **every hour** (all 24 in the hour field) follows the wall clock's minutes: it fires in both
///   passes of a repeated hour, and a skipped hour has no firings of its own.
///
/// KEDA skips the firing in the first case, losing a day, and repeats it in the second.
extension CronExpression {
    /// The instants at which questions are answered: the years 1 to 9999, outside of which every answer is nil.
    private static let knownTime = -62_135_596_800...253_402_300_799

    /// The first instant after the given one, strictly, at which the schedule fires.
    ///
    /// - Parameters:
    ///   - date: fractions of a second count; a firing at exactly this instant is not returned.
    ///   - zone: the zone of the fields, unless the expression brings its own.
    /// - Returns: nil if the schedule never fires. There is no horizon: a February 29th beyond 2100 is found too.
    /// - Complexity: about a microsecond, plus half a microsecond for each change of the clocks before the answer.
    public func next(after date: Date, in zone: TimeZone) -> Date? {
        guard let second = Self.wholeSecond(of: date) else { return nil }
        return firstFiring(after: second, in: zone).map { Date(timeIntervalSince1970: Double($0.instant)) }
    }

    /// The last instant, up to and including the given one, at which the schedule fired.
    ///
    /// - Parameters:
    ///   - date: a firing at exactly this instant is returned.
    ///   - zone: the zone of the fields, unless the expression brings its own.
    /// - Returns: nil if the schedule never fires.
    /// - Complexity: as `next(after:in:)`.
    public func previous(atOrBefore date: Date, in zone: TimeZone) -> Date? {
        guard let second = Self.wholeSecond(of: date) else { return nil }
        return lastFiring(atOrBefore: second, in: zone).map { Date(timeIntervalSince1970: Double($0.instant)) }
    }

    /// The second that an instant belongs to, or nil outside the years 1 to 9999.
    static func wholeSecond(of date: Date) -> Int? {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        guard seconds >= Double(knownTime.lowerBound), seconds <= Double(knownTime.upperBound) else { return nil }
        return Int(seconds)
    }

    /// The first firing after an instant.
    func firstFiring(after instant: Int, in zone: TimeZone) -> CronFiring? {
        guard !neverFires else { return nil }
        let clock = WallClock(zone: self.zone?.timeZone ?? zone)
        let from = instant + 1
        var stretch: WallClock.Stretch? = clock.stretch(
            around: from,
            reachingBackTo: from - WallClock.longestShift
        )
        while let current = stretch {
            if let firing = firstFiring(atOrAfter: from, in: current) { return firing }
            stretch = clock.stretch(after: current)
        }
        return nil
    }

    /// The last firing at or before an instant.
    func lastFiring(atOrBefore instant: Int, in zone: TimeZone) -> CronFiring? {
        let clock = WallClock(zone: self.zone?.timeZone ?? zone)
        var instant = instant
        while instant >= Self.knownTime.lowerBound {
            let offset = clock.offset(at: instant)
            guard let local = lastLocalTime(atOrBefore: instant + offset) else { return nil }
            // The firing for `local` happened after this, however the clocks were moved in between.
            let earliest = local - offset - WallClock.longestShift
            let stretch = clock.stretch(around: instant, reachingBackTo: earliest)
            if let firing = lastFiring(atOrBefore: instant, in: stretch) { return firing }
            instant = stretch.start - 1
        }
        return nil
    }

    /// The first firing at or after an instant that happens within a stretch.
    private func firstFiring(atOrAfter instant: Int, in stretch: WallClock.Stretch) -> CronFiring? {
        let opening = openingTime(of: stretch)
        let from = instant > stretch.start ? max(opening, instant + stretch.offset) : opening
        guard let local = firstLocalTime(atOrAfter: from) else { return nil }
        let firing = firing(for: local, in: stretch)
        if let end = stretch.end, firing.instant >= end { return nil }
        return firing
    }

    /// The last firing at or before an instant of a stretch that happens within that stretch.
    private func lastFiring(atOrBefore instant: Int, in stretch: WallClock.Stretch) -> CronFiring? {
        guard let local = lastLocalTime(atOrBefore: instant + stretch.offset) else { return nil }
        return local >= openingTime(of: stretch) ? firing(for: local, in: stretch) : nil
    }

    /// The first local time that belongs to a stretch.
    ///
    /// For certain hours, it is the time that the wall clock had reached before: after a skip the lost times still
    /// belong to the stretch, and after a step back the repeated ones do not.
    private func openingTime(of stretch: WallClock.Stretch) -> Int {
        let firesEveryHour = hours.covers(CronField.hour.range)
        return stretch.start + (firesEveryHour ? stretch.offset : stretch.offsetBefore)
    }

    /// The firing for a local time of a stretch; a skipped time fires when the stretch begins.
    private func firing(for local: Int, in stretch: WallClock.Stretch) -> CronFiring {
        let instant = max(stretch.start, local - stretch.offset)
        return CronFiring(instant: instant, lag: local - stretch.offset - instant)
    }
}
