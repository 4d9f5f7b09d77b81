package import Outbound

/// Runs work that ends soon after it is cancelled, and cancels it at an instant.
///
/// - Parameters:
///   - deadline: when the work is cancelled.
///   - late: thrown if the work was cancelled for that reason; an answer that came in the same moment still counts.
///   - work: throws ``OutboundError`` `.cancelled` when it is cancelled.
/// - Throws: what the work throws, or `late`.
/// - Returns: what the work returns.
package func withDeadline<Value: Sendable>(
    _ deadline: ContinuousClock.Instant,
    orThrow late: OutboundError,
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            // A sleep that ends early was cancelled because the work is over: nothing is lost with its error.
            try? await Task.sleep(until: deadline, clock: .continuous)
            return nil
        }
        if let first = try await group.next(), let value = first {
            group.cancelAll()
            return value
        }
        group.cancelAll()
        do {
            if let second = try await group.next(), let value = second { return value }
            throw late
        } catch let error as OutboundError where error.code == .cancelled {
            throw Task.isCancelled ? error : late
        }
    }
}
