/// Why a text is no JSON: where it stops being JSON, and what should have stood there.
///
/// It quotes nothing of the text, which may hold a secret.
public struct JSONSyntaxError: Error, Sendable, Hashable {
    /// What should have stood at the offset.
    public enum Expectation: String, Sendable, Hashable {
        /// An object, a list, a text, a number, `true`, `false` or `null`.
        case value = "a value"
        /// A member's name.
        case key = "a key in quotes"
        /// What stands between a key and its value.
        case colon = "a colon"
        /// What follows an element of a list.
        case commaOrBracket = "a comma or a closing bracket"
        /// What follows a member of an object.
        case commaOrBrace = "a comma or a closing brace"
        /// A number has none where it needs one.
        case digit = "a digit"
        /// The number is past all that 64 bits of floating point hold.
        case finiteNumber = "a number that fits 64 bits"
        /// A text is not closed.
        case quote = "a closing quote"
        /// A control character stands as it is in a text.
        case escapedControl = "a control character to be escaped"
        /// A backslash is followed by something else.
        case escape = "an escape that JSON knows"
        /// `\u` is followed by something else.
        case hexDigits = "four hexadecimal digits"
        /// Half of a surrogate pair stands alone.
        case surrogatePair = "both halves of a surrogate pair"
        /// A text holds bytes that no character has; the offset is that of its first byte.
        case utf8 = "a text in UTF-8"
        /// The value is complete, and more follows.
        case end = "the end"
        /// Past ``JSONValue/depthLimit``.
        case shallower = "no deeper nesting"
    }

    /// Bytes before the place; as many as there are where the text ends too early.
    public let offset: Int
    /// What should have stood there.
    public let expected: Expectation

    /// Names a place and what it lacks.
    public init(offset: Int, expected: Expectation) {
        self.offset = offset
        self.expected = expected
    }
}

extension JSONSyntaxError: CustomStringConvertible {
    /// One line, fit to be shown.
    public var description: String { "no JSON: expected \(expected.rawValue) at byte \(offset)" }
}
