import Foundation
import Outbound
import OutboundPostgres
import OutboundSQL
import Testing

extension PostgresTests {
    /// What may go wrong, and what is said about it.
    @Suite struct Failures {
        @Test(arguments: [
            ("SELEC 1", "the query failed: syntax error at or near \"SELEC\" (42601)"),
            ("SELECT * FROM nowhere", "the query failed: relation \"nowhere\" does not exist (42P01)"),
            ("SELECT 1/0", "the query failed: division by zero (22012)"),
            (
                "SELECT 1; SELECT 2",
                "the query failed: cannot insert multiple commands into a prepared statement (42601)"
            ),
            ("", "the query failed: the query is empty (42601)"),
            ("COPY pg_type TO STDOUT", "the query is not of a kind that gives rows"),
            ("SELECT 1/(x-2) FROM generate_series(1, 3) AS x", "the query failed: division by zero (22012)"),
        ])
        func `a refused query is explained, and leaves nothing behind`(query: String, summary: String) async throws {
            try await withPostgres { client, server in
                let connection = server.connection()
                let error = try await client.failure(query, connection, hiding: server.password)
                #expect(error.code == .rejected)
                #expect(error.summary == summary)
                #expect(try await client.value("SELECT 1", connection) == "1")
            }
        }

        @Test func `a refused query keeps its connection`() async throws {
            try await withPostgres { client, server in
                let connection = server.connection()
                let session = try await client.value("SELECT pg_backend_pid()", connection)
                _ = try await client.failure("SELECT * FROM nowhere", connection, hiding: server.password)
                #expect(try await client.value("SELECT pg_backend_pid()", connection) == session)
            }
        }

        @Test func `a wrong password is refused and never shown`() async throws {
            try await withPostgres { client, server in
                let canary = "canary-wrong-password"
                let error = try await client.failure("SELECT 1", server.connection(password: canary), hiding: canary)
                #expect(error.code == .unauthorized)
                #expect(error.summary.hasSuffix("password authentication failed for user \"\(server.user)\" (28P01)"))
            }
        }

        @Test func `a missing password is told from a wrong one`() async throws {
            try await withPostgres { client, server in
                let uri = Secret(
                    "postgres://\(server.user)@\(server.host):\(server.port)/\(server.database)?passfile=none"
                )
                let error = try await client.failure("SELECT 1", uri, hiding: server.password)
                #expect(error.code == .unauthorized)
                #expect(error.summary == "the database asks for a password and none is given")
            }
        }

        @Test func `a missing database is refused`() async throws {
            try await withPostgres { client, server in
                let connection = server.connection("dbname=nowhere")
                let error = try await client.failure("SELECT 1", connection, hiding: server.password)
                #expect(error.code == .rejected)
                #expect(
                    error.summary == "the database refused the connection: database \"nowhere\" does not exist (3D000)"
                )
            }
        }

        @Test(arguments: [
            "sslmode=sometimes", "port=many", "options='-c nonsense=1'", "keepalives=perhaps", "service=none",
        ])
        func `a setting that nobody understands is a lasting failure`(setting: String) async throws {
            try await withPostgres { client, server in
                let error = try await client.failure("SELECT 1", server.connection(setting), hiding: server.password)
                #expect(error.code == .invalidRequest || error.code == .rejected)
            }
        }

        @Test func `where nothing listens the error says so`() async throws {
            try await withPostgres { client, server in
                let error = try await client.failure("SELECT 1", server.connection(port: 1), hiding: server.password)
                #expect(error.code == .cannotConnect)
                #expect(error.summary == "nothing accepts connections at the database's address")
                #expect(error.detail.contains(server.host))
                let socket = server.connection("host=\(NSTemporaryDirectory())")
                #expect(try await client.failure("SELECT 1", socket, hiding: server.password).code == .cannotConnect)
            }
        }

        @Test func `a query with a zero byte, or with a deadline beyond all bounds, does no harm`() async throws {
            try await withPostgres { client, server in
                let error = try await client.failure("SELECT 1\0", server.connection(), hiding: server.password)
                #expect(error.code == .invalidRequest)
                let answer = try await client.ask("SELECT 1", server.connection(), within: .seconds(Int64.max))
                #expect(answer.firstRow == ["1"])
                let late = try await client.failure(
                    "SELECT 1",
                    server.connection(),
                    within: .seconds(-5),
                    hiding: server.password
                )
                #expect(late.code == .timedOut)
            }
        }

        @Test func `hosts are tried in order`() async throws {
            try await withPostgres { client, server in
                let hosts = server.connection("host=127.0.0.1,localhost,\(server.host) port=1,1,\(server.port)")
                #expect(try await client.value("SELECT 1", hosts) == "1")
                let standby = server.connection("target_session_attrs=standby")
                let error = try await client.failure("SELECT 1", standby, hiding: server.password)
                #expect(error.code == .cannotConnect)
                let either = server.connection("target_session_attrs=prefer-standby")
                #expect(try await client.value("SELECT 1", either) == "1")
            }
        }

        @Test func `a host without an address is told`() async throws {
            let names = NameResolver { name throws(OutboundError) in
                throw OutboundError(.nameResolution, "the host name has no address", detail: name)
            }
            try await withPostgres(names: names) { client, server in
                let error = try await client.failure(
                    "SELECT 1",
                    server.connection("host=nowhere.test"),
                    hiding: server.password
                )
                #expect(error.code == .nameResolution)
            }
        }
    }
}
