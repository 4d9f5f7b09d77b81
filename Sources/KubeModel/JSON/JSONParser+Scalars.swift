extension JSONParser {
    /// A number, from its sign or first digit on.
    mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = offset
        var isWhole = true
        if next == UInt8(ascii: "-") { skip(1) }
        // A zero in front stands alone: what follows it is no part of the number.
        if next == UInt8(ascii: "0") { skip(1) } else { try digits() }
        if next == UInt8(ascii: ".") {
            isWhole = false
            skip(1)
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isWhole = false
            skip(1)
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { skip(1) }
            try digits()
        }
        let literal = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isWhole, let integer = Int64(literal) { return .integer(integer) }
        guard let number = Double(literal), number.isFinite else {
            throw JSONSyntaxError(offset: start, expected: .finiteNumber)
        }
        // A whole number that did not fit must not come to fit by rounding.
        if !isWhole, let integer = Int64(exactly: number) { return .integer(integer) }
        return .number(number)
    }

    /// One digit or more.
    private mutating func digits() throws(JSONSyntaxError) {
        guard Self.isDigit(next) else { throw failure(.digit) }
        repeat { skip(1) } while Self.isDigit(next)
    }

    /// Whether there is a byte and it is a decimal digit.
    static func isDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9")
    }
}

extension JSONParser {
    /// A text, from its opening quote on.
    mutating func text() throws(JSONSyntaxError) -> String {
        skip(1)
        let start = offset
        // Bytes up to the last escape, as they are meant; what follows it is copied in runs.
        var decoded: [UInt8] = []
        var run = offset
        var isASCII = true
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                let rest = bytes[run..<offset]
                skip(1)
                // The usual text has no escape, and its bytes are copied once.
                if isASCII, decoded.isEmpty { return String(decoding: rest, as: UTF8.self) }
                let text = decoded.isEmpty ? String(validating: rest, as: UTF8.self) : nil
                guard let text = text ?? String(validating: decoded + rest, as: UTF8.self) else {
                    throw JSONSyntaxError(offset: start, expected: .utf8)
                }
                return text
            case UInt8(ascii: "\\"):
                decoded += bytes[run..<offset]
                decoded += try escaped().utf8
                run = offset
            case 0x00..<0x20:
                throw failure(.escapedControl)
            default:
                isASCII = isASCII && byte < 0x80
                skip(1)
            }
        }
        throw failure(.quote)
    }

    /// The character that an escape stands for, from its backslash on.
    private mutating func escaped() throws(JSONSyntaxError) -> Unicode.Scalar {
        skip(1)
        let plain: Unicode.Scalar
        switch next {
        case UInt8(ascii: "u"): return try escapedScalar()
        case UInt8(ascii: "\""): plain = "\""
        case UInt8(ascii: "\\"): plain = "\\"
        case UInt8(ascii: "/"): plain = "/"
        case UInt8(ascii: "b"): plain = "\u{8}"
        case UInt8(ascii: "f"): plain = "\u{C}"
        case UInt8(ascii: "n"): plain = "\n"
        case UInt8(ascii: "r"): plain = "\r"
        case UInt8(ascii: "t"): plain = "\t"
        default: throw failure(.escape)
        }
        skip(1)
        return plain
    }

    /// The character that one `\u` or a pair of them stands for, from the `u` on.
    private mutating func escapedScalar() throws(JSONSyntaxError) -> Unicode.Scalar {
        let start = offset - 1
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        let lone = JSONSyntaxError(offset: start, expected: .surrogatePair)
        guard UTF16.isLeadSurrogate(first), bytes[offset...].starts(with: #"\u"#.utf8) else { throw lone }
        skip(1)
        let second = try codeUnit()
        guard UTF16.isTrailSurrogate(second) else { throw lone }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    /// The four hexadecimal digits after a `u`.
    private mutating func codeUnit() throws(JSONSyntaxError) -> UTF16.CodeUnit {
        skip(1)
        var unit: UTF16.CodeUnit = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure(.hexDigits)
            }
            unit = unit << 4 | UTF16.CodeUnit(digit)
            skip(1)
        }
        return unit
    }
}
