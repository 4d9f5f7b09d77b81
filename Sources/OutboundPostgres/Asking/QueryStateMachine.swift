import Outbound

/// The dialogue about one query: `BEGIN`, `SET LOCAL statement_timeout`, the query and `COMMIT` go out together, then
/// their answers come in order; after a refusal everything up to the end is skipped and the transaction rolled back.
///
/// Pure: results of libpq in, what to do out. Nothing that a server says is impossible here.
struct QueryStateMachine {
    /// What comes from the server.
    enum Event {
        /// A statement succeeded without rows.
        case succeeded
        /// A row; only the first is asked for.
        case row(SQLResult)
        /// There are no more rows; columns alone tell what they would have held.
        case endOfRows([SQLResult.Column])
        /// A statement was refused.
        case refused(ServerRefusal)
        /// A statement is skipped, because an earlier one was refused.
        case skipped
        /// There is nothing more for this statement.
        case endOfStatement
        /// There is nothing more for what we have sent.
        case endOfAnswer(isInTransaction: Bool)
        /// A row is larger than ``PostgresConnection/mostBytes``.
        case largeRow
        /// The answer is of a kind that no query gives, as to `COPY`.
        case unusable
    }

    /// What to do.
    enum Action {
        /// Take the next result.
        case readOn
        /// The next results are the query's: have them one row at a time, then take them.
        case expectRows
        /// Send `ROLLBACK`, then go on reading.
        case rollBack
        /// It is over.
        case finish(Verdict)
    }

    /// How it ended.
    struct Verdict {
        /// The answer.
        let result: Result<SQLResult, OutboundError>
        /// Whether the connection can take the next query.
        let isClean: Bool
    }

    /// Where the dialogue is.
    private enum State {
        /// Reading the answer to a statement. Can go to `rollingBack` or `over`.
        case reading(statement: Int)
        /// Reading the answer to `ROLLBACK`. Can go to `over`.
        case rollingBack
        /// Nothing more is read.
        case over
    }

    /// See ``State``.
    private var state = State.reading(statement: 0)
    /// The statement whose rows count.
    private let query: Int
    /// The query's answer so far.
    private(set) var answer: SQLResult?
    /// The first refusal.
    private var failure: OutboundError?
    /// Whether the server has done anything for us yet.
    private(set) var hasBegun = false

    /// Waits for the answers.
    ///
    /// - Parameter query: how many statements were sent before the query.
    init(query: Int) {
        self.query = query
    }

    /// Whether a row is kept already, so that the next ones need not be looked at.
    var hasRow: Bool { answer?.firstRow != nil }

    /// A result came.
    mutating func received(_ event: Event) -> Action {
        switch event {
        case .succeeded:
            hasBegun = true
            if isAtQuery, answer == nil { answer = SQLResult(columns: [], firstRow: nil) }
        case .row(let row):
            if isAtQuery, !hasRow { answer = row }
        case .endOfRows(let columns):
            if isAtQuery, answer == nil { answer = SQLResult(columns: columns, firstRow: nil) }
        case .refused(let refusal):
            failure = failure ?? refusal.asQueryError
        case .skipped:
            break
        case .largeRow:
            failure = failure ?? .largeRow
            return finish(isClean: false)
        case .unusable:
            failure = failure ?? OutboundError(.rejected, "the query is not of a kind that gives rows")
            return finish(isClean: false)
        case .endOfStatement:
            guard case .reading(let statement) = state else { return .readOn }
            state = .reading(statement: statement + 1)
            return isAtQuery ? .expectRows : .readOn
        case .endOfAnswer(let isInTransaction):
            if isInTransaction, case .reading = state {
                state = .rollingBack
                return .rollBack
            }
            return finish(isClean: !isInTransaction)
        }
        return .readOn
    }

    /// Whether results belong to the query.
    private var isAtQuery: Bool {
        if case .reading(query) = state { true } else { false }
    }

    /// Ends the dialogue.
    private mutating func finish(isClean: Bool) -> Action {
        state = .over
        if let failure { return .finish(Verdict(result: .failure(failure), isClean: isClean)) }
        guard let answer else {
            let nothing = OutboundError(.malformedAnswer, "the database did not answer the query")
            return .finish(Verdict(result: .failure(nothing), isClean: false))
        }
        return .finish(Verdict(result: .success(answer), isClean: isClean))
    }
}

extension OutboundError {
    /// The error for a first row that is too large.
    static let largeRow = OutboundError(.tooLarge, "the answer's first row is larger than 1 MiB")
}
