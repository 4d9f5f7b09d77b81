import Foundation
import Outbound

/// Makes sense of libpq's complaints about a connection that did not open.
///
/// - Source: libpq's messages (fe-connect.c, fe-auth.c, fe-secure-openssl.c of PostgreSQL 15), which are English,
///   because the process has no locale.
enum ConnectFailure {
    /// What a message that holds a fragment means.
    private struct Meaning {
        let fragment: String
        let code: OutboundError.Code
        let summary: String

        /// Makes a row of the table.
        init(_ fragment: String, _ code: OutboundError.Code, _ summary: String) {
            self.fragment = fragment
            self.code = code
            self.summary = summary
        }
    }

    /// The error for libpq's verbose message, in which a server's refusal stands as `FATAL:  28P01: text`.
    static func explain(_ message: String) -> OutboundError {
        let detail = message.split(whereSeparator: \.isNewline).joined(separator: "; ")
        // With sslmode=prefer there are two attempts in the message; the last one decided.
        if let refusal = message.matches(of: #/:  ([0-9A-Z]{5}): ([^\n]*)/#).last {
            return explain(ServerRefusal(state: String(refusal.1), message: String(refusal.2), detail: detail))
        }
        let meaning = meanings.first { message.contains($0.fragment) }
        return OutboundError(
            meaning?.code ?? .cannotConnect,
            meaning?.summary ?? "cannot connect to the database",
            detail: detail
        )
    }

    /// The error for a server's refusal.
    private static func explain(_ refusal: ServerRefusal) -> OutboundError {
        let because = "\(refusal.line) (\(refusal.state))"
        return switch refusal.state.prefix(2) {
        case "28":
            OutboundError(.unauthorized, "the database refused the credentials: \(because)", detail: refusal.detail)
        case "53": OutboundError(.cannotConnect, "the database has no room: \(because)", detail: refusal.detail)
        case "57": OutboundError(.cannotConnect, "the database is not ready: \(because)", detail: refusal.detail)
        default: OutboundError(.rejected, "the database refused the connection: \(because)", detail: refusal.detail)
        }
    }

    /// The first that fits counts.
    private static let meanings = [
        Meaning("no password supplied", .unauthorized, "the database asks for a password and none is given"),
        Meaning("server does not support SSL", .tls, "the database does not offer TLS, which sslmode asks for"),
        Meaning("does not match host name", .tls, "the database's certificate is for another host name"),
        Meaning("certificate verify failed", .tls, "the database's certificate is not trusted"),
        Meaning(
            "root certificate file",
            .tls,
            "there are no trusted certificates to verify the database's: see sslrootcert"
        ),
        Meaning("invalid response to SSL negotiation", .malformedAnswer, notADatabase),
        Meaning("expected authentication request", .malformedAnswer, notADatabase),
        Meaning("lost synchronization", .malformedAnswer, notADatabase),
        Meaning("SSL", .tls, "TLS with the database failed"),
        Meaning("certificate", .tls, "TLS with the database failed"),
        Meaning("private key", .tls, "TLS with the database failed"),
        Meaning("SCRAM", .unauthorized, "the database could not be convinced, or did not convince us, by password"),
        Meaning(
            "authentication method",
            .unauthorized,
            "the database asks for a way of authentication that is not supported"
        ),
        Meaning("session is", .cannotConnect, "the server is not of the kind that target_session_attrs asks for"),
        Meaning("hot standby", .cannotConnect, "the server is not of the kind that target_session_attrs asks for"),
        Meaning("server closed the connection", .connectionLost, "the database closed the connection"),
        Meaning("could not receive data", .connectionLost, "the connection to the database broke"),
        Meaning("could not send", .connectionLost, "the connection to the database broke"),
        Meaning("Connection refused", .cannotConnect, "nothing accepts connections at the database's address"),
        Meaning("No such file", .cannotConnect, "the database's socket is not there"),
        Meaning(
            "definition of service",
            .invalidRequest,
            "the service that the connection string names is not defined"
        ),
        Meaning("service file", .invalidRequest, "the service file cannot be used"),
        Meaning("invalid", .invalidRequest, "a setting in the connection string has a value that libpq does not know"),
    ]

    /// The summary for something that speaks another protocol.
    private static let notADatabase = "what answers at the database's address is not a PostgreSQL server"
}
