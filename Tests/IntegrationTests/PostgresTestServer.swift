import Foundation
import Outbound
import OutboundPostgres
import OutboundSQL
import Testing

/// The PostgreSQL that the test command starts, as it tells in `SWELL_TEST_POSTGRES_…`.
struct PostgresTestServer {
    /// A variable is missing.
    struct NotStarted: Error, CustomStringConvertible {
        let variable: String
        var description: String { "\(variable) is not set: run the integration tests with `make test`" }
    }

    let host: String
    let port: Int
    let user: String
    /// Planted as a canary: no error may hold it.
    let password: String
    let database: String
    /// The certificate that signed the server's.
    let authority: String
    /// PgBouncer in transaction mode in front.
    let bouncerPort: Int
    /// Takes `start`, `stop` or `restart`.
    private let control: String

    /// Reads the environment.
    init() throws {
        func variable(_ name: String) throws -> String {
            guard let value = ProcessInfo.processInfo.environment[name] else { throw NotStarted(variable: name) }
            return value
        }
        func number(_ name: String) throws -> Int { try #require(Int(try variable(name))) }
        host = try variable("SWELL_TEST_POSTGRES_HOST")
        port = try number("SWELL_TEST_POSTGRES_PORT")
        user = try variable("SWELL_TEST_POSTGRES_USER")
        password = try variable("SWELL_TEST_POSTGRES_PASSWORD")
        database = try variable("SWELL_TEST_POSTGRES_DB")
        authority = try variable("SWELL_TEST_POSTGRES_CA")
        bouncerPort = try number("SWELL_TEST_PGBOUNCER_PORT")
        control = try variable("SWELL_TEST_POSTGRES_CTL")
    }

    /// A connection string with other settings at its end.
    ///
    /// Its own application name keeps pools and sessions apart.
    func connection(
        port: Int? = nil,
        password: String? = nil,
        name: String = "swell-\(UUID().uuidString.prefix(8))",
        _ more: String = ""
    ) -> Secret<String> {
        Secret(
            """
            host=\(host) port=\(port ?? self.port) user=\(user) password='\(password ?? self.password)' \
            dbname=\(database) application_name=\(name) \(more)
            """
        )
    }

    /// Starts or stops the server.
    ///
    /// Not by Foundation's `Process`: that one waits for a socket which the server inherits and keeps open.
    func control(_ verb: String) throws {
        var arguments = [strdup(control), strdup(verb), nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        try #require(posix_spawn(&process, control, nil, nil, &arguments, environ) == 0, "\(control) cannot be started")
        var status: Int32 = -1
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        try #require(status == 0, "\(verb) of the test server failed")
    }
}

/// Asks with a client of its own, which is closed at the end.
func withPostgres<Answer: Sendable>(
    _ settings: PostgresSettings = PostgresSettings(),
    names: NameResolver = NameResolver(),
    _ body: (PostgresClient, PostgresTestServer) async throws -> Answer
) async throws -> Answer {
    let server = try PostgresTestServer()
    let client = try PostgresClient(settings, names: names)
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

extension PostgresClient {
    /// Asks, with a deadline that no sound query meets.
    func ask(_ text: String, _ connection: Secret<String>, within deadline: Duration = .seconds(30)) async throws
        -> SQLResult
    {
        try await run(SQLQuery(text, on: connection, deadline: deadline))
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
        let answer: SQLResult
        do {
            answer = try await ask(text, connection, within: deadline)
        } catch let error as OutboundError {
            check(error, hides: canary)
            return error
        }
        throw Unexpected(columns: answer.columns.count)
    }

    /// A query succeeded that should have failed.
    ///
    /// Does not print the answer, which may be large.
    struct Unexpected: Error {
        let columns: Int
    }

    /// Looks for a secret wherever an error may be shown.
    private func check(_ error: OutboundError, hides canary: String) {
        for shown in [error.description, error.debugDescription, "\(error)", String(reflecting: error)] {
            #expect(!shown.contains(canary))
        }
    }
}

/// Asks until an answer satisfies, for what a server does in its own time.
func eventually(
    within limit: Duration = .seconds(20),
    _ condition: () async throws -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let deadline = ContinuousClock.now.advanced(by: limit)
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, "it did not come true in \(limit)", sourceLocation: sourceLocation)
        try await Task.sleep(for: .milliseconds(20))
    }
}

extension RealServers {
    /// The tests that need a real PostgreSQL; not beside the others, because some of both restart it.
    @Suite(.serialized) enum PostgresTests {}
}

/// Short for the files of these tests.
typealias PostgresTests = RealServers.PostgresTests
