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
        let year = Int(parts.tm_year) + 1900
        // Years of other than four digits are none of RFC 3339's, but of dates that users write.
        let plain = 0...9999 ~= year ? "" : String(year)
        return String(unsafeUninitializedCapacity: plain.utf8.count + 20) { text in
            var end = text.update(fromContentsOf: plain.utf8)
            func put(_ number: Int, digits: Int) {
                var rest = number
                for place in stride(from: end + digits - 1, through: end, by: -1) {
                    text[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                end += digits
            }
            func put(_ mark: Unicode.Scalar) {
                text[end] = UInt8(ascii: mark)
                end += 1
            }
            if plain.isEmpty { put(year, digits: 4) }
            put("-")
            put(Int(parts.tm_mon) + 1, digits: 2)
            put("-")
            put(Int(parts.tm_mday), digits: 2)
            put("T")
            put(Int(parts.tm_hour), digits: 2)
            put(":")
            put(Int(parts.tm_min), digits: 2)
            put(":")
            put(Int(parts.tm_sec), digits: 2)
            put("Z")
            return end
        }
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
