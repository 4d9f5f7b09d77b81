import CPQ
import Outbound

extension LibPQConnection {
    /// Puts statements and a mark for their end into libpq's send buffer.
    ///
    /// Unnamed statements with text results, so that a PgBouncer in front may give each transaction another server.
    ///
    /// - Returns: `false` if libpq refuses, which only a broken connection makes it do.
    func queue(_ statements: [String]) -> Bool {
        statements.allSatisfy { PQsendQueryParams(raw, $0, 0, nil, nil, nil, nil, 0) == 1 } && PQpipelineSync(raw) == 1
    }

    /// Sends as much of the send buffer as the socket takes.
    ///
    /// - Returns: whether all is sent; `nil` if the connection is broken.
    func flush() -> Bool? {
        switch PQflush(raw) {
        case 0: true
        case 1: false
        default: nil
        }
    }

    /// Reads what has come.
    ///
    /// - Returns: `false` if the connection is broken.
    func readInput() -> Bool {
        counting { PQconsumeInput(raw) == 1 }
    }

    /// Whether bytes may be there that the socket does not show: TLS decrypts more at a time than libpq takes.
    var mayHideInput: Bool { PQsslInUse(raw) == 1 }

    /// From the next result on, rows come one at a time.
    ///
    /// - Returns: `false` if it is too late for that.
    func enterSingleRowMode() -> Bool { PQsetSingleRowMode(raw) == 1 }

    /// What there is to read in libpq's buffer.
    enum Received {
        /// Nothing whole yet.
        case nothing
        /// A result.
        case event(QueryStateMachine.Event)
        /// The end of the connection.
        case end(OutboundError)
    }

    /// Takes the next result, perhaps without looking at rows.
    func nextResult(skipsRows: Bool) -> Received {
        guard PQisBusy(raw) == 0 else { return PQstatus(raw) == CONNECTION_OK ? .nothing : .end(lost) }
        guard let result = PQgetResult(raw) else {
            return PQstatus(raw) == CONNECTION_OK ? .event(.endOfStatement) : .end(lost)
        }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK: return .event(.succeeded)
        case PGRES_SINGLE_TUPLE:
            if skipsRows { return .event(.row(SQLResult(columns: [], firstRow: []))) }
            let size = (0..<PQnfields(result)).reduce(0) { $0 + Int(PQgetlength(result, 0, $1)) }
            return .event(size > PostgresConnection.mostBytes ? .largeRow : .row(firstRow(of: result)))
        case PGRES_TUPLES_OK: return .event(.endOfRows(skipsRows ? [] : columns(of: result)))
        case PGRES_PIPELINE_ABORTED: return .event(.skipped)
        case PGRES_PIPELINE_SYNC: return .event(.endOfAnswer(isInTransaction: PQtransactionStatus(raw) != PQTRANS_IDLE))
        case PGRES_FATAL_ERROR:
            guard let refusal = refusal(in: result) else { return .end(lost) }
            return .event(.refused(refusal))
        case PGRES_EMPTY_QUERY:
            return .event(.refused(ServerRefusal(state: "42601", message: "the query is empty", detail: "")))
        default: return .event(.unusable)
        }
    }

    /// The error for a connection that is there no more.
    private var lost: OutboundError {
        let detail = message.split(whereSeparator: \.isNewline).joined(separator: "; ")
        return OutboundError(.connectionLost, "the connection to the database broke", detail: detail)
    }

    /// A refusal by the server; `nil` if libpq itself complains.
    private func refusal(in result: OpaquePointer) -> ServerRefusal? {
        func field(_ code: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(code.value)).map { redact(String(cString: $0)) }
        }
        // The letters of PG_DIAG_SQLSTATE and its like, which Swift cannot import.
        guard let state = field("C") else { return nil }
        let detail = [field("D"), field("H").map { "hint: \($0)" }].compactMap(\.self).joined(separator: "; ")
        return ServerRefusal(state: state, message: field("M") ?? "no reason given", detail: detail)
    }

    /// The columns of a result.
    private func columns(of result: OpaquePointer) -> [SQLResult.Column] {
        (0..<PQnfields(result))
            .map { column in
                SQLResult.Column(
                    name: PQfname(result, column).map { String(cString: $0) } ?? "",
                    kind: SQLResult.Kind(typeNumber: PQftype(result, column))
                )
            }
    }

    /// The columns and the values of a result's first row.
    private func firstRow(of result: OpaquePointer) -> SQLResult {
        let values = (0..<PQnfields(result))
            .map { column in
                PQgetisnull(result, 0, column) == 1 ? nil : String(cString: PQgetvalue(result, 0, column))
            }
        return SQLResult(columns: columns(of: result), firstRow: values)
    }
}
