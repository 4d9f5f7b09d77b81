import Outbound

/// What a server says when it refuses something.
struct ServerRefusal: Sendable, Hashable {
    /// Five characters by which programs tell refusals apart.
    ///
    /// - Source: PostgreSQL, appendix "PostgreSQL Error Codes".
    var state: String
    /// The primary message.
    ///
    /// It may quote the query, but not the password.
    var message: String
    /// The rest, for the log.
    var detail: String

    /// ``message`` as one line of bearable length.
    var line: String {
        let line = message.map { $0.isNewline || $0 == "\t" ? " " : $0 }
        return line.count <= 300 ? String(line) : String(line.prefix(300)) + "…"
    }

    /// The error for a query that was refused.
    var asQueryError: OutboundError {
        let because = "\(line) (\(state))"
        return switch (state.prefix(2), state) {
        case (_, "57014"): OutboundError(.timedOut, "the server stopped the query: \(because)", detail: detail)
        // Shut down, crashed, timed out while idle; PgBouncer says 08P01 for whatever happened behind it.
        case ("08", _), (_, "57P01"), (_, "57P02"), (_, "57P03"), (_, "57P05"), (_, "25P03"):
            OutboundError(.connectionLost, "the connection to the database broke: \(because)", detail: detail)
        case ("28", _):
            OutboundError(.unauthorized, "the database refused the credentials: \(because)", detail: detail)
        default: OutboundError(.rejected, "the query failed: \(because)", detail: detail)
        }
    }
}
