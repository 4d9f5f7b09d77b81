import Foundation
import Testing

@testable import Scaling

@Suite struct CronExpressionParsingTests {
    @Test(arguments: [
        ("*", CronField.minute, Array(0...59)),
        ("?", .hour, Array(0...23)),
        ("00,15,30,45", .minute, [0, 15, 30, 45]),
        ("5-9", .hour, [5, 6, 7, 8, 9]),
        ("*/20", .minute, [0, 20, 40]),
        ("10/20", .minute, [10, 30, 50]),
        ("10-40/15", .minute, [10, 25, 40]),
        ("?/6", .hour, [0, 6, 12, 18]),
        ("*/40", .dayOfMonth, [1]),
        ("*/5", .month, [1, 6, 11]),
        ("JAN,mar-May", .month, [1, 3, 4, 5]),
        ("sun,Wed-FRI,6", .dayOfWeek, [0, 3, 4, 5, 6]),
        ("mon/2", .dayOfWeek, [1, 3, 5]),
        ("1,,2,", .minute, [1, 2]),
        ("3,1-4,2", .hour, [1, 2, 3, 4]),
        ("5/7", .dayOfWeek, [5]),
        ("007", .hour, [7]),
    ])
    func `a field admits exactly these values`(text: String, field: CronField, expected: [Int]) throws {
        let values = try CronFieldParser(field: field).parse(text[...])
        #expect((0...63).filter(values.contains) == expected)
    }

    @Test(arguments: [
        ("*", true), ("?", true), ("*/1", true), ("*/2", false), ("1-31", false), ("5,*", true), ("5,*/3", false),
    ])
    func `only an unstepped star is unrestricted`(text: String, expected: Bool) throws {
        #expect(try CronFieldParser(field: .dayOfMonth).parse(text[...]).hasStar == expected)
    }

    @Test(arguments: [
        ("60 * * * *", CronError.Code.outOfRange, CronField.minute),
        ("* 24 * * *", .outOfRange, .hour),
        ("* * 0 * *", .outOfRange, .dayOfMonth),
        ("* * 32 * *", .outOfRange, .dayOfMonth),
        ("* * * 13 *", .outOfRange, .month),
        ("* * * * 7", .outOfRange, .dayOfWeek),
        ("* * * * 5-7", .outOfRange, .dayOfWeek),
        ("70-65 * * * *", .outOfRange, .minute),
        ("* 22-2 * * *", .wrappedRange, .hour),
        ("* * * nov-feb *", .wrappedRange, .month),
        ("*/0 * * * *", .badStep, .minute),
        ("*/-1 * * * *", .badStep, .minute),
        ("*/ * * * *", .badStep, .minute),
        ("*/x * * * *", .badStep, .minute),
        ("1/2/3 * * * *", .malformed, .minute),
        ("1-2-3 * * * *", .malformed, .minute),
        (", * * * *", .malformed, .minute),
        ("a * * * *", .notAValue, .minute),
        ("-5 * * * *", .notAValue, .minute),
        ("*-5 * * * *", .notAValue, .minute),
        ("1.5 * * * *", .notAValue, .minute),
        ("** * * * *", .notAValue, .minute),
        ("99999999999999999999 * * * *", .notAValue, .minute),
        ("* mon * * *", .notAValue, .hour),
        ("* * L * *", .notAValue, .dayOfMonth),
        ("* * * * 5#2", .notAValue, .dayOfWeek),
        ("\u{0663} * * * *", .notAValue, .minute),
    ])
    func `a bad field is refused by name`(text: String, code: CronError.Code, field: CronField) {
        let error = #expect(throws: CronError.self) { try CronExpression(text) }
        #expect(error?.code == code)
        #expect(error?.field == field)
    }

    @Test(arguments: [
        ("", CronError.Code.fieldCount), ("*", .fieldCount), ("* * * *", .fieldCount), ("0 * * * * *", .fieldCount),
        ("@daily", .shorthand), ("@every 1h", .shorthand), ("TZ=UTC @daily", .shorthand), ("TZ=UTC", .fieldCount),
        ("TZ=Mars/Olympus * * * * *", .timeZone), ("CRON_TZ=PST 0 0 * * *", .timeZone),
    ])
    func `what is not five fields is refused`(text: String, code: CronError.Code) {
        #expect(throws: CronError.self) { try CronExpression(text) }
        let error = #expect(throws: CronError.self) { try CronExpression(text) }
        #expect(error?.code == code)
    }

    @Test(arguments: [
        (
            "@daily",
            #""@daily" is a shorthand; allowed: five fields: minute hour day-of-month month day-of-week; try "0 0 * * *""#
        ),
        (
            "0 30 9 * * 1-5",
            #""0 30 9 * * 1-5" has 6 fields; allowed: five fields: minute hour day-of-month month day-of-week; "#
                + #"try without seconds: "30 9 * * 1-5""#
        ),
        (
            "0 9 * * 7",
            #"day of week "7" is above the maximum 6; allowed: 0-6 or sun-sat, *, lists, ranges, steps; try "0" for Sunday"#
        ),
        (
            "0 9 * * 1-7",
            #"day of week "1-7" is above the maximum 6; allowed: 0-6 or sun-sat, *, lists, ranges, steps; "#
                + #"try "1-6,0" (Sunday is 0)"#
        ),
        (
            "0 22-2 * * *",
            #"hour "22-2" ends before it begins; allowed: 0-23, *, lists, ranges, steps; try "22-23,0-2""#
        ),
        (
            "0 9 * * Sunday",
            #"day of week "Sunday" is not a value of this field; allowed: 0-6 or sun-sat, *, lists, ranges, steps; try "sun""#
        ),
    ])
    func `errors say what is wrong, what is allowed and what to try`(text: String, message: String) {
        let error = #expect(throws: CronError.self) { try CronExpression(text) }
        #expect(error?.description == message)
    }

    @Test func `what an error suggests is accepted`() throws {
        for text in ["30 9 * * 1-5", "0 22-23,0-2 * * *", "0 9 * * 1-6,0", "0 9 * * sun", "0 0 * * *"] {
            #expect(try CronExpression(text).text == text)
        }
    }

    @Test func `a long text is cut in the error and parsed in linear time`() {
        let error = #expect(throws: CronError.self) {
            try CronExpression(String(repeating: "9", count: 1_000_000) + " * * * *")
        }
        #expect(error?.offending.count == 60)
    }

    @Test(arguments: [
        ("TZ=Asia/Seoul 0 9 * * *", "Asia/Seoul"), ("CRON_TZ=America/New_York  0 9 * * *", "America/New_York"),
        ("  TZ=UTC 0 9 * * *", "UTC"),
    ])
    func `a prefix gives the expression a zone of its own`(text: String, zone: String) throws {
        #expect(try CronExpression(text).zone?.name == zone)
        #expect(try CronExpression("\t0  9 * *   *").zone == nil)
    }
}

@Suite struct CronZoneTests {
    @Test(arguments: [
        "UTC", "", "Local", "Europe/Madrid", "US/Eastern", "Asia/Calcutta", "Etc/GMT+5", "EST5EDT", "Zulu",
    ])
    func `names that KEDA takes are known`(name: String) throws {
        #expect(try CronZone(name).name == name)
    }

    @Test(arguments: [
        ("europe/madrid", #"; try "Europe/Madrid""#), ("Madrid", #"; try "Europe/Madrid""#),
        ("New York", #"; try "America/New_York""#),
        ("PST", #"; try "America/Los_Angeles""#), ("GMT+5", ""), ("UTC+3", ""), ("+03:00", ""), ("../etc/passwd", ""),
        ("Mars/Olympus", ""), ("Europe/Madrid ", ""),
    ])
    func `other names are refused with the zone that was meant`(name: String, suggestion: String) {
        let error = #expect(throws: CronError.self) { try CronZone(name) }
        #expect(
            error?.description
                == "\"\(name)\" is not a known time zone; allowed: IANA names such as \"Europe/Madrid\", or \"UTC\"\(suggestion)"
        )
    }
}
