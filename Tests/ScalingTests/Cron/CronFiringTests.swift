import Foundation
import Testing

@testable import Scaling

/// When schedules fire, each table row a chain: from the first instant, `next` gives the others in turn.
@Suite struct CronFiringTests {
    /// Follows a chain forwards with `next`, then backwards with `previous`.
    private func verify(_ text: String, _ zone: String, _ instants: [String]) throws {
        let expression = try CronExpression(text)
        let timeZone = try CronZone(zone).timeZone
        let chain = try instants.map(instant)
        for (date, following) in zip(chain, chain.dropFirst()) {
            #expect(expression.next(after: date, in: timeZone) == following)
        }
        for (date, following) in zip(chain.dropFirst(), chain.dropFirst(2)) {
            #expect(expression.previous(atOrBefore: following.addingTimeInterval(-0.5), in: timeZone) == date)
            #expect(expression.previous(atOrBefore: following, in: timeZone) == following)
        }
    }

    @Test(arguments: [
        ("0 9 * * 1-5", ["2026-06-05T08:59:59Z", "2026-06-05T09:00:00Z", "2026-06-08T09:00:00Z"]),
        ("59 23 31 12 *", ["2026-12-31T23:59:00Z", "2027-12-31T23:59:00Z"]),
        ("0 0 1 1 *", ["2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"]),
        ("* * * * *", ["2026-12-31T23:59:30Z", "2027-01-01T00:00:00Z", "2027-01-01T00:01:00Z"]),
        ("0 0 29 2 *", ["2023-01-01T00:00:00Z", "2024-02-29T00:00:00Z", "2028-02-29T00:00:00Z"]),
        (
            "0 0 29 2 *",
            ["2096-02-28T00:00:00Z", "2096-02-29T00:00:00Z", "2104-02-29T00:00:00Z", "2108-02-29T00:00:00Z"]
        ),
        (
            "0 12 31 * *",
            ["2026-01-31T12:00:00Z", "2026-03-31T12:00:00Z", "2026-05-31T12:00:00Z", "2026-07-31T12:00:00Z"]
        ),
        // Day of month or day of week: the 13th, and every Friday.
        (
            "0 0 13 * 5",
            ["2026-03-01T00:00:00Z", "2026-03-06T00:00:00Z", "2026-03-13T00:00:00Z", "2026-03-20T00:00:00Z"]
        ),
        ("0 0 13 * 5", ["2026-04-10T00:00:00Z", "2026-04-13T00:00:00Z", "2026-04-17T00:00:00Z"]),
        // A stepped star restricts: odd days and every Monday (2026-06-08 is one).
        (
            "0 0 */2 * 1",
            ["2026-06-07T00:00:00Z", "2026-06-08T00:00:00Z", "2026-06-09T00:00:00Z", "2026-06-11T00:00:00Z"]
        ),
        // An unstepped one does not.
        ("0 0 * * 1", ["2026-06-07T00:00:00Z", "2026-06-08T00:00:00Z", "2026-06-15T00:00:00Z"]),
        ("0 0 */1 * 1", ["2026-06-07T00:00:00Z", "2026-06-08T00:00:00Z", "2026-06-15T00:00:00Z"]),
        ("0 0 15 * ?", ["2026-06-07T00:00:00Z", "2026-06-15T00:00:00Z", "2026-07-15T00:00:00Z"]),
        ("30 1,3 * feb sat", ["2026-02-28T01:30:00Z", "2026-02-28T03:30:00Z", "2027-02-06T01:30:00Z"]),
        // Before 1970.
        ("0 0 1 1 *", ["1899-12-31T23:59:59Z", "1900-01-01T00:00:00Z", "1901-01-01T00:00:00Z"]),
    ])
    func `in UTC the calendar is all there is`(text: String, chain: [String]) throws {
        try verify(text, "UTC", chain)
    }

    @Test(arguments: [
        (
            "00,15,30,45 * * * *", "Asia/Seoul",
            ["2026-06-05T08:59:59Z", "2026-06-05T09:00:00Z", "2026-06-05T09:15:00Z"]
        ),
        ("0 9 * * *", "Asia/Seoul", ["2026-06-05T00:00:00Z", "2026-06-06T00:00:00Z"]),
        ("0 6 * * *", "Asia/Kolkata", ["2026-06-05T00:00:00Z", "2026-06-05T00:30:00Z", "2026-06-06T00:30:00Z"]),
        ("0 * * * *", "Asia/Kolkata", ["2026-06-05T00:00:00Z", "2026-06-05T00:30:00Z", "2026-06-05T01:30:00Z"]),
        ("0 0 1 1 *", "Asia/Seoul", ["2026-06-05T00:00:00Z", "2026-12-31T15:00:00Z", "2027-12-31T15:00:00Z"]),
    ])
    func `in zones without daylight saving there is an offset`(text: String, zone: String, chain: [String]) throws {
        try verify(text, zone, chain)
    }

    @Test(arguments: [
        ("30 2 * * *", "Europe/Madrid", ["2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]),
        ("15,45 2 * * *", "Europe/Madrid", ["2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:15:00Z"]),
        ("30 2 29 3 *", "Europe/Madrid", ["2026-03-01T00:00:00Z", "2026-03-29T01:00:00Z", "2027-03-29T00:30:00Z"]),
        ("30 2 * * *", "America/New_York", ["2026-03-07T12:00:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"]),
        (
            "15 2 * * *", "Australia/Lord_Howe",
            ["2026-10-03T12:00:00Z", "2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"]
        ),
        // Days without a midnight.
        ("0 0 * * *", "America/Sao_Paulo", ["2018-11-03T12:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"]),
        ("0 0 * * *", "America/Santiago", ["2026-09-05T12:00:00Z", "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"]),
        ("0 0 * * 0", "Asia/Beirut", ["2026-03-28T12:00:00Z", "2026-03-28T22:00:00Z", "2026-04-04T21:00:00Z"]),
        ("0 0 24 4 *", "Africa/Cairo", ["2026-04-01T00:00:00Z", "2026-04-23T22:00:00Z", "2027-04-23T22:00:00Z"]),
        // A day that does not exist: Friday, December 30th 2011 was skipped.
        (
            "0 9 * * *", "Pacific/Apia",
            ["2011-12-29T12:00:00Z", "2011-12-29T19:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T19:00:00Z"]
        ),
        ("0 9 * * 5", "Pacific/Apia", ["2011-12-24T00:00:00Z", "2011-12-30T10:00:00Z", "2012-01-05T19:00:00Z"]),
        // Every hour: the wall clock goes on, nothing is made up for.
        ("30 * * * *", "Europe/Madrid", ["2026-03-29T00:00:00Z", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"]),
        ("*/30 * * * *", "Europe/Madrid", ["2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"]),
    ])
    func `a skipped time fires at the end of the gap`(text: String, zone: String, chain: [String]) throws {
        try verify(text, zone, chain)
    }

    @Test(arguments: [
        ("30 2 * * *", "Europe/Madrid", ["2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]),
        ("0 3 * * *", "Europe/Madrid", ["2026-10-24T12:00:00Z", "2026-10-25T02:00:00Z", "2026-10-26T02:00:00Z"]),
        ("30 1 * * *", "America/New_York", ["2026-10-31T12:00:00Z", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]),
        (
            "45 1 * * *", "Australia/Lord_Howe",
            ["2026-04-04T12:00:00Z", "2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"]
        ),
        ("30 23 * * *", "America/Sao_Paulo", ["2018-02-17T12:00:00Z", "2018-02-18T01:30:00Z", "2018-02-19T02:30:00Z"]),
        ("0 0 18 2 *", "America/Sao_Paulo", ["2018-02-17T12:00:00Z", "2018-02-18T03:00:00Z", "2019-02-18T03:00:00Z"]),
        // Every hour: both passes.
        (
            "*/30 * * * *", "Europe/Madrid",
            [
                "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z",
                "2026-10-25T02:00:00Z",
            ]
        ),
        (
            "45 * * * *", "Australia/Lord_Howe",
            ["2026-04-04T14:00:00Z", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z", "2026-04-04T16:15:00Z"]
        ),
        ("30 */2 * * *", "Europe/Madrid", ["2026-10-24T22:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T03:30:00Z"]),
    ])
    func `a repeated time fires once, or in each pass if every hour does`(text: String, zone: String, chain: [String])
        throws
    {
        try verify(text, zone, chain)
    }

    @Test func `an expression's own zone wins`() throws {
        let expression = try CronExpression("TZ=Asia/Seoul 0 9 * * *")
        let madrid = try CronZone("Europe/Madrid").timeZone
        #expect(
            try expression.next(after: instant("2026-06-05T12:00:00Z"), in: madrid) == instant("2026-06-06T00:00:00Z")
        )
    }

    @Test(arguments: ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "* * 30,31 feb ?"])
    func `a day that does not exist never comes and never was`(text: String) throws {
        let expression = try CronExpression(text)
        #expect(expression.neverFires)
        for zone in ["UTC", "Europe/Madrid"] {
            let timeZone = try CronZone(zone).timeZone
            #expect(try expression.next(after: instant("2026-06-05T12:00:00Z"), in: timeZone) == nil)
            #expect(try expression.previous(atOrBefore: instant("2026-06-05T12:00:00Z"), in: timeZone) == nil)
        }
    }

    @Test(arguments: [Double.infinity, -.infinity, .nan, 1e300, -1e300, 253_402_300_800, -62_135_596_801])
    func `instants outside the years 1 to 9999 have no answer`(seconds: Double) throws {
        let expression = try CronExpression("* * * * *")
        let date = Date(timeIntervalSince1970: seconds)
        #expect(expression.next(after: date, in: .gmt) == nil)
        #expect(expression.previous(atOrBefore: date, in: .gmt) == nil)
    }

    @Test func `the first and last years have answers`() throws {
        let madrid = try CronZone("Europe/Madrid").timeZone
        let expression = try CronExpression("0 0 1 1 *")
        for seconds in [-62_135_596_800.0, 253_402_300_799] {
            let date = Date(timeIntervalSince1970: seconds)
            #expect(try #require(expression.next(after: date, in: madrid)) > date)
        }
    }
}
