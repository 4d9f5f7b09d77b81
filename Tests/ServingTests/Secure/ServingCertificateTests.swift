import Certificates
import Foundation
import Outbound
import Synchronization
import TestKit
import Testing

@testable import Serving

/// A directory in memory that may change, or fail.
final class MemoryFiles: Sendable {
    /// By path.
    private let files = Mutex<[String: (version: Int, text: String)]>([:])

    /// Writes both files of a pair.
    func write(_ pair: CertificatePair) {
        write("/certs/tls.crt", pair.certificates)
        write("/certs/tls.key", pair.privateKey.withValue { $0 })
    }

    /// Writes one file; `nil` takes it away.
    func write(_ path: String, _ text: String?) {
        files.withLock { files in
            files[path] = text.map { ((files[path]?.version ?? 0) + 1, $0) }
        }
    }

    /// As the code under test sees it.
    var view: FileView {
        FileView(
            identity: { try String(self.find($0).version) },
            read: { try Array(self.find($0).text.utf8) }
        )
    }

    /// One file.
    private func find(_ path: String) throws -> (version: Int, text: String) {
        guard let file = files.withLock({ $0[path] }) else {
            throw ServingError(.badCertificate, "cannot read \(path): No such file or directory")
        }
        return file
    }
}

@Suite struct ServingCertificateTests {
    let files = MemoryFiles()

    /// A certificate from the files in memory.
    func certificate() throws -> ServingCertificate {
        try ServingCertificate(CertificateFiles(directory: "/certs", files: files.view), logger: quiet)
    }

    @Test func `the files are read at the start, and again only when they change`() throws {
        let authority = try TestAuthority()
        files.write(try authority.loopback())
        let certificate = try certificate()
        let first = certificate.context
        #expect(certificate.reloadIfNeeded().name == "unchanged")
        #expect(certificate.context === first)
        files.write(try authority.loopback())
        #expect(certificate.reloadIfNeeded().name == "reloaded")
        #expect(certificate.context !== first)
        #expect(certificate.reloadIfNeeded().name == "unchanged")
    }

    @Test func `a broken change keeps the former certificate, is told once, and recovers`() throws {
        let authority = try TestAuthority()
        files.write(try authority.loopback())
        let certificate = try certificate()
        let first = certificate.context
        let next = try authority.loopback()
        files.write("/certs/tls.crt", next.certificates)
        #expect(certificate.reloadIfNeeded().name == "failed")
        #expect(certificate.reloadIfNeeded().name == "unchanged")
        #expect(certificate.context === first)
        files.write("/certs/tls.key", next.privateKey.withValue { $0 })
        #expect(certificate.reloadIfNeeded().name == "reloaded")
        #expect(certificate.context !== first)
    }

    @Test func `files that go away are told once, and are read when they are back`() throws {
        let pair = try TestAuthority().loopback()
        files.write(pair)
        let certificate = try certificate()
        let first = certificate.context
        files.write("/certs/tls.key", nil)
        #expect(certificate.reloadIfNeeded().name == "failed")
        #expect(certificate.reloadIfNeeded().name == "unchanged")
        #expect(certificate.context === first)
        files.write(pair)
        #expect(certificate.reloadIfNeeded().name == "reloaded")
    }

    @Test func `files that change while they are read are no fault`() throws {
        let authority = try TestAuthority()
        files.write(try authority.loopback())
        let next = try authority.loopback()
        let isSwapping = Mutex(false)
        let view = FileView(identity: files.view.identity) { path in
            let bytes = try self.files.view.read(path)
            // Both files change at once, after the first of them has been read.
            if isSwapping.withLock({ $0 }), path.hasSuffix("tls.crt") { self.files.write(next) }
            return bytes
        }
        let certificate = try ServingCertificate(CertificateFiles(directory: "/certs", files: view), logger: quiet)
        let first = certificate.context
        files.write(try authority.loopback())
        isSwapping.withLock { $0 = true }
        #expect(certificate.reloadIfNeeded().name == "unchanged")
        #expect(certificate.context === first)
        isSwapping.withLock { $0 = false }
        #expect(certificate.reloadIfNeeded().name == "reloaded")
        #expect(certificate.certificates == next.certificates)
    }

    @Test func `a certificate that nobody renews is told near its end and at its end, once each`() async throws {
        let (clock, log) = (ManualClock(), ScriptedLog())
        let authority = try CertificateAuthority(now: clock.now)
        files.write(try authority.issue(CertificateRequest(commonName: "x", days: 100), now: clock.now))
        let source = CertificateFiles(directory: "/certs", files: files.view)
        let certificate = try ServingCertificate(source, time: clock.source, logger: log.logger)
        #expect(certificate.lifetime?.end == clock.now + 100 * 86_400)
        for (days, lines) in [(89, 0), (2, 1), (1, 1), (9, 2), (1, 2)] {
            clock.advance(by: .seconds(days * 86_400))
            certificate.lookAndTell()
            #expect(log.lines.count == lines)
        }
        #expect(log.lines.first?.contains("expires soon") == true && log.lines.last?.contains("has expired") == true)
        files.write(try authority.issue(CertificateRequest(commonName: "x", days: 100), now: clock.now))
        certificate.lookAndTell()
        #expect(log.lines.last?.contains("reloaded") == true && log.lines.count == 3)
    }

    /// What is wrong with the files at the start.
    enum Fault: CaseIterable { case noFiles, noKey, otherKey, garbage, empty }

    @Test(arguments: Fault.allCases)
    func `without a good pair there is no start`(fault: Fault) throws {
        let authority = try TestAuthority()
        if fault != .noFiles { files.write(try authority.loopback()) }
        switch fault {
        case .noFiles: break
        case .noKey: files.write("/certs/tls.key", nil)
        case .otherKey: files.write("/certs/tls.key", try authority.loopback().privateKey.withValue { $0 })
        case .garbage: files.write("/certs/tls.crt", "garbage")
        case .empty: files.write("/certs/tls.crt", "")
        }
        let error = #expect(throws: ServingError.self) { try certificate() }
        #expect(error?.code == .badCertificate)
        #expect(error.map { "\($0) \(String(reflecting: $0))" }?.contains("PRIVATE KEY") == false)
    }

    @Test func `a mounted Secret changes by its link, and the machine's own files are read`() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: root) } }
        let authority = try TestAuthority()
        for version in ["one", "two"] {
            let folder = root.appending(path: version)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let pair = try authority.loopback()
            try Data(pair.certificates.utf8).write(to: folder.appending(path: "tls.crt"))
            try pair.privateKey.withValue { try Data($0.utf8).write(to: folder.appending(path: "tls.key")) }
        }
        let link = root.appending(path: "..data").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "one")
        for file in ["tls.crt", "tls.key"] {
            let path = root.appending(path: file).path
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "..data/\(file)")
        }
        let certificate = try ServingCertificate(CertificateFiles(directory: root.path), logger: quiet)
        #expect(certificate.reloadIfNeeded().name == "unchanged")
        try FileManager.default.removeItem(atPath: link)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "two")
        #expect(certificate.reloadIfNeeded().name == "reloaded")
    }

    @Test func `our own certificate is renewed after two thirds of its life`() throws {
        let clock = ManualClock()
        let source = OwnCertificate(
            CertificateRequest(commonName: "x", days: 90),
            signedBy: try CertificateAuthority(now: clock.now),
            from: clock.now
        )
        let certificate = try ServingCertificate(source, time: clock.source, logger: quiet)
        clock.advance(by: .seconds(59 * 86_400))
        #expect(certificate.reloadIfNeeded().name == "unchanged")
        clock.advance(by: .seconds(2 * 86_400))
        #expect(certificate.reloadIfNeeded().name == "reloaded")
        #expect(certificate.reloadIfNeeded().name == "unchanged")
    }

    @Test(.timeLimit(.minutes(1))) func `a running certificate looks every few seconds, until the end`() async throws {
        let clock = ManualClock()
        let authority = try TestAuthority()
        files.write(try authority.loopback())
        let certificate = try ServingCertificate(
            CertificateFiles(directory: "/certs", files: files.view),
            time: clock.source,
            logger: quiet
        )
        let first = certificate.context
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await certificate.run() }
            try await clock.waitForSleepers(1)
            files.write(try authority.loopback())
            clock.advance(by: .seconds(5))
            try await eventually("the reload") { certificate.context !== first }
            group.cancelAll()
        }
    }
}

extension ServingCertificate.Outcome {
    /// Which case it is.
    fileprivate var name: String {
        switch self {
        case .unchanged: "unchanged"
        case .reloaded: "reloaded"
        case .failed: "failed"
        }
    }
}
