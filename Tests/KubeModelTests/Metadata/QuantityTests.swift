import Foundation
import KubeModel
import Testing

@Suite struct QuantityTests {
    @Test(arguments: [
        ("0", 0, "0"),
        ("4", 4_000_000_000, "4"),
        ("-4", -4_000_000_000, "-4"),
        ("+4", 4_000_000_000, "4"),
        ("250m", 250_000_000, "250m"),
        ("0.25", 250_000_000, "250m"),
        (".5", 500_000_000, "500m"),
        ("5.", 5_000_000_000, "5"),
        ("1500", 1_500_000_000_000, "1500"),
        ("1000", 1_000_000_000_000, "1k"),
        ("1k", 1_000_000_000_000, "1k"),
        ("1Ki", 1_024_000_000_000, "1024"),
        ("1.5Gi", 1_610_612_736_000_000_000, "1610612736"),
        ("2Mi", 2_097_152_000_000_000, "2097152"),
        ("1e3", 1_000_000_000_000, "1k"),
        ("1E3", 1_000_000_000_000, "1k"),
        ("1E", 1_000_000_000_000_000_000_000_000_000, "1E"),
        ("12e-3", 12_000_000, "12m"),
        ("100n", 100, "100n"),
        ("7u", 7_000, "7u"),
        ("0.0000000001", 1, "1n"),  // finer than a billionth: away from zero
        ("-0.0000000001", -1, "-1n"),
        ("0.1n", 1, "1n"),
        ("00012", 12_000_000_000, "12"),
    ])
    func `a text is read exactly and written in its canonical form`(text: String, nanos: Int128, canonical: String)
        throws
    {
        let quantity = try #require(Quantity(parsing: text))
        #expect(quantity.nanos == nanos)
        #expect(quantity.description == canonical)
        #expect(Quantity(parsing: canonical) == quantity)
    }

    @Test(arguments: [
        "", "-", "+", ".", "m", "k", "1K", "1ki", "1 Gi", " 1", "1 ", "--1", "1.2.3", "1e", "1e1.5", "1mm", "NaN",
        "Inf", "0x10",
        "1e99", "1_000", "٣", "1Zi", "99999999999999999999999999999999999999999",
    ])
    func `anything else is refused`(text: String) {
        #expect(Quantity(parsing: text) == nil)
    }

    @Test(arguments: [
        ("1m", 1, 1), ("1u", 1, 1), ("1001m", 1001, 2), ("-1001m", -1001, -1), ("10E", Int64.max, Int64.max),
    ])
    func `thousandths and units are rounded up and held within 64 bits`(text: String, milli: Int64, value: Int64) throws
    {
        let quantity = try #require(Quantity(parsing: text))
        #expect(quantity.milli == milli)
        #expect(quantity.value == value)
    }

    @Test(arguments: [
        (1.0, "1"), (0.1, "100m"), (0.0004, "0"), (1.2345, "1234m"), (1.2355, "1236m"), (-3.0, "-3"), (1e6, "1M"),
        (123_456_789.0, "123456789"),
    ])
    func `a measured number keeps three decimals`(value: Double, text: String) {
        #expect(Quantity(rounding: value)?.description == text)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e27])
    func `what is no number, or too large, is refused`(value: Double) {
        #expect(Quantity(rounding: value) == nil)
    }

    @Test(arguments: [(#""250m""#, "250m"), ("4", "4"), ("0.5", "500m"), (#""1e3""#, "1k")])
    func `JSON may hold a text or a bare number`(json: String, text: String) throws {
        let quantity: Quantity = try KubeJSON.decode(from: Array(json.utf8))
        #expect(quantity.description == text)
        #expect(try KubeJSON.encode(quantity) == Array("\"\(text)\"".utf8))
    }

    @Test(arguments: [#""much""#, "true", "null", "{}"])
    func `other JSON is refused`(json: String) {
        #expect(throws: DecodingError.self) { try KubeJSON.decode(Quantity.self, from: Array(json.utf8)) }
    }

    @Test func `equal values are equal however they are written`() throws {
        let forms = ["1", "1000m", "1e0", "0.001k", "1000000000n"].map { Quantity(parsing: $0) }
        #expect(Set(forms).count == 1)
        #expect(try #require(Quantity(parsing: "999m")) < #require(Quantity(parsing: "1")))
    }
}
