#if MariaDB
import Foundation
import Outbound
import OutboundMariaDB
import OutboundSQL
import Synchronization
import Testing

/// What servers do that mean no good, or break at a bad moment.
extension MariaDBTests.OddServers {
    @Test(arguments: ["tls=skip-verify", "tls=true"])
    func `a server without TLS gets nothing at all where TLS is asked for`(parameter: String) async throws {
        let seen = Mutex<[UInt8]>([])
        let server = try PostgresOddServer { client in
            var mysql = MySQLOddServer(client)
            mysql.greet("mysql_clear_password")
            while case let bytes = client.receive(), !bytes.isEmpty { seen.withLock { $0 += bytes } }
        }
        try await withMariaDB { client, _ in
            let connection = Self.connection(server, "\(parameter)&allowCleartextPasswords=true")
            let error = try await client.failure("SELECT 1", connection, hiding: "canary-word")
            #expect(error.summary == "the database does not offer TLS, which the connection string asks for")
        }
        try await eventually { server.openConnections == 0 }
        #expect(seen.withLock { $0 } == [])
    }

    @Test(arguments: ["tcp(127.0.0.1:PORT)/d", ":canary-word@tcp(127.0.0.1:PORT)/d", "@tcp(127.0.0.1:PORT)/"])
    func `no user is not the user that this process runs as`(dsn: String) async throws {
        let server = try PostgresOddServer { $0.waitForEnd() }
        try await withMariaDB { client, _ in
            let connection = Secret(dsn.replacing("PORT", with: "\(server.port)"))
            let error = try await client.failure("SELECT 1", connection, hiding: "canary-word")
            #expect(error.summary == "the connection string names no user")
        }
        #expect(server.connections == 0)
    }

    @Test func `a query is not asked again when the connection breaks after it was sent`() async throws {
        let queries = Mutex<[String]>([])
        let server = try PostgresOddServer { client in
            var mysql = MySQLOddServer(client)
            guard mysql.admit() else { return }
            while let command = mysql.receive() {
                let text = String(decoding: command.dropFirst(), as: UTF8.self)
                queries.withLock { $0.append(text) }
                guard text != "CALL pay()" else { return }
                mysql.answer("1")
            }
        }
        try await withMariaDB { client, _ in
            let connection = Self.connection(server, "max_execution_time=9")
            #expect(try await client.value("SELECT 1", connection) == "1")
            let error = try await client.failure("CALL pay()", connection, hiding: "canary-word")
            #expect(error.code == .connectionLost)
        }
        #expect(queries.withLock { $0 } == ["SET max_execution_time=9", "SELECT 1", "CALL pay()"])
    }

    @Test func `a query is asked on a new connection when the server closed the old one in between`() async throws {
        let server = try PostgresOddServer { client in
            var mysql = MySQLOddServer(client)
            guard mysql.admit(), mysql.receive() != nil else { return }
            mysql.agree()
            guard mysql.receive() != nil else { return }
            mysql.answer("1")
        }
        try await withMariaDB { client, _ in
            let connection = Self.connection(server, "max_execution_time=9")
            for _ in 0..<20 {
                #expect(try await client.value("SELECT 1", connection) == "1")
                try await eventually { server.openConnections == 0 }
            }
        }
    }

    @Test func `a first row counts although nothing follows it`() async throws {
        let server = try PostgresOddServer { client in
            var mysql = MySQLOddServer(client)
            guard mysql.admit() else { return }
            while let command = mysql.receive() {
                if command.dropFirst().starts(with: Array("SELECT".utf8)) { mysql.begin("42") } else { mysql.agree() }
            }
        }
        try await withMariaDB { client, _ in
            for count in 1...2 {
                let value = try await client.value("SELECT n FROM slow", Self.connection(server))
                #expect(value == "42")
                #expect(server.connections == count)
            }
        }
    }

    @Test(arguments: [true, false])
    func `connecting to a server that answers byte by byte ends at the deadline or when it is cancelled`(
        isCancelled: Bool
    ) async throws {
        let server = try PostgresOddServer { client in
            // A greeting of 65,535 bytes.
            guard client.send([0xFF, 0xFF, 0, 0, 10]) else { return }
            while !client.hasEnded(within: 100), client.send([0x20]) {}
        }
        try await withMariaDB { client, _ in
            let code = await withTaskGroup(of: OutboundError.Code?.self) { group in
                group.addTask {
                    do {
                        let deadline = Duration.milliseconds(isCancelled ? 60_000 : 700)
                        try await client.ask("SELECT 1", Self.connection(server), within: deadline)
                        return nil
                    } catch {
                        return (error as? OutboundError)?.code
                    }
                }
                if isCancelled {
                    // Whether it came true shows below.
                    try? await eventually { server.openConnections == 1 }
                    group.cancelAll()
                }
                return await group.next() ?? nil
            }
            #expect(code == (isCancelled ? .cancelled : .timedOut))
            #expect(server.connections == 1)
            try await eventually { server.openConnections == 0 }
        }
    }

    @Test func `none of several addresses takes the whole time where the certificate is to be for the name`()
        async throws
    {
        let server = try PostgresOddServer { $0.waitForEnd() }
        let names = NameResolver { _ in [String](repeating: "127.0.0.1", count: 16) }
        try await withMariaDB(names: names) { client, _ in
            let connection = Secret("u:canary-word@tcp(localhost:\(server.port))/d?tls=true")
            let error = try await client.failure("SELECT 1", connection, hiding: "canary-word")
            #expect(error.code == .connectionLost, "\(error.debugDescription)")
        }
        names.close()
    }
}

extension PostgresOddServer.Client {
    /// Waits for the other side to go away, or to say something.
    fileprivate func hasEnded(within milliseconds: Int32) -> Bool {
        var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, milliseconds) != 0
    }
}
#endif
