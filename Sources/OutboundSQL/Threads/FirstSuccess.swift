import Outbound

/// Tries candidates in order, each with its share of the time, until one succeeds or fails for good.
///
/// - Parameters:
///   - candidates: at least one.
///   - deadline: of all together; the time that is left is divided evenly among those that are left.
///   - attempt: gets a candidate and the end of its share.
/// - Throws: the ``OutboundError`` of the last one tried.
/// - Returns: what the first success gave.
package func firstSuccess<Candidate: Sendable, Value: Sendable>(
    _ candidates: [Candidate],
    _ deadline: ContinuousClock.Instant,
    _ attempt: (Candidate, _ share: ContinuousClock.Instant) async throws -> Value
) async throws -> Value {
    for (index, candidate) in candidates.enumerated().dropLast() {
        let now = ContinuousClock.now
        let share = now.advanced(by: now.duration(to: deadline) / (candidates.count - index))
        do {
            return try await attempt(candidate, share)
        } catch let error as OutboundError where isAboutTheHost(error.code) {
            // The next host may do better; if none does, the last one's failure is reported.
            continue
        }
    }
    guard let last = candidates.last else { preconditionFailure("there is always a candidate") }
    return try await attempt(last, deadline)
}

/// Whether another host may succeed where one failed so.
///
/// Refused credentials are refused everywhere.
private func isAboutTheHost(_ code: OutboundError.Code) -> Bool {
    switch code {
    case .cannotConnect, .nameResolution, .timedOut, .connectionLost: true
    case .invalidRequest, .tls, .unauthorized, .cancelled, .tooLarge, .malformedAnswer, .rejected, .overloaded,
        .closed:
        false
    }
}
