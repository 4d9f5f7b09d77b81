import Outbound
import OutboundPostgres
import OutboundSQL
import Testing

extension PostgresTests {
    /// Encrypted connections.
    @Suite struct TLS {
        private static let isEncrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"

        @Test(arguments: [("disable", "f"), ("allow", "f"), ("prefer", "t"), ("require", "t")])
        func `sslmode decides on encryption`(mode: String, expected: String) async throws {
            try await withPostgres { client, server in
                let answer = try await client.value(Self.isEncrypted, server.connection("sslmode=\(mode)"))
                #expect(answer == expected)
            }
        }

        @Test(arguments: ["verify-ca", "verify-full"])
        func `a certificate is verified against the name, though the address was found by us`(mode: String) async throws
        {
            try await withPostgres { client, server in
                let trusted = server.connection("host=localhost sslmode=\(mode) sslrootcert=\(server.authority)")
                let answer = try await client.value(Self.isEncrypted, trusted)
                #expect(answer == "t")
            }
        }

        @Test func `a certificate for another name is refused`() async throws {
            let names = NameResolver { _ throws(OutboundError) in ["127.0.0.1"] }
            try await withPostgres(names: names) { client, server in
                let other = server.connection("host=other.test sslmode=verify-full sslrootcert=\(server.authority)")
                let error = try await client.failure("SELECT 1", other, hiding: server.password)
                #expect(error.code == .tls)
                #expect(error.summary == "the database's certificate is for another host name")
            }
        }

        @Test func `a certificate that nobody vouches for is refused`() async throws {
            try await withPostgres { client, server in
                let system = server.connection("sslmode=verify-full sslrootcert=none")
                let error = try await client.failure("SELECT 1", system, hiding: server.password)
                #expect(error.code == .tls)
            }
        }

        @Test func `many rows come through TLS`() async throws {
            try await withPostgres { client, server in
                let rows = "SELECT repeat('x', 1000) FROM generate_series(1, 900)"
                let connection = server.connection("sslmode=require")
                let session = try await client.value("SELECT pg_backend_pid()", connection)
                for _ in 0..<10 { #expect(try await client.value(rows, connection)?.count == 1000) }
                #expect(try await client.value("SELECT pg_backend_pid()", connection) == session)
                #expect(try await client.value("SELECT repeat('y', 900000)", connection)?.count == 900_000)
            }
        }

        @Test func `a server without TLS is told`() async throws {
            try await withPostgres { client, server in
                // PgBouncer of the tests offers none.
                let plain = server.connection(port: server.bouncerPort, "sslmode=require")
                let error = try await client.failure("SELECT 1", plain, hiding: server.password)
                #expect(error.code == .tls)
                #expect(error.summary == "the database does not offer TLS, which sslmode asks for")
            }
        }
    }
}
