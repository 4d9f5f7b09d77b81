import Synchronization

/// Counts who is inside, up to a limit.
final class Occupancy: Sendable {
    /// How many are inside.
    private let inside = Mutex(0)
    /// How many may be.
    private let limit: Int

    /// Nobody is inside.
    init(limit: Int) {
        self.limit = limit
    }

    /// Does something if there is room for it.
    ///
    /// - Returns: what `body` returns; `nil` when there is no room.
    func enter<Result>(_ body: () async throws -> Result) async rethrows -> Result? {
        let isAdmitted = inside.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
        guard isAdmitted else { return nil }
        defer { inside.withLock { $0 -= 1 } }
        return try await body()
    }
}
