/// Durations as Go programs write them.
///
/// - Source: Go's `time.ParseDuration`; KEDA's `typed_config.go` for the bare milliseconds.
public enum GoDuration {
    /// The longest text that is read, in bytes: the pattern below takes time that grows with the square of it.
    private static let longest = 64

    /// Reads `1h2m3.5s`, `300ms`, `-5s` or a whole number of milliseconds; `nil` for anything else.
    public static func parse(_ text: String) -> Duration? {
        guard text.utf8.count <= longest else { return nil }
        if let milliseconds = Int64(text) { return .milliseconds(milliseconds) }
        let isNegative = text.hasPrefix("-")
        var rest = text[...]
        if isNegative || rest.hasPrefix("+") { rest.removeFirst() }
        guard !rest.isEmpty else { return nil }
        var seconds = 0.0
        while !rest.isEmpty {
            guard let match = rest.prefixMatch(of: /([0-9]*\.?[0-9]+|[0-9]+\.)(ns|us|µs|ms|s|m|h)/),
                let number = Double(match.output.1), let unit = units[String(match.output.2)]
            else { return nil }
            seconds += number * unit
            rest = rest[match.range.upperBound...]
        }
        // Go's durations end at about 292 years.
        guard seconds < 9.2e9 else { return nil }
        return .seconds(isNegative ? -seconds : seconds)
    }

    /// Seconds in each unit.
    private static let units: [String: Double] = [
        "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600,
    ]
}
