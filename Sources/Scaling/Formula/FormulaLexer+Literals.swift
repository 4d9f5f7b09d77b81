extension FormulaLexer {
    /// What a letter after a backslash stands for.
    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "n": "\n", "t": "\t", "r": "\r", "a": "\u{7}", "b": "\u{8}", "f": "\u{C}", "v": "\u{B}",
        "\\": "\\", "'": "'", "\"": "\"", "`": "`", "?": "?",
    ]

    /// Reads a number: decimal, `0x`, `0o`, `0b`, or with a fraction or exponent; `_` may stand between digits.
    mutating func number(from place: FormulaError.Place) throws(FormulaError) -> FormulaToken.Kind {
        let radixes: [Unicode.Scalar: Int] = ["x": 16, "X": 16, "o": 8, "O": 8, "b": 2, "B": 2]
        if peek() == "0", let mark = peek(1), let radix = radixes[mark] {
            index += 2
            let text = take(while: Self.isWord)
            return .integer(try integer(text, radix: radix, from: place))
        }
        let isDigit = { (scalar: Unicode.Scalar) in ("0"..."9").contains(scalar) || scalar == "_" }
        var text = take(while: isDigit)
        var isFloat = false
        if peek() == ".", peek(1) != "." {
            isFloat = true
            index += 1
            text += "." + take(while: isDigit)
        }
        if peek() == "e" || peek() == "E" {
            isFloat = true
            index += 1
            text += "e"
            if let sign = peek(), sign == "+" || sign == "-" {
                text.unicodeScalars.append(sign)
                index += 1
            }
            text += take(while: isDigit)
        }
        let rest = take(while: Self.isWord)
        guard rest.isEmpty else {
            throw FormulaError(.syntax, "\(FormulaError.quote(text + rest)) is no number", at: place)
        }
        guard isFloat else { return .integer(try integer(text, radix: 10, from: place)) }
        let plain = text.replacing("_", with: "")
        guard let value = Double(plain.hasSuffix(".") ? plain + "0" : plain), value.isFinite else {
            throw FormulaError(.syntax, "\(FormulaError.quote(text)) is no number, or too large", at: place)
        }
        return .float(value)
    }

    /// Reads the digits of an integer.
    private func integer(_ text: String, radix: Int, from place: FormulaError.Place) throws(FormulaError) -> Int {
        guard let value = Int(text.replacing("_", with: ""), radix: radix) else {
            throw FormulaError(.syntax, "\(FormulaError.quote(text)) is no integer, or too large", at: place)
        }
        return value
    }

    /// Reads a string up to its quotation mark; between backticks it is taken as it stands.
    mutating func string(until end: Unicode.Scalar, from place: FormulaError.Place) throws(FormulaError) -> String {
        advance()
        var text = String.UnicodeScalarView()
        while let scalar = peek(), scalar != end, end == "`" || scalar != "\n" {
            advance()
            text.append(scalar == "\\" && end != "`" ? try escaped(from: place) : scalar)
        }
        guard peek() == end else { throw FormulaError(.syntax, "the string has no end", at: place) }
        advance()
        return String(text)
    }

    /// Reads what follows a backslash.
    private mutating func escaped(from place: FormulaError.Place) throws(FormulaError) -> Unicode.Scalar {
        let lengths: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
        guard let mark = peek() else { throw FormulaError(.syntax, "the string has no end", at: place) }
        index += 1
        if let escape = Self.escapes[mark] { return escape }
        if let length = lengths[mark] {
            var left = length
            let digits = take { digit in
                left -= 1
                return left >= 0 && digit.properties.isASCIIHexDigit
            }
            if digits.utf8.count == length, let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) {
                return scalar
            }
        }
        throw FormulaError(.syntax, "the string has an escape that does not exist: \\\(mark)", at: place)
    }
}
