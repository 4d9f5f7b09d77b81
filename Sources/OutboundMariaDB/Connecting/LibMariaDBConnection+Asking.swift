#if MariaDB
import CMariaDB
import Outbound

extension LibMariaDBConnection {
    /// Rows after the first that are read, so that the connection can be used again.
    private static let mostRows = 10_000

    /// Says what the connection string wants said before the first query.
    ///
    /// Blocks.
    func setUp(_ setUp: SessionSetUp) throws(OutboundError) {
        isClean = false
        if !setUp.names.isEmpty, !setUp.names.contains(where: { execute($0) }) { throw failure(\.asConnectError) }
        if let variables = setUp.variables, !execute(variables) { throw failure(\.asConnectError) }
        isClean = true
    }

    /// Has the server end queries after some time, if it can.
    ///
    /// Blocks.
    func limitTime(_ limit: Duration) throws(OutboundError) {
        guard limit != timeLimit else { return }
        isClean = false
        if !execute(SessionSetUp.timeLimit(limit, isMariaDB: isMariaDB)), !refusal.isUnknown {
            throw failure(\.asQueryError)
        }
        timeLimit = limit
        isClean = true
    }

    /// Asks a query: the first row of the first result that has columns.
    ///
    /// Blocks. After a row there may be more, for ``readRest()``.
    func ask(_ text: String) throws(OutboundError) -> SQLResult {
        isClean = false
        let isTaken = execute(text, keepsResult: true)
        mayHaveRun = isTaken || !refusal.isUnsent
        guard isTaken else { throw failure(\.asQueryError) }
        while mysql_field_count(raw) == 0 {
            switch mysql_next_result(raw) {
            case 0: continue
            case -1:
                isClean = !mayBeInTransaction
                return SQLResult(columns: [], firstRow: nil)
            default: throw failure(\.asQueryError)
            }
        }
        guard let result = mysql_use_result(raw) else { throw failure(\.asQueryError) }
        rest = result
        let columns = columns(of: result)
        if let row = mysql_fetch_row(result) {
            return SQLResult(columns: columns, firstRow: values(of: row, result))
        }
        defer { letGo(of: result) }
        guard mysql_errno(raw) == 0 else { throw failure(\.asQueryError) }
        isClean = mysql_more_results(raw) == 0 && !mayBeInTransaction
        return SQLResult(columns: columns, firstRow: nil)
    }

    /// Reads what follows the first row, so that the connection can be used again.
    ///
    /// Blocks.
    func readRest() {
        guard let rest else { return }
        isClean = skipRows(of: rest) && mysql_more_results(raw) == 0 && !mayBeInTransaction
        letGo(of: rest)
    }

    /// Whether the next query might see nothing that is newer than what this one saw: with `autocommit=0` each begins a
    /// transaction, and when one fails the server does not tell.
    private var mayBeInTransaction: Bool {
        let status = raw.pointee.server_status
        return status & UInt32(SERVER_STATUS_IN_TRANS) != 0 || status & UInt32(SERVER_STATUS_AUTOCOMMIT) == 0
    }

    /// Forgets an answer.
    ///
    /// The library reads to its end, so there must be one.
    private func letGo(of result: UnsafeMutablePointer<MYSQL_RES>) {
        if !isClean { handle.shutDown() }
        mysql_free_result(result)
        rest = nil
    }

    /// The error for the library's last complaint; notes whether the connection is of use after it.
    private func failure(_ error: (ServerRefusal) -> OutboundError) -> OutboundError {
        isClean = refusal.leavesConnection && !mayBeInTransaction
        let error = error(refusal)
        // A packet above our bound is told as a connection that was lost, but the packet is still there.
        guard error.code == .connectionLost, hasUnreadBytes else { return error }
        return OutboundError(.tooLarge, "the answer's first row is larger than 1 MiB")
    }

    /// Runs a statement.
    ///
    /// - Returns: whether the server took it; else ``refusal`` says why.
    private func execute(_ text: String, keepsResult: Bool = false) -> Bool {
        var text = text
        let status = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { mysql_real_query(raw, $0.baseAddress, UInt($0.count)) }
        }
        guard status == 0 else { return false }
        if !keepsResult, let result = mysql_use_result(raw) { mysql_free_result(result) }
        return true
    }

    /// Reads the rows that nobody wants, within bounds.
    ///
    /// - Returns: whether the end was reached.
    private func skipRows(of result: UnsafeMutablePointer<MYSQL_RES>) -> Bool {
        for _ in 0..<Self.mostRows {
            guard mysql_fetch_row(result) != nil else { return mysql_errno(raw) == 0 }
        }
        return false
    }

    /// The columns of a result.
    private func columns(of result: UnsafeMutablePointer<MYSQL_RES>) -> [SQLResult.Column] {
        (0..<mysql_num_fields(result))
            .compactMap { mysql_fetch_field_direct(result, $0)?.pointee }
            .map { field in
                SQLResult.Column(
                    name: field.name.map { String(cString: $0) } ?? "",
                    kind: SQLResult.Kind(fieldType: field.type.rawValue)
                )
            }
    }

    /// The values of the row that was fetched last.
    private func values(of row: MYSQL_ROW, _ result: UnsafeMutablePointer<MYSQL_RES>) -> [String?] {
        guard let lengths = mysql_fetch_lengths(result) else { return [] }
        return (0..<Int(mysql_num_fields(result)))
            .map { column in
                row[column]
                    .map { start in
                        String(
                            decoding: UnsafeRawBufferPointer(start: start, count: Int(lengths[column])),
                            as: UTF8.self
                        )
                    }
            }
    }
}
#endif
