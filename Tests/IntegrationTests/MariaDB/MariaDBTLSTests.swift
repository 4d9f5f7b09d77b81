#if MariaDB
import Outbound
import OutboundMariaDB
import Testing

extension MariaDBTests {
    /// Encrypted connections.
    @Suite(.serialized) struct TLS {
        private static let cipher =
            "SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'SSL_CIPHER'"

        /// Settings that trust the authority of the tests.
        private static func trusting() throws -> MariaDBSettings {
            MariaDBSettings(environment: ["SSL_CERT_FILE": try TestServers.variable("MARIADB_CA")])
        }

        @Test(arguments: [
            ("", false), ("tls=false", false), ("tls=preferred", true), ("tls=skip-verify", true), ("tls=true", true),
        ])
        func `tls decides on encryption`(parameter: String, isEncrypted: Bool) async throws {
            try await withMariaDB(Self.trusting()) { client, server in
                let connection = server.connection(parameter, host: "localhost")
                let cipher = try await client.value(Self.cipher, connection)
                #expect(cipher?.isEmpty == !isEncrypted)
                let large = try await client.value("SELECT REPEAT('y', 900000)", connection)
                #expect(large?.count == 900_000)
                #expect(try await client.value(Self.cipher, connection) == cipher)
            }
        }

        @Test func `a certificate for another name is refused`() async throws {
            try await withMariaDB(Self.trusting()) { client, server in
                // The certificate is for localhost alone.
                let error = try await client.failure("SELECT 1", server.connection("tls=true"), hiding: server.password)
                #expect(error.code == .tls)
                #expect(
                    error.summary == "the database's certificate is for another host name",
                    "\(error.debugDescription)"
                )
            }
        }

        @Test func `a certificate that nobody vouches for is refused`() async throws {
            try await withMariaDB { client, server in
                let connection = server.connection("tls=true", host: "localhost")
                let error = try await client.failure("SELECT 1", connection, hiding: server.password)
                #expect(error.code == .tls)
                #expect(error.summary == "the database's certificate is not trusted", "\(error.debugDescription)")
            }
        }

        @Test func `a server without TLS is told where TLS is asked for`() async throws {
            try await withMariaDB(Self.trusting()) { client, server in
                try await server.control("restart", "--skip-ssl")
                var codes: [OutboundError.Code?] = []
                for parameter in ["tls=true", "tls=skip-verify", "tls=preferred"] {
                    do {
                        try await client.ask("SELECT 1", server.connection(parameter, host: "localhost"))
                        codes.append(nil)
                    } catch {
                        codes.append((error as? OutboundError)?.code)
                    }
                }
                try await server.control("restart")
                #expect(codes == [.tls, .tls, nil])
            }
        }
    }
}
#endif
