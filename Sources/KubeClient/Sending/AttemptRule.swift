import Outbound

/// Decides what follows an answer of the API server: take it, log in anew, wait as asked, or give up.
///
/// Pure.
///
/// One value lives for one call. A credential is renewed once; waiting is done only where the server asks for it with
/// `Retry-After`, which it sends when it has not begun to work on the request.
struct AttemptRule {
    /// What to do now.
    enum Step: Equatable {
        /// The answer is final, good or bad.
        case accept
        /// Get other credentials and ask again.
        case logInAgain
        /// Ask again after a while.
        case wait(Duration)
    }

    /// Waits that are left.
    private var waitsLeft: Int
    /// The longest wait that is honoured; what asks for more is given to the caller as an error.
    private let longestWait: Duration
    /// Whether credentials were renewed already.
    private var hasLoggedInAgain = false

    /// Starts a call.
    init(waits: Int, longestWait: Duration) {
        self.waitsLeft = waits
        self.longestWait = longestWait
    }

    /// An answer's head has come.
    mutating func next(after head: HTTPResponseHead) -> Step {
        switch head.status {
        case 401:
            if hasLoggedInAgain { return .accept }
            hasLoggedInAgain = true
            return .logInAgain
        case 429, 500...599:
            guard let wait = head.retryAfter, wait <= longestWait, waitsLeft > 0 else { return .accept }
            waitsLeft -= 1
            return .wait(wait)
        default:
            return .accept
        }
    }
}
