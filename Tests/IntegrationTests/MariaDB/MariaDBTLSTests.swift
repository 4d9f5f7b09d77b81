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
                let session = try await client.value("SELECT CONNECTION_ID()", connection)
                #expect(try await client.value("SELECT CONNECTION_ID()", connection) == session)
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

        @Test func `a failure is told in the same words however many came before it`() async throws {
            let settings = MariaDBSettings(environment: ["SSL_CERT_FILE": "/nowhere/authorities.pem"])
            try await withMariaDB(settings) { client, server in
                let connection = server.connection("tls=true", host: "localhost")
                // They connect one after another, on one thread.
                let failures = try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            try await client.failure("SELECT 1", connection, hiding: server.password).debugDescription
                        }
                    }
                    return try await group.reduce(into: Set<String>()) { $0.insert($1) }
                }
                #expect(failures.count == 1, "\(failures)")
            }
        }

        @Test func `a connection that breaks under TLS is lost, and no matter of certificates`() async throws {
            try await withMariaDB(Self.trusting()) { client, server in
                let code = try await withThrowingTaskGroup(of: OutboundError.Code.self) { group in
                    group.addTask {
                        let connection = server.connection("tls=true", host: "localhost")
                        let query = "SELECT SLEEP(600) AS swell_breaks"
                        return try await client.failure(query, connection, hiding: server.password).code
                    }
                    let query = """
                        SELECT MAX(id) FROM information_schema.processlist
                        WHERE info LIKE '%swell\\_breaks%' AND id <> CONNECTION_ID()
                        """
                    try await eventually {
                        guard let id = try await client.value(query, server.connection()) else { return false }
                        try await client.ask("KILL \(id)", server.connection())
                        return true
                    }
                    return try await group.next()
                }
                #expect(code == .connectionLost)
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
