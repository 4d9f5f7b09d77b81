/// Work took longer than it may.
public struct DeadlinePassed: Error, Sendable, Hashable, CustomStringConvertible {
    /// How long it might take.
    public let limit: Duration

    /// One line that may be shown.
    public var description: String { "took longer than \(limit.components.seconds) s" }
}

extension TimeSource {
    /// Runs work and cancels it when it takes too long; returns only after it has ended.
    ///
    /// - Throws: ``DeadlinePassed``, or what the work throws.
    package func withDeadline<Answer: Sendable>(
        _ limit: Duration,
        _ work: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try await DeadlinePassed.unless(work, endsWithin: limit) { try await sleep(limit) }
    }
}

extension DeadlinePassed {
    /// Runs work until it ends, or until an alarm returns, which calls it off; returns only after it has ended.
    ///
    /// - Parameters:
    ///   - work: what takes long.
    ///   - limit: for the error.
    ///   - alarm: returns when the work has taken too long, and throws when it is cancelled.
    /// - Returns: what the work gives.
    /// - Throws: ``DeadlinePassed``, or what the work throws.
    static func unless<Answer: Sendable>(
        _ work: @escaping @Sendable () async throws -> Answer,
        endsWithin limit: Duration,
        alarm: @escaping @Sendable () async throws -> Void
    ) async throws -> Answer {
        try await withThrowingTaskGroup { group in
            group.addTask { try await work() }
            group.addTask {
                try await alarm()
                throw DeadlinePassed(limit: limit)
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else {
                preconditionFailure("a group of two gave nothing")
            }
            return answer
        }
    }
}
