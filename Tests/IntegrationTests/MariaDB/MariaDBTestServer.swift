#if MariaDB
import Foundation
import Outbound
import OutboundMariaDB
import OutboundSQL
import Testing

extension RealServers {
    /// The tests that need a real MariaDB; not beside the others, because some restart it.
    @Suite(.serialized) enum MariaDBTests {}
}

/// Short for the files of these tests.
typealias MariaDBTests = RealServers.MariaDBTests

/// The MariaDB that the test command starts, as it tells in `SWELL_TEST_MARIADB_…`.
struct MariaDBTestServer {
    let host: String
    let port: String
    let user: String
    /// Planted as a canary: no error may hold it.
    let password: String
    let database: String
    /// The certificate that signed the server's.
    let authority: String
    /// The path of its Unix socket.
    let socket: String

    /// Reads the environment.
    init() throws {
        host = try TestServers.variable("MARIADB_HOST")
        port = try TestServers.variable("MARIADB_PORT")
        user = try TestServers.variable("MARIADB_USER")
        password = try TestServers.variable("MARIADB_PASSWORD")
        database = try TestServers.variable("MARIADB_DB")
        authority = try TestServers.variable("MARIADB_CA")
        socket = try TestServers.variable("MARIADB_SOCKET")
    }

    /// A DSN with parameters at its end.
    func connection(
        _ parameters: String = "",
        host: String? = nil,
        user: String? = nil,
        password: String? = nil,
        database: String? = nil
    ) -> Secret<String> {
        let credentials = "\(user ?? self.user):\(password ?? self.password)"
        return Secret(
            "\(credentials)@tcp(\(host ?? self.host):\(port))/\(database ?? self.database)?\(parameters)"
        )
    }

    /// Starts, stops, freezes or thaws the server.
    func control(_ words: String...) async throws {
        try await Command(program: TestServers.variable("MARIADB_CTL")).run(words)
    }
}

/// Asks with a client of its own, which is closed at the end.
func withMariaDB<Answer: Sendable>(
    _ settings: MariaDBSettings = MariaDBSettings(environment: [:]),
    names: NameResolver = NameResolver(),
    _ body: (MariaDBClient, MariaDBTestServer) async throws -> Answer
) async throws -> Answer {
    let server = try MariaDBTestServer()
    let client = try MariaDBClient(settings, names: names)
    let answer: Answer
    do {
        answer = try await body(client, server)
    } catch {
        await client.close()
        throw error
    }
    await client.close()
    return answer
}

extension MariaDBClient {
    /// Asks, with a deadline that no sound query meets.
    @discardableResult
    func ask(
        _ text: String,
        _ connection: Secret<String>,
        within deadline: Duration = .seconds(30)
    ) async throws -> SQLResult {
        try await run(SQLQuery(text, on: connection, of: .mysql, deadline: deadline))
    }

    /// Asks for one value.
    func value(_ text: String, _ connection: Secret<String>) async throws -> String? {
        let row = try #require(try await ask(text, connection).firstRow)
        return try #require(row.first)
    }

    /// Asks what must fail, and checks that no text of the failure holds the password.
    func failure(
        _ text: String,
        _ connection: Secret<String>,
        within deadline: Duration = .seconds(30),
        hiding canary: String
    ) async throws -> OutboundError {
        let columns: Int
        do {
            columns = try await ask(text, connection, within: deadline).columns.count
        } catch let error as OutboundError {
            for shown in [error.description, error.debugDescription] { #expect(!shown.contains(canary)) }
            return error
        }
        throw Unexpected(columns: columns)
    }

    /// A query succeeded that should have failed.
    ///
    /// Does not print the answer, which may be large.
    struct Unexpected: Error {
        let columns: Int
    }
}
#endif
