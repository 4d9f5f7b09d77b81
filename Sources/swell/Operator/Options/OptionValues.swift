import ArgumentParser
import Outbound
import Serving

/// Reads the values of flags as Go programs write them.
enum OptionValues {
    /// A boolean; `1`, `t`, `T`, `TRUE`, `true`, `True` and their opposites.
    ///
    /// - Source: Go's `strconv.ParseBool`.
    @Sendable static func boolean(_ text: String) throws -> Bool {
        guard let value = boolean(parsing: text) else { throw ValidationError("\"\(text)\" is neither true nor false") }
        return value
    }

    /// A boolean; `nil` for a text that is none.
    static func boolean(parsing text: String) -> Bool? {
        switch text {
        case "1", "t", "T", "TRUE", "true", "True": true
        case "0", "f", "F", "FALSE", "false", "False": false
        default: nil
        }
    }

    /// A number of shards: each has a Lease that is renewed every few seconds, so there are not many.
    @Sendable static func shards(_ text: String) throws -> Int {
        guard let count = Int(text), (1...256).contains(count) else {
            throw ValidationError("\"\(text)\" is no number of shards from 1 to 256")
        }
        return count
    }

    /// A duration with its unit, such as `15s`.
    @Sendable static func duration(_ text: String) throws -> Duration {
        guard let value = duration(parsing: text) else {
            throw ValidationError("\"\(text)\" is no duration such as 15s or 1m30s")
        }
        return value
    }

    /// A duration; `nil` for a text that is none.
    ///
    /// - Source: Go's `time.ParseDuration`, which takes no number without a unit but 0.
    static func duration(parsing text: String) -> Duration? {
        guard text == "0" || Int64(text) == nil else { return nil }
        return GoDuration.parse(text)
    }

    /// An address to listen at; an empty one, as in Go, means no server.
    @Sendable static func address(_ text: String) throws -> ListenAddress {
        text.isEmpty ? .off : try ListenAddress(parsing: text)
    }
}
