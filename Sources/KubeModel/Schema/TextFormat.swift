/// What `format` asks of a text.
///
/// - Source: JSON Schema, "Validation", defined formats; RFC 3339; RFC 4648; RFC 4122.
enum TextFormat {
    /// Whether a text says what a format asks; formats that are not known ask nothing.
    static func fits(_ text: String, _ format: String) -> Bool {
        switch format {
        case "date": text.wholeMatch(of: date) != nil
        case "date-time":
            text.prefix(10).wholeMatch(of: date) != nil && ["T", "t"].contains(text.dropFirst(10).prefix(1))
                && text.dropFirst(11).wholeMatch(of: time) != nil
        case "byte": text.utf8.count.isMultiple(of: 4) && text.wholeMatch(of: base64) != nil
        case "uuid": text.wholeMatch(of: uuid) != nil
        case "ipv4": isAddress(text)
        default: true
        }
    }

    /// `2026-11-21`.
    private static var date: Regex<Substring> { /[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])/ }

    /// `15:00:00.5+01:00`.
    private static var time: Regex<Substring> {
        /(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:[Zz]|[-+][0-9]{2}:?[0-9]{2})/
    }

    /// Base64 with padding.
    private static var base64: Regex<Substring> { /[A-Za-z0-9+\/]*={0,2}/ }

    /// Five groups of hexadecimal digits, with or without the dashes between them.
    private static var uuid: Regex<Substring> {
        /[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{12}/
    }

    /// Whether a text is four numbers below 256 with dots between.
    private static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } && $0.count <= 3 && UInt8($0) != nil }
    }
}
