#if MariaDB
import Foundation
import Outbound
import OutboundMariaDB
import Testing

extension MariaDBTests {
    /// Which connections are kept, and what they are kept in.
    @Suite struct Pool {
        @Test(
            arguments: [
                ("autocommit=0", "SELECT COUNT(*) FROM {}", nil),
                ("autocommit=0&max_statement_time=0.2", "SELECT SUM(SLEEP(60)) FROM {}", .timedOut),
                ("multiStatements=true", "START TRANSACTION; SELECT COUNT(*) FROM {}", nil),
                ("multiStatements=true", "START TRANSACTION; SELECT no_such_column FROM {}", .rejected),
            ] as [(String, String, OutboundError.Code?)]
        )
        func `a query sees what was written since the one before`(
            parameters: String,
            first: String,
            failure: OutboundError.Code?
        ) async throws {
            let table = "seen_\(UUID().uuidString.replacing("-", with: ""))"
            try await withMariaDB { client, server in
                try await client.ask("CREATE TABLE \(table) (n INT) ENGINE=InnoDB", server.connection())
                try await client.ask("INSERT INTO \(table) VALUES (1)", server.connection())
                let connection = server.connection(parameters)
                let query = first.replacing("{}", with: table)
                if let failure {
                    let error = try await client.failure(query, connection, hiding: server.password)
                    #expect(error.code == failure, "\(error.debugDescription)")
                } else {
                    try await client.ask(query, connection)
                }
                try await client.ask("INSERT INTO \(table) VALUES (2)", server.connection())
                #expect(try await client.value("SELECT COUNT(*) FROM \(table)", connection) == "2")
                try await client.ask("DROP TABLE \(table)", server.connection())
            }
        }

        @Test func `a query that fails or is too slow costs no other connection`() async throws {
            try await withMariaDB { client, server in
                let sessions = try await withThrowingTaskGroup(of: String?.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            try await client.value("SELECT CONNECTION_ID() + SLEEP(1)", server.connection())
                        }
                    }
                    return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
                }
                #expect(sessions.count == 4)
                let late = try await client.failure(
                    "SELECT SLEEP(600)",
                    server.connection(),
                    within: .milliseconds(300),
                    hiding: server.password
                )
                #expect(late.code == .timedOut)
                let session = try await client.value("SELECT CONNECTION_ID()", server.connection())
                #expect(sessions.contains(session))
            }
        }
    }
}
#endif
