public import Foundation

/// A time zone together with the name that the user gave it.
///
/// The name is kept because it is part of a metric's name, and Foundation renames some zones (`UTC` becomes `GMT`).
public struct CronZone: Hashable, Sendable {
    /// The name as it was written.
    public let name: String

    /// The rules of the zone.
    public let timeZone: TimeZone

    /// Looks up a zone: an IANA name in its exact spelling, `UTC` (or nothing), or `Local` for the process's own zone.
    ///
    /// Foundation also knows abbreviations (`PST`) and offsets (`GMT+5`); these are refused, as KEDA does, because they
    /// are ambiguous or know no daylight saving.
    ///
    /// - Throws: `timeZone`.
    /// - Source: Go's `time.LoadLocation`, which KEDA calls.
    public init(_ name: String) throws(CronError) {
        self.name = name
        switch name {
        case "", "UTC":
            self.timeZone = .gmt
        case "Local":
            self.timeZone = .current
        default:
            let isName = name.contains("/") || Self.namesWithoutArea.contains(name)
            guard isName, let timeZone = TimeZone(identifier: name) else { throw Self.unknown(name) }
            self.timeZone = timeZone
        }
    }

    /// The error for a name that is no zone, with the zone that was probably meant.
    private static func unknown(_ name: String) -> CronError {
        let wanted = name.lowercased().replacing(" ", with: "_")
        let known = TimeZone.knownTimeZoneIdentifiers
        let match =
            known.first { $0.lowercased() == wanted }
            ?? known.first { $0.lowercased().hasSuffix("/" + wanted) }
            ?? TimeZone.abbreviationDictionary[name.uppercased()]
        return CronError(
            .timeZone,
            name,
            "is not a known time zone",
            allowed: "IANA names such as \"Europe/Madrid\", or \"UTC\"",
            suggestion: match.map { "\"\($0)\"" }
        )
    }

    /// The IANA names that have no area before a slash; anything else without a slash is an abbreviation or an offset.
    ///
    /// - Source: the files at the top of the IANA time zone database, `backward` and `etcetera` included.
    private static let namesWithoutArea: Set<String> = [
        "CET", "CST6CDT", "Cuba", "EET", "EST", "EST5EDT", "Egypt", "Eire", "Factory", "GB", "GB-Eire", "GMT", "GMT+0",
        "GMT-0", "GMT0", "Greenwich", "HST", "Hongkong", "Iceland", "Iran", "Israel", "Jamaica", "Japan", "Kwajalein",
        "Libya", "MET", "MST", "MST7MDT", "NZ", "NZ-CHAT", "Navajo", "PRC", "PST8PDT", "Poland", "Portugal", "ROC",
        "ROK", "Singapore", "Turkey", "UCT", "Universal", "W-SU", "WET", "Zulu",
    ]
}
