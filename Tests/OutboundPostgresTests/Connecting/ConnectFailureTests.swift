import Outbound
import Testing

@testable import OutboundPostgres

@Suite struct ConnectFailureTests {
    /// The beginning of libpq's messages.
    static let failed = #"connection to server at "db" (10.0.0.1), port 5432 failed: "#

    @Test(arguments: [
        (
            failed
                + "FATAL:  28P01: password authentication failed for user \"me\"\nLOCATION:  auth_failed, auth.c:338\n",
            OutboundError.Code.unauthorized,
            "the database refused the credentials: password authentication failed for user \"me\" (28P01)"
        ),
        (
            failed + "FATAL:  28000: no pg_hba.conf entry, SSL encryption\n" + failed
                + "FATAL:  28000: no encryption\n",
            .unauthorized, "the database refused the credentials: no encryption (28000)"
        ),
        (
            failed + "FATAL:  3D000: database \"x\" does not exist\n", .rejected,
            "the database refused the connection: database \"x\" does not exist (3D000)"
        ),
        (
            failed + "FATAL:  53300: sorry, too many clients already\n", .cannotConnect,
            "the database has no room: sorry, too many clients already (53300)"
        ),
        (
            failed + "FATAL:  57P03: the database system is starting up\n", .cannotConnect,
            "the database is not ready: the database system is starting up (57P03)"
        ),
        (
            failed + "FEHLER:  42704: unbekannt\n", .rejected, "the database refused the connection: unbekannt (42704)"
        ),
        (failed + "Connection refused\n", .cannotConnect, "nothing accepts connections at the database's address"),
        (failed + "No route to host\n", .cannotConnect, "cannot connect to the database"),
        (
            failed + "fe_sendauth: no password supplied\n", .unauthorized,
            "the database asks for a password and none is given"
        ),
        (failed + "server closed the connection unexpectedly\n", .connectionLost, "the database closed the connection"),
        (failed + "SSL error: certificate verify failed\n", .tls, "the database's certificate is not trusted"),
        (failed + "SSL error: tlsv1 alert protocol version\n", .tls, "TLS with the database failed"),
        (
            failed + "expected authentication request from server, but received H\n", .malformedAnswer,
            "what answers at the database's address is not a PostgreSQL server"
        ),
        (
            "invalid target_session_attrs value: \"x\"\n", .invalidRequest,
            "a setting in the connection string has a value that libpq does not know"
        ),
        ("", .cannotConnect, "cannot connect to the database"),
    ])
    func `libpq's complaint becomes a code and a line to show`(
        message: String,
        code: OutboundError.Code,
        summary: String
    ) {
        let error = ConnectFailure.explain(message)
        #expect(error.code == code)
        #expect(error.summary == summary)
        #expect(!error.detail.contains("\n"))
    }
}
