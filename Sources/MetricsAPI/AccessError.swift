/// Why it is not known who calls, or whether they may.
///
/// ``description`` may be shown to the caller; ``debugDescription`` goes to the log. Neither holds a token.
public struct AccessError: Error, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The kinds that callers tell apart.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// What the caller presented is not good: 401.
        case unauthenticated
        /// The API server could not be asked: 500, never an allowance.
        case reviewFailed
        /// `kube-system/extension-apiserver-authentication` cannot be used.
        case badConfiguration
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
    /// Whether the same call may succeed later.
    public var isRetryable: Bool { code == .reviewFailed }

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
