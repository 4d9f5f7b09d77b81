import Outbound

extension ConnectionSyntax {
    /// Reads `host=db port=5432 password='it''s'`: blanks between settings and around `=`, values quoted with `'`, and
    /// a backslash before a character that stands for itself.
    static func keywords(_ text: String) throws(OutboundError) -> [String: String] {
        var rest = text.unicodeScalars[...]
        var settings: [String: String] = [:]
        while true {
            skipBlanks(&rest)
            guard !rest.isEmpty else { return settings }
            let name = String(rest.prefix { $0 != "=" && !isBlank($0) })
            rest = rest.dropFirst(name.unicodeScalars.count)
            skipBlanks(&rest)
            guard rest.popFirst() == "=", !name.isEmpty else {
                throw refusal("is neither a postgres:// URI nor a list of name=value settings")
            }
            skipBlanks(&rest)
            settings[name] = try value(&rest)
        }
    }

    /// Reads one value, quoted or up to the next blank.
    private static func value(_ rest: inout Substring.UnicodeScalarView) throws(OutboundError) -> String {
        var value = String.UnicodeScalarView()
        let isQuoted = rest.first == "'"
        if isQuoted { rest.removeFirst() }
        while let scalar = rest.first {
            if !isQuoted, isBlank(scalar) { break }
            rest.removeFirst()
            if isQuoted, scalar == "'" { return String(value) }
            if scalar == "\\" {
                if let escaped = rest.popFirst() { value.append(escaped) }
            } else {
                value.append(scalar)
            }
        }
        guard !isQuoted else { throw refusal("has a quoted value without an end") }
        return String(value)
    }

    /// Goes on to the next character that is not blank.
    private static func skipBlanks(_ rest: inout Substring.UnicodeScalarView) {
        rest = rest.drop(while: isBlank)
    }

    /// C's `isspace`.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || (9...13).contains(scalar.value)
    }
}
