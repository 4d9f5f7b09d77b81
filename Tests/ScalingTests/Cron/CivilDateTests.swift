import Foundation
import Testing

@testable import Scaling

@Suite struct CivilDateTests {
    @Test func `every day of 800 years follows the day before and comes back`() {
        var expected = CivilDate(year: 1599, month: 12, day: 31)
        for days in expected.daysSince1970...CivilDate(year: 2400, month: 1, day: 1).daysSince1970 {
            let date = CivilDate(daysSince1970: days)
            guard date == expected, date.daysSince1970 == days else {
                Issue.record("day \(days) became \(date), expected \(expected)")
                return
            }
            if expected.day < expected.daysInMonth { expected.day += 1 } else { expected.advanceToNextMonth() }
        }
    }

    @Test(arguments: [-100_000, -1, 0, 59, 10_957, 11_016, 20_513, 47_540, 2_000_000])
    func `dates and weekdays agree with Foundation`(days: Int) throws {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents(
            [.year, .month, .day],
            from: Date(timeIntervalSince1970: Double(days) * 86_400)
        )
        let date = CivilDate(daysSince1970: days)
        #expect(date.month == parts.month)
        #expect(date.day == parts.day)
        let first = Date(timeIntervalSince1970: Double(days - date.day + 1) * 86_400)
        #expect(date.weekdayOfFirst == calendar.component(.weekday, from: first) - 1)
    }

    @Test func `months are walked in both directions over the year's end`() {
        var date = CivilDate(year: 2026, month: 12, day: 20)
        date.advanceToNextMonth()
        #expect(date == CivilDate(year: 2027, month: 1, day: 1))
        date.retreatToPreviousMonth()
        #expect(date == CivilDate(year: 2026, month: 12, day: 31))
        date = CivilDate(year: 2028, month: 3, day: 1)
        date.retreatToPreviousMonth()
        #expect(date == CivilDate(year: 2028, month: 2, day: 29))
    }
}
