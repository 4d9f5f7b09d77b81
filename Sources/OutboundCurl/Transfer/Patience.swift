import Outbound

/// When a transfer has waited long enough.
///
/// Pure: every event brings its own time.
///
/// A whole answer must be there by its deadline. A stream has a deadline for its head; after that only silence counts,
/// and silence while libcurl is paused is the reader's own.
struct Patience {
    /// The moment to give up unless something happens first; `nil` for never.
    private(set) var due: ContinuousClock.Instant?
    /// Longest silence within a body; `nil` for any.
    private let idleLimit: Duration?
    /// Whether the deadline covers the body too.
    private let coversBody: Bool
    /// Whether the head has come.
    private var isInBody = false

    /// Patience for one transfer that starts now.
    init(until deadline: ContinuousClock.Instant, coversBody: Bool, idleLimit: Duration?) {
        self.due = deadline
        self.coversBody = coversBody
        self.idleLimit = idleLimit
    }

    /// The head is complete.
    mutating func headCame(at now: ContinuousClock.Instant) {
        isInBody = true
        somethingCame(at: now)
    }

    /// Bytes of the body have come, or libcurl goes on after a pause.
    mutating func somethingCame(at now: ContinuousClock.Instant) {
        if isInBody && !coversBody { due = idleLimit.map { now.advanced(by: $0) } }
    }

    /// libcurl waits for the reader.
    mutating func paused() {
        if isInBody && !coversBody { due = nil }
    }

    /// Why the transfer is given up when ``due`` has passed.
    ///
    /// - Parameter phase: how far it came, in words for the log.
    /// - Returns: `.timedOut`, with a summary that tells a slow start from a later silence.
    func failure(_ phase: String) -> OutboundError {
        let isSilence = isInBody && !coversBody
        return OutboundError(
            .timedOut,
            isSilence ? "the server stopped sending" : "no complete answer before the deadline",
            detail: phase
        )
    }
}
