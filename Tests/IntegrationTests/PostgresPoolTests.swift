import Foundation
import Outbound
import OutboundPostgres
import Testing

extension PostgresTests {
    /// Connections that are shared, lost and closed.
    @Suite struct Pool {
        /// How many sessions a name has.
        private func sessions(_ name: String) -> String {
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(name)'"
        }

        @Test func `two hundred queries share four connections`() async throws {
            try await withPostgres { client, server in
                let connection = server.connection(name: "swell-many")
                let sessions = try await withThrowingTaskGroup(of: String?.self) { group in
                    for _ in 0..<200 {
                        group.addTask {
                            try await client.value("SELECT pg_backend_pid() FROM pg_sleep(0.005)", connection)
                        }
                    }
                    return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
                }
                #expect((1...4).contains(sessions.count))
            }
        }

        @Test func `two hundred queries share a PgBouncer that changes servers with each transaction`() async throws {
            try await withPostgres { client, server in
                let connection = server.connection(port: server.bouncerPort)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<200 {
                        group.addTask {
                            #expect(try await client.value("SELECT \(number)", connection) == "\(number)")
                            if number.isMultiple(of: 10) {
                                let error = try await client.failure("SELECT 1/0", connection, hiding: server.password)
                                #expect(error.code == .rejected)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                // On whatever server a query runs, the timeout that it sees is its own, not one that was left there.
                for _ in 0..<10 {
                    let shown = try await client.ask("SHOW statement_timeout", connection, within: .milliseconds(4000))
                    let text = try #require(shown.firstRow?.first ?? nil)
                    #expect(text == "4s" || text.hasPrefix("3") && text.hasSuffix("ms"))
                }
                let reset = "SELECT reset_val FROM pg_settings WHERE name = 'statement_timeout'"
                #expect(try await client.value(reset, connection) == "0")
            }
        }

        @Test func `a query behind PgBouncer is stopped at its deadline`() async throws {
            try await withPostgres { client, server in
                let connection = server.connection(port: server.bouncerPort)
                let text = "SELECT pg_sleep(600) AS swell_behind_bouncer"
                let error = try await client.failure(
                    text,
                    connection,
                    within: .milliseconds(500),
                    hiding: server.password
                )
                #expect(error.code == .timedOut)
                let active = """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE state = 'active' AND query LIKE '%swell_behind_bouncer%' AND pid <> pg_backend_pid()
                    """
                try await eventually { try await client.value(active, server.connection()) == "0" }
            }
        }

        @Test func `a session that the server ends between two queries is replaced`() async throws {
            try await withPostgres { client, server in
                let connection = server.connection(name: "swell-ended")
                for _ in 0..<20 {
                    let session = try #require(try await client.value("SELECT pg_backend_pid()", connection))
                    _ = try await client.value(
                        "SELECT pg_terminate_backend(\(session))",
                        server.connection(name: "swell-killer")
                    )
                    #expect(try await client.value("SELECT pg_backend_pid()", connection) != session)
                }
            }
        }

        @Test func `a restart of the server between two queries goes unnoticed`() async throws {
            try await withPostgres { client, server in
                let connection = server.connection()
                #expect(try await client.value("SELECT 1", connection) == "1")
                try server.control("restart")
                #expect(try await client.value("SELECT 2", connection) == "2")
            }
        }

        @Test func `a server that is down is reached again when it is up`() async throws {
            try await withPostgres { client, server in
                let connection = server.connection()
                #expect(try await client.value("SELECT 1", connection) == "1")
                try server.control("stop")
                let error = try await client.failure("SELECT 2", connection, hiding: server.password)
                try server.control("start")
                #expect(error.code == .cannotConnect)
                #expect(try await client.value("SELECT 3", connection) == "3")
            }
        }

        @Test func `idle connections are closed after a while`() async throws {
            try await withPostgres(PostgresSettings(idleLimit: .milliseconds(200))) { client, server in
                #expect(try await client.value("SELECT 1", server.connection(name: "swell-idle")) == "1")
                try await eventually { try await client.value(sessions("swell-idle"), server.connection()) == "0" }
            }
        }

        @Test func `idle connections make room for those of another string`() async throws {
            try await withPostgres(PostgresSettings(connections: 2)) { client, server in
                for round in 0..<6 {
                    #expect(try await client.value("SELECT 1", server.connection(name: "swell-room-\(round)")) == "1")
                }
                let all = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'swell-room-%'"
                try await eventually { try await client.value(all, server.connection(name: "swell-room-6")) == "2" }
            }
        }

        @Test func `closing waits for what runs and refuses what comes`() async throws {
            let server = try PostgresTestServer()
            let client = try PostgresClient()
            let other = try PostgresClient()
            let connection = server.connection(name: "swell-closing")
            let active =
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'swell-closing' AND state = 'active'"
            try await withThrowingTaskGroup(of: String?.self) { group in
                group.addTask { try await client.value("SELECT 1 FROM pg_sleep(1)", connection) }
                try await eventually { try await other.value(active, server.connection()) == "1" }
                await client.close()
                #expect(try await group.next() == "1")
            }
            #expect(try await client.failure("SELECT 1", connection, hiding: server.password).code == .closed)
            try await eventually { try await other.value(sessions("swell-closing"), server.connection()) == "0" }
            await other.close()
        }
    }
}
