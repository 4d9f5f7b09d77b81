import Outbound
import OutboundPostgres
import Testing

extension PostgresTests {
    /// What a query may give.
    @Suite struct Answers {
        /// A query's single value and its kind.
        struct Value: Sendable, CustomTestStringConvertible {
            let query: String
            let text: String?
            let kind: SQLResult.Kind

            init(_ query: String, _ text: String?, _ kind: SQLResult.Kind) {
                (self.query, self.text, self.kind) = (query, text, kind)
            }

            var testDescription: String { query }
        }

        @Test(arguments: [
            Value("SELECT 7::int2", "7", .number),
            Value("SELECT -7::int4", "-7", .number),
            Value("SELECT count(*) FROM generate_series(1, 40)", "40", .number),
            Value("SELECT 0.1::float8", "0.1", .number),
            Value("SELECT 'Infinity'::float4", "Infinity", .number),
            Value("SELECT ceil(count(*)::decimal / 16) FROM generate_series(1, 40)", "3", .number),
            Value("SELECT 12345678901234567890.5", "12345678901234567890.5", .number),
            Value("SELECT '12'", "12", .text),
            Value("SELECT 'é'::varchar(3)", "é", .text),
            Value("SELECT true", "t", .other("bool")),
            Value("SELECT '2026-01-02'::date", "2026-01-02", .other("date")),
            Value("SELECT point(1, 2)", "(1,2)", .other("oid 600")),
            Value("SELECT NULL::int", nil, .number),
            Value("SELECT ''", "", .text),
        ])
        func `a value comes with the kind of its column`(expected: Value) async throws {
            try await withPostgres { client, server in
                let result = try await client.ask(expected.query, server.connection())
                #expect(result.columns.map(\.kind) == [expected.kind])
                #expect(result.firstRow == [expected.text])
            }
        }

        @Test func `a query without a row tells its columns`() async throws {
            try await withPostgres { client, server in
                let result = try await client.ask("SELECT 1 AS one WHERE false", server.connection())
                #expect(result == SQLResult(columns: [.init(name: "one", kind: .number)], firstRow: nil))
            }
        }

        @Test func `a statement that gives no rows has no columns`() async throws {
            try await withPostgres { client, server in
                let result = try await client.ask("CREATE TEMPORARY TABLE t (x int)", server.connection())
                #expect(result == SQLResult(columns: [], firstRow: nil))
            }
        }

        @Test func `all columns of the first row come`() async throws {
            try await withPostgres { client, server in
                let result = try await client.ask(
                    "SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y'",
                    server.connection()
                )
                #expect(result.columns == [.init(name: "a", kind: .number), .init(name: "b", kind: .text)])
                #expect(result.firstRow == ["1", "x"])
            }
        }

        @Test func `of many rows the first one counts, and the same connection goes on`() async throws {
            try await withPostgres { client, server in
                let connection = server.connection()
                let session = try await client.value("SELECT pg_backend_pid()", connection)
                #expect(try await client.value("SELECT * FROM generate_series(1, 5000)", connection) == "1")
                #expect(try await client.value("SELECT pg_backend_pid()", connection) == session)
            }
        }

        @Test func `millions of rows are not read to the end`() async throws {
            try await withPostgres { client, server in
                let name = "swell-millions"
                let rows = "SELECT generate_series(1, 1000000000), repeat('x', 100)"
                #expect(try await client.ask(rows, server.connection(name: name)).firstRow?.first == "1")
                // The connection is given up, and the server is told to stop.
                let left = "SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(name)'"
                try await eventually { try await client.value(left, server.connection()) == "0" }
            }
        }

        @Test func `a row that is too large is refused`() async throws {
            try await withPostgres { client, server in
                let query = "SELECT repeat('x', 100000000)"
                let error = try await client.failure(query, server.connection(), hiding: server.password)
                #expect(error.code == .tooLarge)
            }
        }

        @Test func `notices disturb nobody`() async throws {
            try await withPostgres { client, server in
                let connection = server.connection()
                _ = try await client.ask("DO $$ BEGIN RAISE NOTICE 'hello'; END $$", connection)
                #expect(try await client.value("SELECT 1", connection) == "1")
            }
        }

        @Test func `a query may write`() async throws {
            try await withPostgres { client, server in
                let connection = server.connection("options='-c search_path=pg_temp'")
                _ = try await client.ask("CREATE TABLE t AS SELECT 1 AS x", connection)
                #expect(try await client.value("UPDATE t SET x = x + 1 RETURNING x", connection) == "2")
                #expect(try await client.value("SELECT x FROM t", connection) == "2")
            }
        }
    }
}
