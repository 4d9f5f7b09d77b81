/// Why a server cannot start, or has no certificate to serve with.
public struct ServingError: Error, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The kinds that callers tell apart.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The address is taken, not ours, or not allowed.
        case cannotListen
        /// The certificate's files are missing, cannot be read, or do not belong together.
        case badCertificate
    }

    /// What kind of failure this is.
    public var code: Code
    /// What failed and what to try, in one line.
    public var summary: String
    /// More, for the log.
    ///
    /// May be empty.
    public var detail: String
    /// What lay beneath, if anything did.
    public var cause: (any Error)?
    /// Whether the same call may succeed later without a change by a person; neither kind does.
    public var isRetryable: Bool { false }

    /// Makes an error.
    public init(_ code: Code, _ summary: String, detail: String = "", cause: (any Error)? = nil) {
        self.code = code
        self.summary = summary
        self.detail = detail
        self.cause = cause
    }

    /// The line that may be shown.
    public var description: String { summary }

    /// The line for the log.
    public var debugDescription: String {
        var text = "\(code.rawValue): \(summary)"
        if !detail.isEmpty { text += " (\(detail))" }
        if let cause { text += " <- \(String(reflecting: cause))" }
        return text
    }
}
