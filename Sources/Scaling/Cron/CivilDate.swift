/// A date of the proleptic Gregorian calendar, without a zone.
///
/// Own arithmetic rather than Foundation's `Calendar`: a search visits many months, and `Calendar` is three orders of
/// magnitude slower per step.
///
/// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
struct CivilDate: Equatable {
    /// The year; 0 is 1 BC.
    var year: Int
    /// The month, 1 to 12.
    var month: Int
    /// The day of the month, 1 to 31.
    var day: Int

    /// Makes a date from its parts.
    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Makes the date that lies a number of days after 1970-01-01.
    init(daysSince1970 days: Int) {
        let shifted = days + 719_468  // days since 0000-03-01, so that a leap day ends its year
        let era = shifted.flooredQuotient(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        self.day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        self.month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        self.year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01, negative before.
    var daysSince1970: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear.flooredQuotient(by: 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The number of days in this date's month.
    var daysInMonth: Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The weekday of the month's first day, Sunday being 0.
    var weekdayOfFirst: Int {
        let days = CivilDate(year: year, month: month, day: 1).daysSince1970
        return days + 4 - (days + 4).flooredQuotient(by: 7) * 7  // 1970-01-01 was a Thursday
    }

    /// Moves to the first day of the next month.
    mutating func advanceToNextMonth() {
        (year, month, day) = month == 12 ? (year + 1, 1, 1) : (year, month + 1, 1)
    }

    /// Moves to the last day of the month before.
    mutating func retreatToPreviousMonth() {
        (year, month) = month == 1 ? (year - 1, 12) : (year, month - 1)
        day = daysInMonth
    }
}

extension Int {
    /// The quotient rounded towards negative infinity, where `/` rounds towards zero.
    func flooredQuotient(by divisor: Int) -> Int {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
