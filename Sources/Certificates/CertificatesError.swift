/// Why a certificate cannot be made, read or trusted.
///
/// ``description`` may be shown to whoever presented the certificate; ``detail`` is for the log.
public struct CertificatesError: Error, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The kinds that callers tell apart.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// No certificate where one is needed.
        case missing
        /// PEM or DER that cannot be read.
        case malformed
        /// A certificate that no trusted authority vouches for, now and for this use.
        case untrusted
        /// A certificate that cannot be made from what was asked.
        case cannotIssue
    }

    /// What kind of failure this is.
    public var code: Code
    /// What failed, in one line.
    public var summary: String
    /// More, for the log.
    ///
    /// May be empty.
    public var detail: String
    /// What lay beneath, if anything did.
    public var cause: (any Error)?
    /// Whether the same call may succeed later: certificates become valid, authorities change.
    public var isRetryable: Bool { code == .untrusted }

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
