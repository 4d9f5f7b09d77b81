internal import KubeModel

/// What an unquoted text means in YAML, as kubectl reads it.
///
/// Octal is `010` as well as `0o10`, `yes` and `on` are truth values, dates stay texts, and a number whose fraction is
/// zero is a whole number, because it travels as JSON.
///
/// - Source: sigs.k8s.io/yaml, `goyaml.v2/resolve.go` and `yaml.go`.
enum YAMLScalar {
    /// The value; `nil` for not-a-number and infinity, which JSON has no way to say.
    static func value(of text: String) -> JSONValue? {
        switch text {
        case "", "~", "null", "Null", "NULL": .null
        case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": true
        case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": false
        case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF": nil
        default: number(text) ?? .string(text)
        }
    }

    /// The text of a key; `nil` for null, which is none.
    static func key(_ text: String) -> String? {
        switch value(of: text) {
        case .string(let text)?: text
        case .bool(let flag)?: String(flag)
        case .integer(let number)?: String(number)
        case .number(let number)?: String(number)
        case .null?, .array?, .object?, nil: nil
        }
    }

    /// A number, if the text is one.
    private static func number(_ text: String) -> JSONValue? {
        guard let first = text.utf8.first else { return nil }
        switch first {
        case UInt8(ascii: "."): return fraction(text)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"):
            let plain = text.utf8.contains(UInt8(ascii: "_")) ? text.filter { $0 != "_" } : text
            return whole(plain) ?? fraction(plain)
        default: return nil
        }
    }

    /// A whole number: decimal, or with one of the prefixes `0x`, `0o`, `0b` and `0`, which is octal.
    private static func whole(_ text: String) -> JSONValue? {
        let isNegative = text.hasPrefix("-")
        let unsigned = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
        let (digits, radix) = radix(of: unsigned)
        // Int64 would take another sign here.
        guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        if let value = Int64((isNegative ? "-" : "") + digits, radix: radix) { return .integer(value) }
        guard !isNegative, let value = UInt64(digits, radix: radix) else { return nil }
        return .number(Double(value))
    }

    /// The digits after a prefix, and what the prefix says of them.
    private static func radix(of text: Substring) -> (digits: Substring, radix: Int) {
        guard text.utf8.first == UInt8(ascii: "0"), text.utf8.count > 1 else { return (text, 10) }
        switch text.dropFirst().first {
        case "x", "X": return (text.dropFirst(2), 16)
        case "o", "O": return (text.dropFirst(2), 8)
        case "b", "B": return (text.dropFirst(2), 2)
        default: return (text.dropFirst(), 8)
        }
    }

    /// A number with a fraction or an exponent; one that is too large for a double stays a text.
    private static func fraction(_ text: String) -> JSONValue? {
        let isDecimal = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard isDecimal, let value = Double(text), value.isFinite else { return nil }
        return Int64(exactly: value).map(JSONValue.integer) ?? .number(value)
    }
}
