#if MariaDB
import Foundation
import Outbound
import OutboundMariaDB
import Testing

extension MariaDBTests {
    /// Servers that refuse, hang, go away and come back.
    @Suite(.serialized) struct Failures {
        @Test func `refused credentials and databases are told, without the password`() async throws {
            try await withMariaDB { client, server in
                let canary = "canary-\(UUID().uuidString)"
                for (connection, code) in [
                    (server.connection(password: canary), OutboundError.Code.unauthorized),
                    (server.connection(user: "nobody", password: canary), .unauthorized),
                    (server.connection("allowNativePasswords=false"), .unauthorized),
                    (server.connection(database: "nowhere"), .rejected),
                    (server.connection("no_such_variable=1"), .rejected),
                    (server.connection("charset=klingon"), .rejected),
                ] {
                    let error = try await client.failure("SELECT 1", connection, hiding: canary)
                    #expect(error.code == code, "\(error.debugDescription)")
                    #expect(!error.debugDescription.contains(server.password))
                }
            }
        }

        @Test func `a password may hold what a DSN is made of`() async throws {
            try await withMariaDB { client, server in
                let password = "p@ss/w:rd?&%2F(x)"
                try await client.ask("CREATE OR REPLACE USER odd@'%' IDENTIFIED BY '\(password)'", server.connection())
                let connection = server.connection(user: "odd", password: password, database: "")
                #expect(try await client.value("SELECT CURRENT_USER()", connection) == "odd@%")
            }
        }

        @Test func `the plug-in for ed25519 is found`() async throws {
            try await withMariaDB { client, server in
                try await client.ask("INSTALL PLUGIN IF NOT EXISTS ed25519 SONAME 'auth_ed25519'", server.connection())
                try await client.ask(
                    "CREATE OR REPLACE USER edward@'%' IDENTIFIED VIA ed25519 USING PASSWORD('secret-of-edward')",
                    server.connection()
                )
                let connection = server.connection(user: "edward", password: "secret-of-edward", database: "")
                #expect(try await client.value("SELECT CURRENT_USER()", connection) == "edward@%")
            }
        }

        @Test func `a query past its deadline ends here at once and on the server soon`() async throws {
            try await withMariaDB { client, server in
                let error = try await client.failure(
                    "SELECT SLEEP(600) AS swell_sleeps",
                    server.connection(),
                    within: .milliseconds(500),
                    hiding: server.password
                )
                #expect(error.code == .timedOut)
                let running = """
                    SELECT COUNT(*) FROM information_schema.processlist
                    WHERE info LIKE '%swell\\_sleeps%' AND id <> CONNECTION_ID()
                    """
                try await eventually { try await client.value(running, server.connection()) == "0" }
            }
        }

        @Test func `a cancelled query ends`() async throws {
            try await withMariaDB { client, server in
                let end = await withTaskGroup(of: OutboundError.Code?.self) { group in
                    group.addTask {
                        do {
                            try await client.ask("SELECT SLEEP(600)", server.connection())
                            return nil
                        } catch {
                            return (error as? OutboundError)?.code
                        }
                    }
                    group.cancelAll()
                    return await group.next() ?? nil
                }
                #expect(end == .cancelled)
            }
        }

        @Test func `a frozen server holds up nobody past the deadline`() async throws {
            try await withMariaDB { client, server in
                #expect(try await client.value("SELECT 1", server.connection()) == "1")
                try await server.control("freeze")
                let asked = await Result.catching {
                    try await client.failure(
                        "SELECT 2",
                        server.connection(),
                        within: .seconds(1),
                        hiding: server.password
                    )
                }
                let connected = await Result.catching {
                    try await client.failure(
                        "SELECT 3",
                        server.connection("tls=skip-verify"),
                        within: .seconds(1),
                        hiding: server.password
                    )
                }
                try await server.control("thaw")
                #expect(try asked.get().code == .timedOut)
                #expect(try connected.get().code == .timedOut)
                #expect(try await client.value("SELECT 4", server.connection()) == "4")
            }
        }

        @Test func `a restart between two queries goes unnoticed, and a server that is down is reached when it is up`()
            async throws
        {
            try await withMariaDB { client, server in
                let connection = server.connection()
                #expect(try await client.value("SELECT 1", connection) == "1")
                try await server.control("restart")
                #expect(try await client.value("SELECT 2", connection) == "2")
                try await server.control("stop")
                let error = await Result.catching {
                    try await client.failure("SELECT 3", connection, hiding: server.password)
                }
                try await server.control("start")
                #expect(try error.get().code == .cannotConnect)
                #expect(try error.get().summary == "nothing accepts connections at the database's address")
                #expect(try await client.value("SELECT 4", connection) == "4")
            }
        }

        @Test func `a session that the server ends between two queries is replaced`() async throws {
            try await withMariaDB { client, server in
                let connection = server.connection("wait_timeout=1000")
                for _ in 0..<10 {
                    let session = try #require(try await client.value("SELECT CONNECTION_ID()", connection))
                    try await client.ask("KILL \(session)", server.connection())
                    #expect(try await client.value("SELECT CONNECTION_ID()", connection) != session)
                }
            }
        }

        @Test func `a hundred queries share four connections`() async throws {
            try await withMariaDB { client, server in
                let sessions = try await withThrowingTaskGroup(of: String?.self) { group in
                    for _ in 0..<100 {
                        group.addTask {
                            try await client.value("SELECT CONNECTION_ID() + SLEEP(0.005)", server.connection())
                        }
                    }
                    return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
                }
                #expect((1...4).contains(sessions.count))
            }
        }
    }
}

extension Result where Failure == any Error {
    /// What a body gives or throws, so that a server is thawed before either is looked at.
    fileprivate static func catching(_ body: () async throws -> Success) async -> Result {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
#endif
