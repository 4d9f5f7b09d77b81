public import Outbound

/// A database that answers every question from a closure.
public struct AnsweringSQL: SQLClient {
    /// Gives the answers.
    private let answer: @Sendable (SQLQuery) throws -> SQLResult

    /// Takes the closure.
    public init(_ answer: @escaping @Sendable (SQLQuery) throws -> SQLResult) {
        self.answer = answer
    }

    /// See `SQLClient`.
    public func run(_ query: SQLQuery) async throws -> SQLResult { try answer(query) }
}
