import Foundation
import Outbound
import OutboundPostgres
import Testing

/// Servers that are not what they should be.
///
/// They are the tests' own; no PostgreSQL is needed.
@Suite struct PostgresOddServersTests {
    /// In every connection string; no error may hold it.
    static let canary = "canary-odd-servers"

    /// Asks a server and returns how it failed.
    func failure(
        of client: PostgresClient? = nil,
        _ server: PostgresOddServer,
        _ more: String = "sslmode=disable",
        within deadline: Duration = .seconds(30)
    ) async throws -> OutboundError {
        let client = try client ?? PostgresClient(PostgresSettings(environment: [:]))
        let connection = Secret(
            "host=127.0.0.1 port=\(server.port) user=me dbname=jobs password=\(Self.canary) \(more)"
        )
        return try await client.failure("SELECT 1", connection, within: deadline, hiding: Self.canary)
    }

    /// Bytes that a seed repeats (a linear congruential generator, of which the high bits are good).
    static func garbage(_ seed: UInt64) -> [UInt8] {
        var state = seed
        return (0..<10_000)
            .map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(state >> 56)
            }
    }

    @Test(arguments: ["sslmode=disable", "sslmode=prefer", "sslmode=require"])
    func `a server that accepts and says nothing is given up at the deadline`(mode: String) async throws {
        let server = try PostgresOddServer { $0.waitForEnd() }
        let error = try await failure(server, mode, within: .milliseconds(200))
        #expect(error.code == .timedOut)
        #expect(error.summary == "the database did not accept a connection in time")
    }

    @Test func `a limit of the user's own counts for one host, and the next one is tried`() async throws {
        let silent = try PostgresOddServer { $0.waitForEnd() }
        let closing = try PostgresOddServer { _ in }
        let hosts = "host=127.0.0.1,127.0.0.1 port=\(silent.port),\(closing.port) sslmode=disable connect_timeout=2"
        #expect(try await failure(silent, hosts, within: .seconds(600)).code == .connectionLost)
        let shared = "host=127.0.0.1,127.0.0.1 port=\(silent.port),\(closing.port) sslmode=disable"
        #expect(try await failure(silent, shared, within: .seconds(6)).code == .connectionLost)
    }

    @Test(arguments: ["sslmode=disable", "sslmode=prefer"])
    func `a server that hangs up is told`(mode: String) async throws {
        let server = try PostgresOddServer { _ in }
        #expect(try await failure(server, mode).code == .connectionLost)
    }

    @Test(arguments: ["sslmode=disable", "sslmode=prefer", "sslmode=require"])
    func `a web server is not a database`(mode: String) async throws {
        let server = try PostgresOddServer { client in
            client.send(Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".utf8))
            client.waitForEnd()
        }
        let error = try await failure(server, mode)
        #expect(error.code == .malformedAnswer)
        #expect(error.summary == "what answers at the database's address is not a PostgreSQL server")
    }

    @Test(arguments: 0..<40)
    func `garbage instead of a greeting is survived`(seed: UInt64) async throws {
        let server = try PostgresOddServer { client in
            client.send(Self.garbage(seed))
        }
        let mode = seed.isMultiple(of: 2) ? "sslmode=disable" : "sslmode=prefer"
        #expect(try await failure(server, mode, within: .seconds(2)).code != .overloaded)
    }

    @Test(arguments: 0..<40)
    func `garbage instead of an answer is survived`(seed: UInt64) async throws {
        let server = try PostgresOddServer { client in
            client.admit()
            _ = client.receive()
            // Sound beginnings too: parse complete, row description, command complete, row.
            client.send([[0x31], [0x54], [0x43], [0x44], []][Int(seed % 5)])
            client.send(Self.garbage(seed))
        }
        #expect(try await failure(server, within: .seconds(2)).code != .overloaded)
    }

    @Test func `a greeting without an end is not read for ever`() async throws {
        let server = try PostgresOddServer { client in
            _ = client.receive()
            client.message("R", PostgresOddServer.Client.number(0))
            var count = 0
            while client.message("S", Array("name\(count)\0\(String(repeating: "x", count: 500))\0".utf8)) {
                count += 1
            }
        }
        #expect(try await failure(server).code == .malformedAnswer)
    }

    @Test func `a server that makes the password expensive delays nobody else`() async throws {
        // Nothing tells libpq that two million rounds are too many; they take it seconds.
        let costly = try PostgresOddServer { client in
            _ = client.receive()
            client.message("R", PostgresOddServer.Client.number(10) + Array("SCRAM-SHA-256\0\0".utf8))
            let request = String(decoding: client.receive(), as: UTF8.self)
            let nonce = request.split(separator: "r=").last.map(String.init) ?? ""
            let challenge = "r=\(nonce)x,s=\(Data("salt".utf8).base64EncodedString()),i=2000000"
            client.message("R", PostgresOddServer.Client.number(11) + Array(challenge.utf8))
            client.waitForEnd()
        }
        let closing = try PostgresOddServer { _ in }
        let client = try PostgresClient(PostgresSettings(environment: [:]))
        try await withThrowingTaskGroup(of: OutboundError.Code.self) { group in
            // More than there are cooperative threads.
            for number in 0..<3 {
                group.addTask {
                    try await failure(
                        of: client,
                        costly,
                        "sslmode=disable application_name=\(number)",
                        within: .seconds(1)
                    )
                    .code
                }
            }
            group.addTask { try await failure(of: client, closing).code }
            #expect(try await group.next() == .connectionLost)
            for try await code in group { #expect(code == .timedOut) }
        }
        // The computing itself goes on for nobody; its connections are closed after it.
        try await eventually(within: .seconds(60)) { costly.openConnections == 0 }
    }

    @Test func `a server that hangs in a query is given up, though it does not take the cancel either`() async throws {
        let server = try PostgresOddServer { client in
            client.admit()
            client.waitForEnd()
        }
        let error = try await failure(server, within: .seconds(2))
        #expect(error.code == .timedOut)
        #expect(error.summary == "the query did not finish in time")
    }

    @Test func `a server that breaks off in a new connection's query is not asked again`() async throws {
        let server = try PostgresOddServer { client in
            client.admit()
            _ = client.receive()
        }
        #expect(try await failure(server).code == .connectionLost)
        #expect(server.connections == 1)
    }
}
