public import KubeModel
import Outbound

/// Why the Kubernetes API gave no answer, or refused.
///
/// ``description`` may stand in an Event or a condition; ``debugDescription`` adds hosts, paths of files and what lay
/// beneath, and belongs in the log. Neither ever holds a credential.
public struct KubeError: Error, Sendable {
    /// The kinds of failure that callers tell apart.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The kubeconfig, or what the pod was given, cannot be used.
        case invalidConfiguration
        /// A token file, a key or a credential plugin gave nothing to log in with.
        case noCredentials
        /// The request cannot be written down.
        case invalidRequest
        /// No connection, or it broke before the answer was complete.
        case unreachable
        /// No answer in time.
        case timedOut
        /// The caller went away.
        case cancelled
        /// Our own rate limit: too many requests wait already.
        case overloaded
        /// Our own guard: another replica may lead now, so this one writes nothing.
        case notLeading
        /// Our own guard: this client only reads.
        case readOnly
        /// The answer is larger than we accept.
        case tooLarge
        /// The answer is not what the API promises.
        case malformedAnswer
        /// 401.
        case unauthorized
        /// 403.
        case forbidden
        /// 404.
        case notFound
        /// 409, reason `AlreadyExists`.
        case alreadyExists
        /// 409: somebody else was faster.
        case conflict
        /// 410: the version or the page token is too old.
        case gone
        /// 422 and 400: the API server finds the object wrong.
        case invalid
        /// 429.
        case tooManyRequests
        /// 5xx: the API server, or a webhook behind it, is not well.
        case serverError
        /// Any other refusal.
        case rejected
    }

    /// What kind of failure this is.
    public var code: Code
    /// What failed and what to try, in one line that may be shown.
    public var summary: String
    /// Hosts, files, server texts: for the log only.
    ///
    /// May be empty.
    public var detail: String
    /// What lay beneath, if anything did.
    public var cause: (any Error)?
    /// Whether the same call may succeed later without a change by a person.
    public var isRetryable: Bool
    /// See ``status``.
    @usableFromInline var sharedStatus: SharedValue<KubeStatus>?
    /// How long the API server asked us to wait, where it did.
    public var retryAfter: Duration?

    /// What the API server said, if it answered at all.
    @inlinable public var status: KubeStatus? {
        get { sharedStatus?.value }
        set { sharedStatus = newValue.map(SharedValue.init) }
    }

    /// Makes an error; see ``Code`` for which are retryable by themselves.
    public init(
        _ code: Code,
        _ summary: String,
        detail: String = "",
        cause: (any Error)? = nil,
        isRetryable: Bool? = nil,
        status: KubeStatus? = nil,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.summary = summary
        self.detail = detail
        self.cause = cause
        self.isRetryable = isRetryable ?? Self.passing.contains(code)
        self.sharedStatus = status.map(SharedValue.init)
        self.retryAfter = retryAfter
    }

    /// The codes that may go away by waiting, or by reading again.
    private static let passing: Set<Code> = [
        .noCredentials, .unreachable, .timedOut, .overloaded, .notLeading, .unauthorized, .conflict, .gone,
        .tooManyRequests,
        .serverError,
    ]

    /// The object, or the kind, is not there.
    public var isNotFound: Bool { code == .notFound }
    /// Somebody else changed the object since it was read.
    public var isConflict: Bool { code == .conflict }
    /// An object of the name is there already.
    public var isAlreadyExists: Bool { code == .alreadyExists }
    /// The version, or the page token, is too old to go on from.
    public var isGone: Bool { code == .gone }
    /// Another replica may lead now.
    public var isNotLeading: Bool { code == .notLeading }
    /// The caller went away.
    public var isCancelled: Bool { code == .cancelled }
}

extension KubeError {
    /// What a transport's failure, or cancellation, means here.
    public init(_ error: any Error, doing what: String) {
        switch error {
        case let error as KubeError:
            self = error
        case is CancellationError:
            self.init(.cancelled, "\(what) was cancelled")
        case let error as OutboundError:
            self.init(
                Self.code(of: error.code),
                "\(what) failed: \(error.summary)",
                cause: error,
                isRetryable: error.isRetryable
            )
        default:
            self.init(.invalidRequest, "\(what) failed", cause: error)
        }
    }

    /// Where a transport's failure belongs.
    private static func code(of code: OutboundError.Code) -> Code {
        switch code {
        case .invalidRequest: .invalidRequest
        case .nameResolution, .cannotConnect, .connectionLost, .closed, .tls: .unreachable
        case .unauthorized: .unauthorized
        case .timedOut: .timedOut
        case .cancelled: .cancelled
        case .tooLarge: .tooLarge
        case .malformedAnswer: .malformedAnswer
        case .rejected: .rejected
        case .overloaded: .overloaded
        }
    }
}

extension KubeError: CustomStringConvertible, CustomDebugStringConvertible {
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
