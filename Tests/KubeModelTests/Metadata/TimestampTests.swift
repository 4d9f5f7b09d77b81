import Foundation
import KubeModel
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        ("2026-06-16T10:48:17Z", 1_781_606_897.0),
        ("2026-06-16T12:48:17+02:00", 1_781_606_897.0),
        ("2026-06-16T10:48:17.5Z", 1_781_606_897.5),
        ("2026-06-16T10:48:17.123456Z", 1_781_606_897.123456),
        ("2026-06-16T10:48:17.123456789Z", 1_781_606_897.123456),
        ("2026-06-16T05:18:17-05:30", 1_781_606_897.0),
        ("1970-01-01T00:00:00Z", 0.0),
        ("1969-12-31T23:59:59Z", -1.0),
    ])
    func `RFC 3339 is read with any offset and fraction`(text: String, seconds: Double) throws {
        let date = try #require(RFC3339.date(text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 1e-5)
    }

    @Test(arguments: [
        "", "now", "2026-06-16", "2026-06-16T10:48Z", "2026-13-16T10:48:17Z", "1781606897", "2026-06-16 10:48",
    ])
    func `anything else is no time`(text: String) {
        #expect(RFC3339.date(text) == nil)
    }

    @Test(arguments: [
        (1_781_606_897.0, "2026-06-16T10:48:17Z", "2026-06-16T10:48:17.000000Z"),
        (1_781_606_897.999_999, "2026-06-16T10:48:17Z", "2026-06-16T10:48:17.999999Z"),
        (1_781_606_897.000_007, "2026-06-16T10:48:17Z", "2026-06-16T10:48:17.000007Z"),
        (0.0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"),
        (-0.5, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.500000Z"),
    ])
    func `seconds are cut and six decimals are kept`(seconds: Double, whole: String, micro: String) throws {
        let date = Date(timeIntervalSince1970: seconds)
        #expect(RFC3339.seconds(date) == whole)
        #expect(RFC3339.microseconds(date) == micro)
    }

    @Test func `what was written with six decimals is written so again`() throws {
        var number: UInt64 = 88_172_645_463_325_252
        for _ in 0..<2_000 {
            // Xorshift: any spread of microseconds over the years will do.
            number ^= number << 13
            number ^= number >> 7
            number ^= number << 17
            let micros = Int64(number % 4_000_000_000_000_000)
            let text = RFC3339.microseconds(Date(timeIntervalSince1970: Double(micros) / 1e6))
            let again = RFC3339.microseconds(try #require(RFC3339.date(text)))
            #expect(again == text)
        }
    }

    @Test func `both kinds of time go through JSON`() throws {
        let text = Array(#""2026-06-16T10:48:17.250000Z""#.utf8)
        let micro: MicroTimestamp = try KubeJSON.decode(from: text)
        #expect(try KubeJSON.encode(micro) == text)
        let whole: Timestamp = try KubeJSON.decode(from: text)
        #expect(try KubeJSON.encode(whole) == Array(#""2026-06-16T10:48:17Z""#.utf8))
        #expect(throws: DecodingError.self) { try KubeJSON.decode(Timestamp.self, from: Array(#""soon""#.utf8)) }
    }
}
