import Foundation
import Outbound
import OutboundPostgres
import Testing

extension PostgresTests {
    /// Queries that take too long, and callers that go away.
    @Suite struct Deadlines {
        /// How many sessions of a name run something that is not the question itself.
        private func running(_ name: String) -> String {
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(name)' AND state = 'active'"
        }

        @Test func `a query past its deadline is stopped on the server too`() async throws {
            try await withPostgres { client, server in
                let connection = server.connection(name: "swell-late")
                let error = try await client.failure(
                    "SELECT pg_sleep(600)",
                    connection,
                    within: .milliseconds(500),
                    hiding: server.password
                )
                #expect(error.code == .timedOut)
                try await eventually { try await client.value(running("swell-late"), server.connection()) == "0" }
                #expect(try await client.value("SELECT 1", connection) == "1")
            }
        }

        @Test func `a cancel stops what the statement timeout does not`() async throws {
            try await withPostgres { client, server in
                // A timeout of the user's own stands, so ours is not set.
                let connection = server.connection(name: "swell-cancel", "options='-c statement_timeout=0'")
                let error = try await client.failure(
                    "SELECT pg_sleep(600)",
                    connection,
                    within: .milliseconds(500),
                    hiding: server.password
                )
                #expect(error.code == .timedOut)
                try await eventually { try await client.value(running("swell-cancel"), server.connection()) == "0" }
            }
        }

        @Test func `the query of a cancelled task is stopped on the server`() async throws {
            try await withPostgres { client, server in
                let name = "swell-task"
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        let error = try await client.failure(
                            "SELECT pg_sleep(600)",
                            server.connection(name: name),
                            within: .seconds(600),
                            hiding: server.password
                        )
                        #expect(error.code == .cancelled)
                    }
                    try await eventually { try await client.value(running(name), server.connection()) == "1" }
                    group.cancelAll()
                    try await group.waitForAll()
                }
                try await eventually { try await client.value(running(name), server.connection()) == "0" }
            }
        }

        @Test func `the first row counts though the second takes too long`() async throws {
            try await withPostgres { client, server in
                let slow = "SELECT i, CASE WHEN i > 9 THEN pg_sleep(600)::text END FROM generate_series(1, 10) AS i"
                // Wide enough for the server to send the first row before it makes the last.
                let query = "SELECT i, repeat('x', 20000), s FROM (\(slow)) AS t(i, s)"
                let result = try await client.ask(query, server.connection())
                #expect(result.firstRow?.first == "1")
            }
        }

        @Test func `a timeout does not stay on the connection`() async throws {
            try await withPostgres { client, server in
                let connection = server.connection()
                let session = try await client.value("SELECT pg_backend_pid()", connection)
                let inside = try await client.value("SHOW statement_timeout", connection)
                #expect(inside != "0")
                let after = "SELECT setting FROM pg_settings WHERE name = 'statement_timeout'"
                let reset = "SELECT reset_val FROM pg_settings WHERE name = 'statement_timeout'"
                #expect(try await client.value(after, connection) != "0")
                #expect(try await client.value(reset, connection) == "0")
                // COMMIT ends our setting, so what stands outside of it is what the session has.
                #expect(try await client.value("SELECT pg_backend_pid()", connection) == session)
                let own = server.connection("statement_timeout=4321")
                #expect(try await client.value("SHOW statement_timeout", own) == "4321ms")
            }
        }

        @Test func `nobody waits for a connection longer than his deadline`() async throws {
            try await withPostgres(PostgresSettings(connectionsPerString: 1)) { client, server in
                let name = "swell-queue"
                let connection = server.connection(name: name)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        _ = try? await client.ask("SELECT pg_sleep(600)", connection, within: .seconds(600))
                    }
                    try await eventually { try await client.value(running(name), server.connection()) == "1" }
                    let error = try await client.failure(
                        "SELECT 1",
                        connection,
                        within: .milliseconds(300),
                        hiding: server.password
                    )
                    #expect(error.code == .timedOut)
                    #expect(error.summary == "no connection to the database became free in time")
                    group.cancelAll()
                }
            }
        }
    }
}
