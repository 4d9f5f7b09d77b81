import KubeModel
import Testing

@testable import Manifests

@Suite struct YAMLScalarTests {
    @Test(
        arguments: [
            ("", .null), ("~", .null), ("null", .null), ("NULL", .null), ("nUll", "nUll"),
            ("yes", true), ("on", true), ("y", true), ("True", true), ("tRue", "tRue"),
            ("no", false), ("off", false), ("N", false), ("FALSE", false),
            ("0", 0), ("-0", 0), ("5", 5), ("+5", 5), ("-5", -5), ("1_000", 1000),
            ("010", 8), ("0o10", 8), ("0o7", 7), ("0x1F", 31), ("-0x1f", -31), ("0b101", 5), ("-0b11", -3),
            ("08", 8), ("0o8", "0o8"), ("0x", "0x"), ("0x+5", "0x+5"), ("--5", "--5"), ("+", "+"), ("-", "-"),
            ("9223372036854775807", 9_223_372_036_854_775_807), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            ("123456789012345678901", .number(1.2345678901234568e20)),
            ("1.5", 1.5), ("-.5", -0.5), (".5", 0.5), ("1.", 1), ("5.0", 5), ("1e3", 1000), ("1.5e-3", 0.0015),
            ("1e999", "1e999"), (".", "."), ("1e", "1e"), ("1.2.3", "1.2.3"), ("10.0.0.0/8", "10.0.0.0/8"),
            ("2026-03-27", "2026-03-27"), ("2026-03-27T07:59:59Z", "2026-03-27T07:59:59Z"), ("12:30:45", "12:30:45"),
            ("00,15,30,45 * * * *", "00,15,30,45 * * * *"), ("Infinity", "Infinity"), ("nan", "nan"), ("<<", "<<"),
        ] as [(String, JSONValue)]
    )
    func `unquoted texts are typed as kubectl types them`(text: String, value: JSONValue) {
        #expect(YAMLScalar.value(of: text) == value)
    }

    @Test(arguments: [".nan", ".NaN", ".inf", "-.inf", "+.Inf"])
    func `JSON cannot say some numbers`(text: String) {
        #expect(YAMLScalar.value(of: text) == nil)
    }

    @Test(
        arguments: [
            ("name", "name"), ("on", "true"), ("1", "1"), ("0x10", "16"), ("1.5", "1.5"), ("~", nil), (".inf", nil),
        ] as [(String, String?)]
    )
    func `keys become texts`(text: String, key: String?) {
        #expect(YAMLScalar.key(text) == key)
    }
}
