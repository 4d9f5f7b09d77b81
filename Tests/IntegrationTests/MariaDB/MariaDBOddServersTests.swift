#if MariaDB
import Foundation
import Outbound
import OutboundMariaDB
import Synchronization
import Testing

extension MariaDBTests {
    /// Servers that MariaDB does not play: MySQL's own ways, and what is no database.
    @Suite struct OddServers {
        /// A DSN for an odd server.
        static func connection(_ server: PostgresOddServer, _ parameters: String = "") -> Secret<String> {
            Secret("u:canary-word@tcp(127.0.0.1:\(server.port))/d?\(parameters)")
        }

        @Test func `the plug-in for caching_sha2_password is found, and MySQL is told its own time limit`() async throws
        {
            let queries = Mutex<[String]>([])
            let server = try PostgresOddServer { client in
                var mysql = MySQLOddServer(client)
                mysql.greet("caching_sha2_password")
                guard let reply = mysql.receive() else { return }
                let isRight = reply.firstRange(of: MySQLOddServer.scramble("canary-word")) != nil
                mysql.send(isRight ? [1, 3] : [0xFF, 0x15, 0x04] + Array("#28000no".utf8))
                guard isRight else { return }
                mysql.agree()
                while let command = mysql.receive() {
                    let text = String(decoding: command.dropFirst(), as: UTF8.self)
                    queries.withLock { $0.append(text) }
                    if text.hasPrefix("SELECT") { mysql.answer("42") } else { mysql.agree() }
                }
            }
            try await withMariaDB { client, _ in
                let product = try await client.value("SELECT 6 * 7", Self.connection(server))
                #expect(product == "42")
            }
            #expect(queries.withLock { $0.prefix(2) } == ["SET SESSION max_execution_time=30000", "SELECT 6 * 7"])
        }

        @Test(arguments: [("", false), ("allowCleartextPasswords=true", true)])
        func `the password is sent as it is only where that is allowed`(parameters: String, isAllowed: Bool)
            async throws
        {
            let seen = Mutex(Data())
            let server = try PostgresOddServer { client in
                var mysql = MySQLOddServer(client)
                mysql.greet("mysql_clear_password")
                guard let reply = mysql.receive() else { return }
                seen.withLock { $0 += reply }
                mysql.agree()
                while mysql.receive() != nil { mysql.answer("1") }
            }
            try await withMariaDB { client, _ in
                if isAllowed {
                    _ = try await client.ask("SELECT 1", Self.connection(server, parameters + "&max_execution_time=9"))
                } else {
                    let error = try await client.failure("SELECT 1", Self.connection(server), hiding: "canary-word")
                    #expect(error.code == .unauthorized && error.summary.contains("allowCleartextPasswords"))
                }
            }
            #expect(seen.withLock { $0.contains(Data("canary-word".utf8)) } == isAllowed)
        }

        @Test func `a server that accepts and says nothing is given up at the deadline`() async throws {
            let server = try PostgresOddServer { $0.waitForEnd() }
            try await withMariaDB { client, _ in
                let error = try await client.failure(
                    "SELECT 1",
                    Self.connection(server),
                    within: .milliseconds(300),
                    hiding: "canary-word"
                )
                #expect(error.code == .timedOut)
            }
            // The connecting thread ends by its own clock, which knows whole seconds.
            try await eventually { server.openConnections == 0 }
        }

        @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "\u{5}\0\0\0\u{9}3.22"])
        func `what is no database is told apart`(greeting: String) async throws {
            let server = try PostgresOddServer { $0.send(Array(greeting.utf8)) }
            try await withMariaDB { client, _ in
                let error = try await client.failure("SELECT 1", Self.connection(server), hiding: "canary-word")
                let codes: Set<OutboundError.Code> = [.malformedAnswer, .connectionLost, .cannotConnect]
                #expect(codes.contains(error.code), "\(error.debugDescription)")
            }
        }

        @Test func `a connection that breaks in the middle of an answer is an error`() async throws {
            let server = try PostgresOddServer { client in
                var mysql = MySQLOddServer(client)
                mysql.greet("mysql_native_password")
                guard mysql.receive() != nil else { return }
                mysql.agree()
                guard mysql.receive() != nil else { return }
                mysql.send([1])
            }
            try await withMariaDB { client, _ in
                let connection = Self.connection(server, "max_execution_time=9")
                let error = try await client.failure("SELECT 1", connection, hiding: "canary-word")
                #expect(error.code == .connectionLost, "\(error.debugDescription)")
            }
        }
    }
}
#endif
