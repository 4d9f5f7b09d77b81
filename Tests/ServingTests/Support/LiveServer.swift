import Certificates
import Foundation
import Hummingbird
import Logging
import Outbound
import Serving
import ServiceLifecycle

/// A logger that tells nobody.
let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

/// The tests' own authority, and a certificate for loopback.
struct TestAuthority {
    /// Signs.
    let authority: CertificateAuthority

    /// A new one.
    init() throws {
        self.authority = try CertificateAuthority(now: Date())
    }

    /// A serving certificate for loopback.
    func loopback(commonName: String = "loopback") throws -> CertificatePair {
        let request = CertificateRequest(commonName: commonName, names: ["localhost"], addresses: ["127.0.0.1", "::1"])
        return try authority.issue(request, now: Date())
    }
}

/// A certificate that never changes.
struct FixedCertificate: CertificateSource {
    /// What is served.
    let pair: CertificatePair

    /// Always the same.
    func stamp(now: Date) -> String { "fixed" }

    /// Always the same.
    func pair(now: Date) -> CertificatePair { pair }
}

/// Runs services and, once a server among them listens, a test; then shuts down gracefully.
///
/// - Parameters:
///   - services: made with the closure that takes the server's port.
///   - test: gets the port, and a closure that begins the shutdown earlier.
/// - Returns: what the test returns, once everything has ended.
/// - Throws: what the test or a service throws.
func withServices<Answer: Sendable>(
    _ services: (_ onListening: @escaping @Sendable (Int) async -> Void) throws -> [any Service],
    _ test: @escaping @Sendable (_ port: Int, _ shutDown: @escaping @Sendable () async -> Void) async throws -> Answer
) async throws -> Answer {
    let (ports, told) = AsyncStream.makeStream(of: Int.self)
    let group = ServiceGroup(
        configuration: ServiceGroupConfiguration(services: try services { told.yield($0) }, logger: quiet)
    )
    return try await withThrowingTaskGroup(of: Answer?.self) { tasks in
        tasks.addTask {
            defer { told.finish() }
            try await group.run()
            return nil
        }
        tasks.addTask {
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { return nil }
            do {
                let answer = try await test(port) { await group.triggerGracefulShutdown() }
                await group.triggerGracefulShutdown()
                return answer
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
        }
        var answer: Answer?
        while let result = try await tasks.next() { answer = result ?? answer }
        guard let answer else { throw CancellationError() }
        return answer
    }
}

/// Runs one server on loopback for the length of a test.
func withServer<Answer: Sendable>(
    _ router: Router<ServingContext>,
    certificate: ServingCertificate? = nil,
    limits: ServerLimits = ServerLimits(),
    _ test: @escaping @Sendable (_ port: Int) async throws -> Answer
) async throws -> Answer {
    try await withServices { onListening in
        [
            WebServer(
                "test",
                at: .at(host: "127.0.0.1", port: 0),
                certificate: certificate,
                limits: limits,
                handler: router.buildResponder(),
                logger: quiet,
                onListening: onListening
            )
        ]
    } _: { port, _ in
        try await test(port)
    }
}
