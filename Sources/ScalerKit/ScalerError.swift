/// Why a source's answer cannot be used.
public struct ScalerError: Error, Sendable, Hashable {
    /// The kinds that are told apart.
    public enum Code: String, Sendable, Hashable {
        /// The source answered with an error of its own.
        case refused
        /// The answer has another shape than it should.
        case unexpectedAnswer
        /// There is no value, and that is not allowed.
        case noValue
    }

    /// What kind.
    public let code: Code
    /// What happened and what to try, in one line that may be shown to anyone.
    public let summary: String
    /// For the log only; may be empty.
    public let detail: String

    /// Makes an error; a summary that quotes a source is brought into one line, and cut after 500 characters.
    public init(_ code: Code, _ summary: String, detail: String = "") {
        self.code = code
        let line = summary.split(whereSeparator: \.isNewline).joined(separator: " ")
        self.summary = line.count > 500 ? line.prefix(497) + "..." : line
        self.detail = detail
    }
}

extension ScalerError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The line that may be shown.
    public var description: String { summary }

    /// The line for the log.
    public var debugDescription: String { detail.isEmpty ? "\(code): \(summary)" : "\(code): \(summary) (\(detail))" }
}
