import Outbound

/// A complaint of a server or of the library, with its number.
///
/// - Source: MariaDB, "MariaDB Error Codes"; MySQL, "Server Error Message Reference" and "Client Error Message
///   Reference"; numbers from 2000 to 2999 and from 5000 to 5999 are the library's own.
struct ServerRefusal: Sendable, Hashable {
    /// Tells refusals apart.
    var number: UInt32
    /// Five characters, less telling than the number.
    var state: String
    /// The message, without the password.
    var message: String

    /// ``message`` as one line of bearable length, with number and state.
    private var line: String {
        let line = message.map { $0.isNewline || $0 == "\t" ? " " : $0 }
        return "\(line.count <= 300 ? String(line) : String(line.prefix(300)) + "…") (\(number), \(state))"
    }

    /// Whether a server that does not know a variable or a statement said so.
    var isUnknown: Bool { [1064, 1193, 1227, 1231, 1235].contains(number) }

    /// Whether the library could not send the statement to its end, so that the server did nothing with it.
    var isUnsent: Bool { number == 2006 }

    /// Whether the server said so, and goes on listening on the connection.
    var leavesConnection: Bool {
        switch number {
        case 0, 2000...2999, 5000...5999: false
        default: asQueryError.code != .connectionLost
        }
    }

    /// The error for a connection that did not open.
    var asConnectError: OutboundError {
        switch number {
        case 1045, 1044, 1130, 1251, 1275, 1524, 1698, 1820, 1862, 3118, 4151:
            OutboundError(.unauthorized, "the database refused the credentials: \(line)")
        case 1040, 1203, 1226: OutboundError(.cannotConnect, "the database has no room: \(line)")
        case 1053, 1129, 3169: OutboundError(.cannotConnect, "the database is not ready: \(line)")
        case 2059, 2061:
            OutboundError(
                .unauthorized,
                "the database asks for a way of authentication that is not at hand or failed",
                detail: line
            )
        case 5010:
            OutboundError(
                .unauthorized,
                "the database asks for a way of authentication that the connection string does not allow "
                    + "(allowCleartextPasswords, allowNativePasswords)",
                detail: line
            )
        case 2001...2004, 2009: OutboundError(.cannotConnect, connectSummary, detail: line)
        case 2012, 2013, 2055:
            OutboundError(.connectionLost, "the database closed the connection or did not answer", detail: line)
        default: asCommonError ?? OutboundError(.rejected, "the database refused the connection: \(line)")
        }
    }

    /// The error for a query that was refused.
    var asQueryError: OutboundError {
        switch number {
        case 1317, 1969, 3024: OutboundError(.timedOut, "the server stopped the query: \(line)")
        case 1053, 1077, 1079, 1927, 3169, 4031, 1152...1161:
            OutboundError(.connectionLost, "the connection to the database broke: \(line)")
        // 2026 is TLS, which has been agreed on by then.
        case 2006, 2013, 2026, 2055:
            OutboundError(.connectionLost, "the connection to the database broke", detail: line)
        case 2020: OutboundError(.tooLarge, "the answer's first row is larger than 1 MiB", detail: line)
        case 4166, 5004, 2068, 1148:
            OutboundError(.rejected, "the query asks for a file of ours, which it does not get", detail: line)
        default: asCommonError ?? OutboundError(.rejected, "the query failed: \(line)")
        }
    }

    /// The error for what may come at any time; `nil` if this is nothing of that kind.
    private var asCommonError: OutboundError? {
        switch number {
        case 2005: OutboundError(.nameResolution, "the host name has no address", detail: line)
        case 2007, 2027, 2014:
            OutboundError(
                .malformedAnswer,
                "what answers at the database's address is not a MySQL server",
                detail: line
            )
        case 2008: OutboundError(.overloaded, "memory has run out", detail: line)
        case 2026: tlsError
        case 2020: OutboundError(.malformedAnswer, "what the database says is too long", detail: line)
        case 2000...2999, 5000...5999:
            OutboundError(.cannotConnect, "the connection to the database failed", detail: line)
        default: nil
        }
    }

    /// What failed of TLS.
    private var tlsError: OutboundError {
        let summary =
            if message.contains("does not support") {
                "the database does not offer TLS, which the connection string asks for"
            } else if message.contains("Validation of SSL server certificate failed") || message.contains("ostname") {
                "the database's certificate is for another host name"
            } else if message.contains("certificate") || message.contains("verif") {
                "the database's certificate is not trusted"
            } else {
                "TLS with the database failed"
            }
        return OutboundError(.tls, summary, detail: line)
    }

    /// Why there is no connection: the library's message ends with the system's number.
    private var connectSummary: String {
        // 115, "in progress", is what the library says of a connection that was refused after a moment.
        if message.contains("(111)") || message.contains("(115)") {
            return "nothing accepts connections at the database's address"
        }
        if message.contains("(2)") { return "the database's socket is not there" }
        return "cannot connect to the database"
    }
}
