/// A schedule in five cron fields: minute, hour, day of month, month, day of week.
///
/// The grammar is the one KEDA's users write: `*` and `?`, lists, ranges, steps, three-letter names in any case, and an
/// optional prefix `TZ=Zone ` or `CRON_TZ=Zone `. There are no shorthands (`@daily`), no seconds field, no wrapping
/// ranges, and 7 is not Sunday.
///
/// If one of the day fields holds an unstepped star, a day must match both; otherwise a day that matches either will
/// do. `0 0 */2 * 1` therefore fires on odd days and on every Monday.
///
/// - Source: KEDA's cron trigger and the parser it uses, robfig/cron v3.
public struct CronExpression: Hashable, Sendable, CustomStringConvertible {
    /// The expression as it was written.
    public let text: String

    /// The zone of a `TZ=` prefix, which overrides the zone that the caller gives.
    public let zone: CronZone?

    /// The minutes of the hour at which the schedule fires.
    let minutes: CronFieldSet
    /// The hours of the day in which the schedule fires.
    let hours: CronFieldSet
    /// The admitted days of the month, before the day-of-week field is considered.
    let daysOfMonth: CronFieldSet
    /// The admitted months.
    let months: CronFieldSet
    /// The admitted days of the week, Sunday being 0.
    let daysOfWeek: CronFieldSet

    /// Parses an expression.
    ///
    /// - Throws: `fieldCount` or `shorthand` for the whole, `timeZone` for the prefix, else what the first bad field has.
    public init(_ text: String) throws(CronError) {
        var words = text.split(whereSeparator: \.isWhitespace)
        self.text = text
        self.zone = try Self.takeZone(from: &words)
        try Self.checkShape(words)
        self.minutes = try CronFieldParser(field: .minute).parse(words[0])
        self.hours = try CronFieldParser(field: .hour).parse(words[1])
        self.daysOfMonth = try CronFieldParser(field: .dayOfMonth).parse(words[2])
        self.months = try CronFieldParser(field: .month).parse(words[3])
        self.daysOfWeek = try CronFieldParser(field: .dayOfWeek).parse(words[4])
    }

    /// The expression as it was written.
    public var description: String { text }

    /// Removes a leading `TZ=Zone` or `CRON_TZ=Zone` and resolves it.
    private static func takeZone(from words: inout [Substring]) throws(CronError) -> CronZone? {
        guard let first = words.first, let equals = first.firstIndex(of: "=") else { return nil }
        guard ["TZ", "CRON_TZ"].contains(first[..<equals]) else { return nil }
        words.removeFirst()
        return try CronZone(String(first[first.index(after: equals)...]))
    }

    /// Refuses everything that is not five fields, with advice for the dialects that people bring along.
    private static func checkShape(_ words: [Substring]) throws(CronError) {
        let whole = words.joined(separator: " ")
        if let first = words.first, first.hasPrefix("@") {
            let suggestion = shorthands[first.lowercased()].map { "\"\($0)\"" }
            throw CronError(.shorthand, whole, "is a shorthand", allowed: layout, suggestion: suggestion)
        }
        guard words.count != 5 else { return }
        let problem = words.count == 1 ? "has one field" : "has \(words.count) fields"
        let suggestion = words.count == 6 ? "without seconds: \"\(words.dropFirst().joined(separator: " "))\"" : nil
        throw CronError(.fieldCount, whole, problem, allowed: layout, suggestion: suggestion)
    }

    /// The layout of an expression, for error messages.
    private static let layout = "five fields: minute hour day-of-month month day-of-week"

    /// What the shorthands of other dialects mean in five fields.
    private static let shorthands = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]
}
