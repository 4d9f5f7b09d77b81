import Foundation
import KubeClient
import KubeModel
import Outbound
import OutboundCurl
import Subprocess
import SystemPackage
import Testing

/// The tests that need real servers; one after another, because some stop a server that the others use.
@Suite(.serialized) enum RealServers {}

/// The servers that the test command starts, as it tells in `SWELL_TEST_…`.
enum TestServers {
    /// A variable is missing.
    struct NotStarted: Error, CustomStringConvertible {
        let variable: String
        var description: String { "\(variable) is not set: run the integration tests with `make test`" }
    }

    /// One of the variables at the top of `config/dev/servers.sh`, without its prefix.
    static func variable(_ name: String) throws -> String {
        let name = "SWELL_TEST_\(name)"
        guard let value = ProcessInfo.processInfo.environment[name] else { throw NotStarted(variable: name) }
        return value
    }

    /// The root of the project.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path()

    /// A file among the samples of these tests.
    static func sample(_ name: String) throws -> String {
        try String(contentsOfFile: "\(root)/Tests/IntegrationTests/Samples/\(name)", encoding: .utf8)
    }
}

/// A program that a test runs.
struct Command {
    /// It ended with another code than 0.
    struct Failed: Error, CustomStringConvertible {
        let command: String
        let status: String
        let output: String
        var description: String { "\(command) ended with \(status): \(output)" }
    }

    /// Its path.
    let program: String
    /// Added to this process's own environment.
    var environment: [String: String] = [:]

    /// Runs it to its end and gives what it wrote to standard output.
    ///
    /// - Throws: ``Failed``, with what it wrote to standard error.
    @discardableResult
    func run(_ arguments: [String], input: String = "") async throws -> String {
        let result = try await Subprocess.run(
            .path(FilePath(program)),
            arguments: Arguments(arguments),
            environment: .inherit.updating(
                Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })
            ),
            input: .string(input),
            output: .string(limit: 16 << 20),
            error: .string(limit: 1 << 20)
        )
        let output = result.standardOutput
        guard result.terminationStatus.isSuccess else {
            throw Failed(
                command: "\(program) \(arguments.joined(separator: " "))",
                status: "\(result.terminationStatus)",
                output: result.standardError + output
            )
        }
        return output
    }
}
