import Foundation

extension MySQLDataSource {
    /// Takes `name=value&name=value`.
    ///
    /// Names that the driver does not know are session variables; parts without `=` mean nothing.
    mutating func take(parameters text: Substring) throws(OutboundError) {
        var fallsBack = false
        for part in text.split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { continue }
            let (name, value) = (String(halves[0]), String(halves[1]))
            switch name {
            case "tls": tls = try Self.tls(value)
            case "allowFallbackToPlaintext": fallsBack = try Self.boolean(value, name)
            case "allowNativePasswords": allowsNativePasswords = try Self.boolean(value, name)
            case "allowCleartextPasswords": allowsCleartextPasswords = try Self.boolean(value, name)
            case "allowOldPasswords": allowsOldPasswords = try Self.boolean(value, name)
            case "multiStatements": allowsMultipleStatements = try Self.boolean(value, name)
            case "timeout": timeout = try Self.duration(value, name)
            case "readTimeout": readTimeout = try Self.duration(value, name)
            case "writeTimeout": writeTimeout = try Self.duration(value, name)
            case "charset":
                charsets = try value.split(separator: ",")
                    .map { part throws(OutboundError) in try Self.word(part, name) }
            case "collation": collation = try Self.word(value[...], name)
            case "serverPubKey", "strict":
                throw Self.refusal("has `\(name)`, which means nothing outside of the program that defines it")
            case _ where Self.driverOnly.contains(name): break
            default: assignments.append(try Self.assignment(name, value))
            }
        }
        if fallsBack, tls == .unverified { tls = .preferred }
    }

    /// Parameters that say how the driver gives values to its program, or what it makes cheaper.
    private static let driverOnly: Set<String> = [
        "allowAllFiles", "checkConnLiveness", "clientFoundRows", "columnsWithAlias", "compress", "connectionAttributes",
        "interpolateParams", "loc", "maxAllowedPacket", "parseTime", "rejectReadOnly", "timeTruncate",
    ]

    /// Reads `true`, `false`, `skip-verify` or `preferred`.
    private static func tls(_ text: String) throws(OutboundError) -> TLS {
        switch text.lowercased() {
        case "skip-verify": return .unverified
        case "preferred": return .preferred
        default:
            guard let isOn = boolean(text) else {
                throw refusal("has a `tls` that is none of true, false, skip-verify and preferred")
            }
            return isOn ? .verified : .off
        }
    }

    /// Reads a boolean.
    private static func boolean(_ text: String, _ name: String) throws(OutboundError) -> Bool {
        guard let value = boolean(text) else { throw refusal("has a `\(name)` that is neither true nor false") }
        return value
    }

    /// What the driver takes for a boolean.
    private static func boolean(_ text: String) -> Bool? {
        switch text {
        case "1", "true", "TRUE", "True": true
        case "0", "false", "FALSE", "False": false
        default: nil
        }
    }

    /// Reads a duration; 0 is none.
    private static func duration(_ text: String, _ name: String) throws(OutboundError) -> Duration? {
        // Unlike settings of triggers, Go's own durations have units.
        guard text == "0" || Int64(text) == nil, let value = GoDuration.parse(text), value >= .zero else {
            throw refusal("has a `\(name)` that is no duration such as 5s")
        }
        return value > .zero ? value : nil
    }

    /// Reads a name of a character set or collation.
    private static func word(_ text: Substring, _ name: String) throws(OutboundError) -> String {
        guard text.wholeMatch(of: /[A-Za-z0-9_]+/) != nil else {
            throw refusal("has a `\(name)` that is not made of letters, digits and _")
        }
        return String(text)
    }

    /// Reads a session variable.
    private static func assignment(_ name: String, _ value: String) throws(OutboundError) -> String {
        guard name.wholeMatch(of: /[A-Za-z0-9_.@]+/) != nil else {
            throw refusal("has a parameter whose name is not made of letters, digits, _, . and @")
        }
        guard let value = PercentEncoding.decode(value, isForm: true) else {
            throw refusal("has a parameter with a `%` that begins no code such as %2F")
        }
        return "\(name)=\(value)"
    }
}
