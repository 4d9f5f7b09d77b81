import Foundation
import Testing

@testable import Scaling

@Suite struct CronWindowTests {
    /// A window and what it must answer.
    struct Case: Sendable, CustomTestStringConvertible {
        let start: String
        let end: String
        let zone: String
        let answers: [(String, Bool)]
        var testDescription: String { "\(start) to \(end) in \(zone)" }

        init(_ start: String, _ end: String, _ zone: String, _ answers: [(String, Bool)]) {
            (self.start, self.end, self.zone, self.answers) = (start, end, zone, answers)
        }
    }

    static let cases = [
        Case(
            "0 9 * * 1-5",
            "0 18 * * 1-5",
            "Europe/Madrid",
            [
                ("2026-03-27T07:59:59Z", false), ("2026-03-27T08:00:00Z", true), ("2026-03-27T16:59:59Z", true),
                ("2026-03-27T17:00:00Z", false), ("2026-03-28T10:00:00Z", false),
                ("2026-03-30T06:59:59Z", false), ("2026-03-30T07:00:00Z", true),  // the clocks moved on the 29th
            ]
        ),
        // The sample of an early user.
        Case(
            "00,15,30,45 * * * *",
            "05,20,35,50 * * * *",
            "Asia/Seoul",
            [
                ("2026-06-05T08:59:59Z", false), ("2026-06-05T09:00:00Z", true), ("2026-06-05T09:04:59Z", true),
                ("2026-06-05T09:05:00Z", false), ("2026-06-05T09:14:59Z", false), ("2026-06-05T09:15:00Z", true),
                ("2026-12-31T14:59:59Z", false), ("2026-12-31T15:00:00Z", true), ("2026-12-31T15:05:00Z", false),
            ]
        ),
        // Over midnight, and over a year's end.
        Case(
            "0 22 * * *",
            "0 6 * * *",
            "Asia/Kolkata",
            [
                ("2026-12-31T16:29:59Z", false), ("2026-12-31T16:30:00Z", true), ("2026-12-31T18:30:00Z", true),
                ("2027-01-01T00:29:59Z", true), ("2027-01-01T00:30:00Z", false),
            ]
        ),
        Case(
            "0 0 20 12 *",
            "0 0 7 1 *",
            "America/New_York",
            [
                ("2026-12-20T04:59:59Z", false), ("2026-12-20T05:00:00Z", true), ("2027-01-01T00:00:00Z", true),
                ("2027-01-07T05:00:00Z", false), ("2026-06-05T00:00:00Z", false),
            ]
        ),
        // Leap days only: four years apart, then eight.
        Case(
            "0 0 29 2 *",
            "0 0 1 3 *",
            "UTC",
            [
                ("2024-02-29T12:00:00Z", true), ("2024-03-01T00:00:00Z", false), ("2025-03-01T12:00:00Z", false),
                ("2100-02-28T23:59:59Z", false), ("2104-02-29T00:00:00Z", true),
            ]
        ),
        // Several starts before one end, several ends after one start (KEDA gets both wrong).
        Case(
            "0 8,9,10 * * *",
            "0 20 * * *",
            "UTC",
            [
                ("2026-06-05T07:59:59Z", false), ("2026-06-05T08:00:00Z", true), ("2026-06-05T09:30:00Z", true),
                ("2026-06-05T19:59:59Z", true), ("2026-06-05T20:00:00Z", false),
            ]
        ),
        Case(
            "0 8 * * *",
            "0 18,20 * * *",
            "UTC",
            [
                ("2026-06-05T17:59:59Z", true), ("2026-06-05T18:00:00Z", false), ("2026-06-05T19:00:00Z", false),
                ("2026-06-05T20:00:00Z", false), ("2026-06-06T08:00:00Z", true),
            ]
        ),
        // An end that coincides with a start wins, until the next start.
        Case(
            "0 * * * *",
            "0 20 * * *",
            "UTC",
            [
                ("2026-06-05T19:59:59Z", true), ("2026-06-05T20:00:00Z", false), ("2026-06-05T20:59:59Z", false),
                ("2026-06-05T21:00:00Z", true),
            ]
        ),
        Case(
            "*/5 * * * *",
            "0-59/5 * * * *",
            "UTC",
            [("2026-06-05T19:59:59Z", false), ("2026-06-05T20:00:00Z", false)]
        ),
        // Never.
        Case("0 0 30 2 *", "0 8 * * *", "Europe/Madrid", [("2026-06-05T00:00:00Z", false)]),
        Case("0 8 * * *", "0 0 30 2 *", "Europe/Madrid", [("2026-06-05T00:00:00Z", true)]),
        // Zones of their own.
        Case(
            "TZ=Asia/Seoul 0 9 * * *",
            "TZ=Europe/Madrid 0 18 * * *",
            "UTC",
            [
                ("2026-06-04T23:59:59Z", false), ("2026-06-05T00:00:00Z", true), ("2026-06-05T15:59:59Z", true),
                ("2026-06-05T16:00:00Z", false),
            ]
        ),
    ]

    static let clockChanges = [
        // Spring forward: 02:30 opens at 03:00; a window wholly inside the gap does not open.
        Case(
            "30 2 * * *",
            "30 3 * * *",
            "America/New_York",
            [
                ("2026-03-08T06:59:59Z", false), ("2026-03-08T07:00:00Z", true), ("2026-03-08T07:30:00Z", false),
            ]
        ),
        Case(
            "15 2 * * *",
            "45 2 * * *",
            "America/New_York",
            [
                ("2026-03-08T06:59:59Z", false), ("2026-03-08T07:00:00Z", false), ("2026-03-08T08:00:00Z", false),
                ("2026-03-09T06:15:00Z", true),
            ]
        ),
        Case(
            "30 2 * * *",
            "0 3 * * *",
            "Europe/Madrid",
            [
                ("2026-03-29T01:00:00Z", false), ("2026-03-29T02:00:00Z", false), ("2026-03-30T00:30:00Z", true),
            ]
        ),
        // Closed from 02:30 to 03:00 every night; that night the pause falls into the gap.
        Case(
            "0 3 * * *",
            "30 2 * * *",
            "Europe/Madrid",
            [
                ("2026-03-29T00:59:59Z", true), ("2026-03-29T01:00:00Z", true), ("2026-03-29T12:00:00Z", true),
                ("2026-03-30T00:30:00Z", false), ("2026-03-30T01:00:00Z", true),
            ]
        ),
        Case(
            "45 2 * * *",
            "15 2 * * *",
            "Europe/Madrid",
            [
                ("2026-03-29T00:59:59Z", true), ("2026-03-29T01:00:00Z", true), ("2026-03-30T00:15:00Z", false),
            ]
        ),
        // Fall back: the first 01:30 opens, the first 01:30 closes.
        Case(
            "30 1 * * *",
            "30 2 * * *",
            "America/New_York",
            [
                ("2026-11-01T05:29:59Z", false), ("2026-11-01T05:30:00Z", true), ("2026-11-01T06:29:59Z", true),
                ("2026-11-01T07:29:59Z", true), ("2026-11-01T07:30:00Z", false),
            ]
        ),
        Case(
            "30 0 * * *",
            "30 1 * * *",
            "America/New_York",
            [
                ("2026-11-01T04:30:00Z", true), ("2026-11-01T05:30:00Z", false), ("2026-11-01T06:15:00Z", false),
                ("2026-11-01T06:45:00Z", false),
            ]
        ),
        Case(
            "15 1 * * *",
            "45 1 * * *",
            "America/New_York",
            [
                ("2026-11-01T05:15:00Z", true), ("2026-11-01T05:45:00Z", false), ("2026-11-01T06:30:00Z", false),
            ]
        ),
        // Every hour: the pattern goes on through skipped and repeated hours.
        Case(
            "0,30 * * * *",
            "10,40 * * * *",
            "Europe/Madrid",
            [
                ("2026-10-25T00:30:00Z", true), ("2026-10-25T00:40:00Z", false), ("2026-10-25T01:00:00Z", true),
                ("2026-10-25T01:10:00Z", false), ("2026-10-25T01:30:00Z", true), ("2026-03-29T01:00:00Z", true),
                ("2026-03-29T01:10:00Z", false),
            ]
        ),
        Case(
            "0 * * * *",
            "30 * * * *",
            "Europe/Madrid",
            [
                ("2026-03-29T00:59:59Z", false), ("2026-03-29T01:00:00Z", true), ("2026-03-29T01:30:00Z", false),
            ]
        ),
        Case(
            "0 0 * * *",
            "30 0 * * *",
            "America/Santiago",
            [
                ("2026-09-06T03:59:59Z", false), ("2026-09-06T04:00:00Z", false), ("2026-09-07T03:00:00Z", true),
            ]
        ),
        Case(
            "0 0 * * *",
            "0 6 * * *",
            "Asia/Beirut",
            [
                ("2026-03-28T21:59:59Z", false), ("2026-03-28T22:00:00Z", true), ("2026-03-29T02:59:59Z", true),
                ("2026-03-29T03:00:00Z", false),
            ]
        ),
        Case(
            "45 1 * * *",
            "15 2 * * *",
            "Australia/Lord_Howe",
            [
                ("2026-04-04T14:44:59Z", false), ("2026-04-04T14:45:00Z", true), ("2026-04-04T15:44:59Z", true),
                ("2026-04-04T15:45:00Z", false),
            ]
        ),
        // The whole of Friday, December 30th 2011 was skipped: a window of that day does not open, a longer one does.
        Case(
            "0 9 * * 5",
            "0 17 * * 5",
            "Pacific/Apia",
            [
                ("2011-12-30T09:59:59Z", false), ("2011-12-30T10:00:00Z", false), ("2011-12-30T20:00:00Z", false),
            ]
        ),
        Case(
            "0 9 * * 5",
            "0 17 * * 6",
            "Pacific/Apia",
            [
                ("2011-12-30T09:59:59Z", false), ("2011-12-30T10:00:00Z", true), ("2011-12-31T02:59:59Z", true),
                ("2011-12-31T03:00:00Z", false),
            ]
        ),
    ]

    @Test(arguments: cases)
    func `is open from a start up to, but not including, the next end`(window: Case) throws {
        try verify(window)
    }

    @Test(arguments: clockChanges)
    func `behaves as its users expect when the clocks change`(window: Case) throws {
        try verify(window)
    }

    /// Checks the answers at each instant, and that each transition found is one and is the next.
    private func verify(_ expected: Case) throws {
        let window = try CronWindow(opens: expected.start, closes: expected.end, in: expected.zone)
        for (text, isOpen) in expected.answers {
            let date = try instant(text)
            #expect(window.isOpen(at: date) == isOpen, "\(text)")
            guard let transition = window.nextTransition(after: date) else { continue }
            #expect(transition.instant > date)
            #expect(transition.opens == !isOpen)
            #expect(window.isOpen(at: transition.instant) == transition.opens)
            #expect(window.isOpen(at: transition.instant.addingTimeInterval(-1)) == isOpen)
        }
    }

    @Test(arguments: [
        ("0 9 * * 1-5", "0 18 * * 1-5", "2026-03-27T17:00:00Z", "2026-03-30T07:00:00Z", true),
        ("0 9 * * 1-5", "0 18 * * 1-5", "2026-03-30T07:00:00Z", "2026-03-30T16:00:00Z", false),
        ("* * * * *", "0 0 1 1 *", "2026-06-05T00:00:00Z", "2026-12-31T23:00:00Z", false),
        ("* * * * *", "0-58 * * * *", "2026-06-05T00:00:00Z", "2026-06-05T00:59:00Z", true),
        ("15 2 * * *", "45 2 * * *", "2026-03-29T00:00:00Z", "2026-03-30T00:15:00Z", true),
        ("0 3 * * *", "30 2 * * *", "2026-03-29T00:00:00Z", "2026-03-30T00:30:00Z", false),
    ])
    func `the next transition skips what changes nothing`(
        start: String,
        end: String,
        from: String,
        to: String,
        opens: Bool
    ) throws {
        let window = try CronWindow(opens: start, closes: end, in: "Europe/Madrid")
        let expected = try CronWindow.Transition(instant: instant(to), opens: opens)
        #expect(try window.nextTransition(after: instant(from)) == expected)
    }

    @Test(arguments: [("0 0 30 2 *", "0 8 * * *"), ("0 8 * * *", "0 0 30 2 *"), ("* * * * *", "*/1 * * * *")])
    func `a window that never changes again has no next transition`(start: String, end: String) throws {
        let window = try CronWindow(opens: start, closes: end, in: "Europe/Madrid")
        #expect(try window.nextTransition(after: instant("2026-06-05T00:00:00Z")) == nil)
    }

    @Test func `equal start and end are refused`() {
        let error = #expect(throws: CronError.self) {
            try CronWindow(opens: "0 9 * * *", closes: "0 9 * * *", in: "UTC")
        }
        #expect(error?.code == .sameStartAndEnd)
    }

    @Test(arguments: [
        ("0 6 * * *", "0 20 * * *", "Asia/Kolkata", "cron-Asia/Kolkata-06xxx-020xxx"),
        (
            "00,15,30,45 * * * *", "05,20,35,50 * * * *", "Asia/Seoul",
            "cron-Asia/Seoul-00Cm15Cm30Cm45xxxx-05Cm20Cm35Cm50xxxx"
        ),
        ("*/5 ? 1-3 JAN *", "0 0/2 * * 1-5", "UTC", "cron-UTC-xSl5Qm1-3JANx-00Sl2xx1-5"),
    ])
    func `the slug spells the schedules as KEDA does`(start: String, end: String, zone: String, slug: String) throws {
        #expect(try CronWindow(opens: start, closes: end, in: zone).slug == slug)
    }
}
