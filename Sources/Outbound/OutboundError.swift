/// Why a call to the outside gave no answer.
///
/// ``description`` is bland on purpose: it may stand in an Event, a condition or a Status. ``debugDescription`` adds
/// ``detail``, which may name hosts and queries, and belongs in the log. Neither ever holds a ``Secret``.
public struct OutboundError: Error, Sendable {
    /// The kinds of failure that callers tell apart.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The request cannot be sent as it is: a bad URL, certificate or connection string.
        case invalidRequest
        /// The host name has no address, or the name server did not answer.
        case nameResolution
        /// Nothing accepts connections there.
        case cannotConnect
        /// TLS failed: an untrusted certificate, a wrong name, no common version.
        case tls
        /// The other side refused the credentials.
        case unauthorized
        /// No answer before the deadline.
        case timedOut
        /// The caller went away.
        case cancelled
        /// The connection broke before the answer was complete.
        case connectionLost
        /// The answer is larger than the caller allows.
        case tooLarge
        /// The answer breaks the protocol.
        case malformedAnswer
        /// A server understood the question and refused it: a bad query, a missing table.
        case rejected
        /// Our own bound is reached: too many calls wait for this source.
        case overloaded
        /// The transport has been shut down.
        case closed
    }

    /// What kind of failure this is.
    public var code: Code
    /// What failed and what to try, in one line that may be shown to anyone.
    public var summary: String
    /// Hosts, ports, server messages: for the log only.
    ///
    /// May be empty.
    public var detail: String
    /// What lay beneath, if anything did.
    public var cause: (any Error)?
    /// Whether the same call may succeed later without a change by a person.
    public var isRetryable: Bool

    /// Makes an error; retryable unless the request itself is at fault.
    public init(
        _ code: Code,
        _ summary: String,
        detail: String = "",
        cause: (any Error)? = nil,
        isRetryable: Bool? = nil
    ) {
        self.code = code
        self.summary = summary
        self.detail = detail
        self.cause = cause
        self.isRetryable = isRetryable ?? !Self.lasting.contains(code)
    }

    /// The codes that will not go away by waiting.
    private static let lasting: Set<Code> = [.invalidRequest, .tooLarge, .cancelled, .closed]
}

extension OutboundError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The line that may be shown.
    public var description: String { summary }

    /// The line for the log: code, summary, detail and cause.
    public var debugDescription: String {
        var text = "\(code.rawValue): \(summary)"
        if !detail.isEmpty { text += " (\(detail))" }
        if let cause { text += " <- \(String(reflecting: cause))" }
        return text
    }
}
