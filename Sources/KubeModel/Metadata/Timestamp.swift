public import Foundation

/// An instant as Kubernetes' `metav1.Time` writes it: RFC 3339, UTC, whole seconds.
public struct Timestamp: Codable, Sendable, Hashable, Comparable {
    /// The instant.
    public var date: Date

    /// Takes an instant; what is finer than a second is lost in writing.
    public init(_ date: Date) {
        self.date = date
    }

    /// Reads RFC 3339 with any offset and any fraction.
    ///
    /// - Throws: `DecodingError.dataCorrupted`.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let date = RFC3339.date(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an RFC 3339 time: \(text)")
            )
        }
        self.date = date
    }

    /// Writes whole seconds, UTC.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(RFC3339.seconds(date))
    }

    /// Earlier is less.
    public static func < (one: Timestamp, other: Timestamp) -> Bool { one.date < other.date }
}

/// An instant as Kubernetes' `metav1.MicroTime` writes it: RFC 3339, UTC, six decimals.
public struct MicroTimestamp: Codable, Sendable, Hashable {
    /// The instant.
    public var date: Date

    /// Takes an instant.
    public init(_ date: Date) {
        self.date = date
    }

    /// Reads RFC 3339 with any offset and any fraction.
    ///
    /// - Throws: `DecodingError.dataCorrupted`.
    public init(from decoder: any Decoder) throws {
        self.date = try Timestamp(from: decoder).date
    }

    /// Writes six decimals, UTC.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(RFC3339.microseconds(date))
    }
}

/// The time text of Kubernetes and of Prometheus queries.
public enum RFC3339 {
    /// `2026-06-16T10:48:17Z`, cut to the second.
    public static func seconds(_ date: Date) -> String {
        var seconds = time_t(date.timeIntervalSince1970.rounded(.down))
        var parts = tm()
        // The system's calendar: each poll of Prometheus asks for this text, and a formatter takes ten times as long.
        gmtime_r(&seconds, &parts)
        let year = padded(Int(parts.tm_year) + 1900, to: 4)
        let day = "\(year)-\(padded(Int(parts.tm_mon) + 1, to: 2))-\(padded(Int(parts.tm_mday), to: 2))"
        let hour = "\(padded(Int(parts.tm_hour), to: 2)):\(padded(Int(parts.tm_min), to: 2))"
        return "\(day)T\(hour):\(padded(Int(parts.tm_sec), to: 2))Z"
    }

    /// A number with zeros before it.
    private static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// `2026-06-16T10:48:17.123456Z`.
    public static func microseconds(_ date: Date) -> String {
        // Nearest, so that a text of six decimals comes back as it was: a binary fraction may fall just short. From
        // the date's own epoch, because each conversion costs precision.
        let epoch = Int64(Date.timeIntervalBetween1970AndReferenceDate) * 1_000_000
        let micros = Int64((date.timeIntervalSinceReferenceDate * 1e6).rounded()) + epoch
        let second = micros >= 0 ? micros / 1_000_000 : (micros - 999_999) / 1_000_000
        let fraction = String(micros - second * 1_000_000)
        let text = seconds(Date(timeIntervalSince1970: Double(second))).dropLast()
        return "\(text).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)Z"
    }

    /// Reads RFC 3339 with any offset and any fraction; `nil` for anything else.
    public static func date(_ text: String) -> Date? {
        // Foundation's strategy reads either with or without a fraction; a nil here just means "not this form".
        if let date = try? Date(text, strategy: .iso8601) { return date }
        return try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
