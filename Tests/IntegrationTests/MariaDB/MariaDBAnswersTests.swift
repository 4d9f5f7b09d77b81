#if MariaDB
import Foundation
import Outbound
import OutboundMariaDB
import Testing

extension MariaDBTests {
    /// What queries give.
    @Suite struct Answers {
        @Test(
            arguments: [
                ("SELECT 7", SQLResult.Kind.number, "7"), ("SELECT -1.50", .number, "-1.50"),
                ("SELECT 1e3", .number, "1000"), ("SELECT CAST(2.5 AS DOUBLE)", .number, "2.5"),
                ("SELECT CEIL(COUNT(*) / 16) FROM seq_1_to_50", .number, "4"),
                ("SELECT 18446744073709551615", .number, "18446744073709551615"), ("SELECT TRUE", .number, "1"),
                ("SELECT SUM(seq) FROM seq_1_to_3", .number, "6"), ("SELECT NULL", .text, nil),
                ("SELECT SUM(seq) FROM seq_1_to_3 WHERE seq > 5", .number, nil), ("SELECT 'seven ✓'", .text, "seven ✓"),
                ("SELECT '12.5'", .text, "12.5"), ("SELECT JSON_LENGTH('[1,2]')", .number, "2"),
                ("SELECT DATE '2026-01-02'", .other("date"), "2026-01-02"),
                ("SELECT TIMESTAMP '2026-01-02 03:04:05'", .other("datetime"), "2026-01-02 03:04:05"),
                ("SELECT TIME '03:04:05'", .other("time"), "03:04:05"),
            ] as [(String, SQLResult.Kind, String?)]
        )
        func `values come as text, and columns tell what they hold`(
            query: String,
            kind: SQLResult.Kind,
            value: String?
        ) async throws {
            try await withMariaDB { client, server in
                let answer = try await client.ask(query, server.connection())
                #expect(answer.columns.map(\.kind) == [kind])
                #expect(answer.firstRow == [value])
            }
        }

        @Test func `no row, no column and several columns are told apart`() async throws {
            try await withMariaDB { client, server in
                let none = try await client.ask("SELECT 1 FROM DUAL WHERE FALSE", server.connection())
                #expect(none.columns.count == 1 && none.firstRow == nil)
                #expect(try await client.ask("DO 1", server.connection()) == SQLResult(columns: [], firstRow: nil))
                let two = try await client.ask("SELECT 1 AS a, 'x' AS b", server.connection())
                #expect(two.columns == [.init(name: "a", kind: .number), .init(name: "b", kind: .text)])
                #expect(two.firstRow == ["1", "x"])
            }
        }

        @Test func `the first of many rows is taken, and the connection used again if the rest is bearable`()
            async throws
        {
            try await withMariaDB { client, server in
                let session = try await client.value("SELECT CONNECTION_ID()", server.connection())
                #expect(try await client.value("SELECT seq FROM seq_1_to_5000", server.connection()) == "1")
                #expect(try await client.value("SELECT CONNECTION_ID()", server.connection()) == session)
                #expect(try await client.value("SELECT seq FROM seq_1_to_9000000", server.connection()) == "1")
                #expect(try await client.value("SELECT CONNECTION_ID()", server.connection()) != session)
            }
        }

        @Test func `a row above a mebibyte is refused`() async throws {
            try await withMariaDB { client, server in
                #expect(try await client.value("SELECT REPEAT('x', 900000)", server.connection())?.count == 900_000)
                let error = try await client.failure(
                    "SELECT REPEAT('x', 2000000)",
                    server.connection(),
                    hiding: server.password
                )
                #expect(error.code == .tooLarge)
                #expect(try await client.value("SELECT 1", server.connection()) == "1")
            }
        }

        @Test func `a procedure's first result counts, and several statements must be allowed`() async throws {
            try await withMariaDB { client, server in
                let connection = server.connection()
                try await client.ask(
                    "CREATE OR REPLACE PROCEDURE two_results() BEGIN SELECT 1; SELECT 2; END",
                    connection
                )
                #expect(try await client.value("CALL two_results()", connection) == "1")
                let error = try await client.failure("SET @a = 5; SELECT @a", connection, hiding: server.password)
                #expect(error.code == .rejected)
                let several = server.connection("multiStatements=true")
                #expect(try await client.value("SET @a = 5; SELECT @a", several) == "5")
            }
        }

        @Test func `a query that is refused says why, and leaves the connection in use`() async throws {
            try await withMariaDB { client, server in
                let session = try await client.value("SELECT CONNECTION_ID()", server.connection())
                let error = try await client.failure(
                    "SELECT * FROM nowhere",
                    server.connection(),
                    hiding: server.password
                )
                #expect(error.code == .rejected)
                #expect(error.summary.contains("nowhere") && error.summary.contains("(1146, 42S02)"))
                #expect(try await client.value("SELECT CONNECTION_ID()", server.connection()) == session)
            }
        }

        @Test func `the server gets none of our files`() async throws {
            try await withMariaDB { client, server in
                try await client.ask("CREATE OR REPLACE TABLE stolen (line TEXT)", server.connection())
                let query = "LOAD DATA LOCAL INFILE '\(server.authority)' INTO TABLE stolen"
                let error = try await client.failure(query, server.connection(), hiding: server.password)
                #expect(error.code == .rejected, "\(error.debugDescription)")
                #expect(try await client.value("SELECT COUNT(*) FROM stolen", server.connection()) == "0")
            }
        }

        @Test(arguments: [
            (
                "time_zone=%27%2B05%3A00%27&sql_mode=ANSI", "SELECT CONCAT(@@time_zone, ' ', @@sql_mode LIKE '%ANSI%')",
                "+05:00 1"
            ),
            ("", "SELECT CONCAT(@@character_set_client, ' ', @@character_set_results)", "utf8mb4 utf8mb4"),
            ("collation=latin1_german1_ci", "SELECT @@collation_connection", "latin1_german1_ci"),
            ("charset=klingon,utf8mb3", "SELECT @@character_set_client", "utf8mb3"),
            ("", "SELECT @@max_statement_time", "30.000000"),
            ("max_statement_time=7", "SELECT @@max_statement_time", "7.000000"),
        ])
        func `a session is as the connection string wants it`(parameters: String, query: String, value: String)
            async throws
        {
            try await withMariaDB { client, server in
                let shown = try await client.value(query, server.connection(parameters))
                #expect(shown == value)
            }
        }

        @Test func `a Unix socket leads to the server too`() async throws {
            try await withMariaDB { client, server in
                let credentials = "\(server.user):\(server.password)"
                let connection = Secret("\(credentials)@unix(\(server.socket))/\(server.database)")
                #expect(try await client.value("SELECT DATABASE()", connection) == server.database)
                let nowhere = Secret("\(credentials)@unix(\(server.socket).not)/")
                let error = try await client.failure("SELECT 1", nowhere, hiding: server.password)
                #expect(error.summary == "the database's socket is not there")
            }
        }
    }
}
#endif
