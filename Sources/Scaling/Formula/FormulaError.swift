/// Why a formula was refused, or gave no number.
///
/// The text quotes the formula, which is never secret; long quotations are cut, and none breaks the line.
public struct FormulaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of trouble, for tests and for callers that react to it.
    public enum Code: String, Sendable, Hashable {
        /// The text is no expression.
        case syntax
        /// A name that is neither a trigger nor a function.
        case unknownName
        /// An operator or function does not take what it is given.
        case mismatchedTypes
        /// The expr language has it, formulas here do not.
        case unsupported
        /// Too long, too deep, or too much work.
        case limit
        /// It failed while it ran.
        case evaluation
        /// It ran, and what came out is no finite number.
        case result
    }

    /// A place in the text.
    public struct Place: Sendable, Hashable {
        /// From 1.
        public let line: Int
        /// From 1, in Unicode scalars.
        public let column: Int
    }

    /// The kind of trouble.
    public let code: Code
    /// What is wrong, and what to try.
    public let message: String
    /// Where, if it is in one place.
    public let place: Place?

    /// Makes an error.
    init(_ code: Code, _ message: String, at place: Place?) {
        self.code = code
        self.message = message
        self.place = place
    }

    /// One line, such as `unknown name "quue", did you mean "queue"? (column 5)`.
    public var description: String {
        guard let place else { return message }
        return place.line == 1
            ? "\(message) (column \(place.column))" : "\(message) (line \(place.line), column \(place.column))"
    }

    /// A piece of the text in quotation marks, on one line and cut to a readable length.
    static func quote(_ text: String) -> String {
        String(reflecting: text.count > 40 ? text.prefix(37) + "..." : text)
    }
}
