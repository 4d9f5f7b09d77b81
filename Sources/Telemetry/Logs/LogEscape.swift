/// Keeps a record on one line, and a terminal safe, whatever a message holds.
enum LogEscape {
    /// The text with control characters escaped as JSON does.
    static func plain(_ text: String) -> String {
        escaped(text, quotes: false)
    }

    /// The text as it is when it is one plain word, else quoted.
    static func token(_ text: String) -> String {
        let isWord =
            !text.isEmpty && text.unicodeScalars.allSatisfy { $0.value > 0x20 && !"\"=\\".unicodeScalars.contains($0) }
        return isWord ? escaped(text, quotes: false) : quoted(text)
    }

    /// The text as a JSON string.
    static func quoted(_ text: String) -> String {
        "\"\(escaped(text, quotes: true))\""
    }

    /// Escapes C0 and C1 control characters and the line separators, and quotes and backslashes where asked for.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"" where quotes: result += "\\\""
            case "\\" where quotes: result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
