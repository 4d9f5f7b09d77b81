/// Why a cron expression, its time zone or a window of two expressions was refused.
///
/// The text names the field, quotes what is wrong, says what is allowed and, where we can guess the intention, what
/// to write instead. Cron settings are never secret, so they may be quoted; long ones are cut.
public struct CronError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kind of mistake, for tests and for callers that react to it.
    public enum Code: String, Equatable, Sendable {
        /// Not five fields.
        case fieldCount
        /// A shorthand such as `@daily`.
        case shorthand
        /// Something that is neither a number nor a name of the field.
        case notAValue
        /// A number below or above the field's range.
        case outOfRange
        /// A range whose end is before its beginning.
        case wrappedRange
        /// A step that is not a positive number.
        case badStep
        /// Too many hyphens or slashes, or a list without an element.
        case malformed
        /// A time zone that is unknown or not an IANA name.
        case timeZone
        /// A window whose start and end are the same text.
        case sameStartAndEnd
    }

    /// The kind of mistake.
    public let code: Code

    /// The field at fault, if the mistake lies in one field.
    public let field: CronField?

    /// The text at fault, cut to a readable length.
    public let offending: String

    /// What is wrong with it, in a few words.
    public let problem: String

    /// What is allowed there.
    public let allowed: String

    /// What to write instead, if the intention can be guessed.
    public let suggestion: String?

    /// Makes an error, cutting the offending text to 60 characters.
    init(
        _ code: Code,
        field: CronField? = nil,
        _ offending: some StringProtocol,
        _ problem: String,
        allowed: String,
        suggestion: String? = nil
    ) {
        self.code = code
        self.field = field
        self.offending = offending.count > 60 ? offending.prefix(57) + "..." : String(offending)
        self.problem = problem
        self.allowed = allowed
        self.suggestion = suggestion
    }

    /// One line, such as `day of week "7" is above the maximum 6; allowed: 0-6 or sun-sat, …; try "0" for Sunday`.
    public var description: String {
        let subject = field.map { "\($0.name) " } ?? ""
        let hint = suggestion.map { "; try \($0)" } ?? ""
        return "\(subject)\"\(offending)\" \(problem); allowed: \(allowed)\(hint)"
    }
}
