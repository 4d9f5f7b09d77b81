/// The search on the wall clock, in which every day has 24 hours and no zone exists.
///
/// A local time is a count of seconds since 1970-01-01 00:00 as the wall clock shows it. Whole months, then days, then
/// minutes are skipped with bit operations.
extension CronExpression {
    /// How many months without a matching day prove that there is none.
    ///
    /// The rarest day that can be asked for is February 29th, at most eight years away (2096 to 2104); a schedule that is
    /// restricted by weekday fires every week of its months.
    private static let monthsToSearch = 97

    /// Whether there is no such day, as in `0 0 30 2 *`.
    public var neverFires: Bool { firstDay(atOrAfter: 0) == nil }

    /// The earliest matching local time that is not before the given one, or nil if the schedule never fires.
    ///
    /// - Complexity: one step for each month without a matching day, at most 97.
    func firstLocalTime(atOrAfter seconds: Int) -> Int? {
        let minute = (seconds + 59).flooredQuotient(by: 60)
        let day = minute.flooredQuotient(by: 1440)
        guard let found = firstDay(atOrAfter: day) else { return nil }
        if found == day, let time = firstTime(atOrAfter: minute - day * 1440) { return (day * 1440 + time) * 60 }
        guard let next = found == day ? firstDay(atOrAfter: day + 1) : found else { return nil }
        return firstTime(atOrAfter: 0).map { (next * 1440 + $0) * 60 }
    }

    /// The latest matching local time that is not after the given one, or nil if the schedule never fires.
    ///
    /// - Complexity: as `firstLocalTime(atOrAfter:)`.
    func lastLocalTime(atOrBefore seconds: Int) -> Int? {
        let minute = seconds.flooredQuotient(by: 60)
        let day = minute.flooredQuotient(by: 1440)
        guard let found = lastDay(atOrBefore: day) else { return nil }
        if found == day, let time = lastTime(atOrBefore: minute - day * 1440) { return (day * 1440 + time) * 60 }
        guard let previous = found == day ? lastDay(atOrBefore: day - 1) : found else { return nil }
        return lastTime(atOrBefore: 1439).map { (previous * 1440 + $0) * 60 }
    }

    /// The earliest matching minute of the day (0 to 1439) that is not before the given one.
    private func firstTime(atOrAfter minute: Int) -> Int? {
        let hour = minute / 60
        if hours.contains(hour), let found = minutes.first(atOrAfter: minute % 60) { return hour * 60 + found }
        guard let next = hours.first(atOrAfter: hour + 1) else { return nil }
        return minutes.first(atOrAfter: 0).map { next * 60 + $0 }
    }

    /// The latest matching minute of the day (0 to 1439) that is not after the given one.
    private func lastTime(atOrBefore minute: Int) -> Int? {
        let hour = minute / 60
        if hours.contains(hour), let found = minutes.last(atOrBefore: minute % 60) { return hour * 60 + found }
        guard hour > 0, let previous = hours.last(atOrBefore: hour - 1) else { return nil }
        return minutes.last(atOrBefore: 59).map { previous * 60 + $0 }
    }

    /// The earliest matching day that is not before the given one, in days since 1970-01-01.
    private func firstDay(atOrAfter day: Int) -> Int? {
        var date = CivilDate(daysSince1970: day)
        for _ in 0..<Self.monthsToSearch {
            if months.contains(date.month), let found = days(of: date).first(atOrAfter: date.day) {
                return CivilDate(year: date.year, month: date.month, day: found).daysSince1970
            }
            date.advanceToNextMonth()
        }
        return nil
    }

    /// The latest matching day that is not after the given one, in days since 1970-01-01.
    private func lastDay(atOrBefore day: Int) -> Int? {
        var date = CivilDate(daysSince1970: day)
        for _ in 0..<Self.monthsToSearch {
            if months.contains(date.month), let found = days(of: date).last(atOrBefore: date.day) {
                return CivilDate(year: date.year, month: date.month, day: found).daysSince1970
            }
            date.retreatToPreviousMonth()
        }
        return nil
    }

    /// The days of a date's month on which the schedule fires, by the rule for its two day fields.
    private func days(of date: CivilDate) -> CronFieldSet {
        let existing: UInt64 = (1 << UInt64(date.daysInMonth + 1)) - 2
        let first = UInt64(date.weekdayOfFirst)
        // Seven bits that begin with the weekday of the 1st, repeated over five weeks, moved so that bit 1 is the 1st.
        let week = (daysOfWeek.bits >> first | daysOfWeek.bits << (7 - first)) & 0x7F
        let byWeekday = (week | week << 7 | week << 14 | week << 21 | week << 28) << 1
        let needsBoth = daysOfMonth.hasStar || daysOfWeek.hasStar
        let admitted = needsBoth ? daysOfMonth.bits & byWeekday : daysOfMonth.bits | byWeekday
        return CronFieldSet(bits: admitted & existing)
    }
}
