import Outbound
import Testing

@testable import OutboundMariaDB

@Suite struct ServerRefusalTests {
    @Test(
        arguments: [
            (1045, "Access denied for user", OutboundError.Code.unauthorized, "refused the credentials: Access denied"),
            (1049, "Unknown database", .rejected, "refused the connection: Unknown database"),
            (1040, "Too many connections", .cannotConnect, "no room"),
            (2005, "Unknown server host", .nameResolution, "host"),
            (2002, "Can't connect to server on '10.0.0.1' (111)", .cannotConnect, "nothing accepts connections"),
            (2002, "Can't connect to server on '10.0.0.1' (115)", .cannotConnect, "nothing accepts connections"),
            (2002, "Can't connect to local server through socket '/x' (2)", .cannotConnect, "socket is not there"),
            (2013, "Lost connection at 'handshake'", .connectionLost, "did not answer"),
            (2026, "TLS/SSL error: certificate verify failed", .tls, "not trusted"),
            (2026, "TLS/SSL error: Validation of SSL server certificate failed", .tls, "another host name"),
            (2026, "SSL is required, but the server does not support it", .tls, "does not offer TLS"),
            (2059, "Plugin dialog could not be loaded", .unauthorized, "way of authentication"),
            (5010, "not allowed", .unauthorized, "allowCleartextPasswords"),
            (2027, "", .malformedAnswer, "not a MySQL server"),
        ] as [(UInt32, String, OutboundError.Code, String)]
    )
    func `a connection that does not open says why`(
        number: UInt32,
        message: String,
        code: OutboundError.Code,
        summary: String
    ) {
        let error = ServerRefusal(number: number, state: "HY000", message: message).asConnectError
        #expect(error.code == code && error.summary.contains(summary), "\(error.summary)")
        #expect(!error.summary.contains("10.0.0.1"))
    }

    @Test(arguments: [(2006, true), (2013, false), (2026, false), (1927, false), (1053, false), (1064, false)])
    func `a statement counts as unsent only where it cannot have reached the server`(number: UInt32, isUnsent: Bool) {
        #expect(ServerRefusal(number: number, state: "HY000", message: "").isUnsent == isUnsent)
    }

    @Test(
        arguments: [
            (1064, OutboundError.Code.rejected, true), (1146, .rejected, true), (1969, .timedOut, true),
            (3024, .timedOut, true), (1927, .connectionLost, false), (2006, .connectionLost, false),
            (2013, .connectionLost, false), (2026, .connectionLost, false), (2020, .tooLarge, false),
            (2027, .malformedAnswer, false),
        ] as [(UInt32, OutboundError.Code, Bool)]
    )
    func `a query that fails says why, and whether the connection is left`(
        number: UInt32,
        code: OutboundError.Code,
        leavesConnection: Bool
    ) {
        let refusal = ServerRefusal(number: number, state: "HY000", message: "line one\nline two")
        #expect(refusal.asQueryError.code == code)
        #expect(refusal.leavesConnection == leavesConnection)
        #expect(!refusal.asQueryError.summary.contains("\n"))
    }
}
