import Certificates
import Foundation
import Outbound
import Testing

/// The command `openssl s_client`, the one client at hand that resumes sessions when it is told to.
enum OpenSSLClient {
    /// Two answers, the second over a connection that was to resume the first one's session.
    struct Answers {
        /// The body of the first.
        let first: String
        /// The body of the second.
        let second: String
        /// Whether the session was resumed.
        let isResumed: Bool
    }

    /// Asks twice with a client certificate.
    static func twice(port: Int, path: String, client: CertificatePair) async throws -> Answers {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        let pem = folder.appending(path: "client.pem")
        try client.privateKey.withValue { try Data((client.certificates + "\n" + $0).utf8).write(to: pem) }
        let session = folder.appending(path: "session").path
        let common = ["s_client", "-ign_eof", "-connect", "127.0.0.1:\(port)", "-cert", pem.path, "-key", pem.path]
        let request = "GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        let first = try await run(common + ["-sess_out", session], input: request)
        let second = try await run(common + ["-sess_in", session], input: request)
        return Answers(first: body(of: first), second: body(of: second), isResumed: second.contains("Reused, TLS"))
    }

    /// The line that the test's page consists of.
    private static func body(of output: String) -> String {
        output.split(whereSeparator: \.isNewline).last { $0.hasPrefix("[") }
            .map { String($0.prefix { $0 != "]" }) + "]" } ?? ""
    }

    /// Runs the command to its end.
    private static func run(_ arguments: [String], input: String) async throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = FileHandle.nullDevice
        let (ends, ended) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in ended.finish() }
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        for await _ in ends {}
        // A few kilobytes, which fit the pipe: nothing waits here.
        return String(decoding: try stdout.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    }
}
