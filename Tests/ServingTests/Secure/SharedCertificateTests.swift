import Certificates
import Foundation
import Outbound
import Synchronization
import TestKit
import Testing

@testable import Serving

@Suite struct SharedCertificateTests {
    @Test func `the own certificate is served until the Secret is complete, and each version of it then`() throws {
        let authority = try TestAuthority()
        let (own, shared) = (try authority.loopback(), try authority.loopback())
        let secret = Mutex<CertificateSecret?>(nil)
        let source = SharedCertificate(until: FixedCertificate(pair: own), SharedSecret { secret.withLock { $0 } })
        let now = Date()
        #expect(try source.pair(now: now) == own)
        let before = try source.stamp(now: now)
        var next = CertificateSecret(
            authority: authority.authority.certificate,
            authorityKey: Secret(""),
            certificate: "",
            privateKey: Secret(""),
            version: "1"
        )
        secret.withLock { $0 = next }
        #expect(try source.stamp(now: now) == before && source.pair(now: now) == own)
        (next.certificate, next.privateKey, next.version) = (shared.certificates, shared.privateKey, "2")
        secret.withLock { $0 = next }
        let after = try source.stamp(now: now)
        #expect(try after != before && source.pair(now: now) == shared)
        next.version = "3"
        secret.withLock { $0 = next }
        #expect(try source.stamp(now: now) != after)
        secret.withLock { $0 = nil }
        #expect(try source.pair(now: now) == shared)
    }

    @Test func `an identity is read from three files, and again when one changes`() throws {
        let files = MemoryFiles()
        let log = ScriptedLog()
        let identities = IdentityFiles(directory: "/certs", files: files.view, logger: log.logger)
        let authority = try TestAuthority()
        let pair = try authority.loopback()
        files.write(pair)
        #expect(throws: ServingError.self) { try identities.identity(now: Date()) }
        files.write("/certs/ca.crt", authority.authority.certificate)
        let identity = try identities.identity(now: Date())
        #expect(identity == PeerIdentity(authorities: authority.authority.certificate, pair: pair))
        let next = try authority.loopback()
        files.write(next)
        #expect(try identities.identity(now: Date()).pair == next)
        #expect(log.lines.isEmpty)
    }

    @Test func `of broken files the former identity is kept, and that is told once`() throws {
        let (files, log) = (MemoryFiles(), ScriptedLog())
        let identities = IdentityFiles(directory: "/certs", files: files.view, logger: log.logger)
        let authority = try TestAuthority()
        let pair = try authority.loopback()
        files.write(pair)
        files.write("/certs/ca.crt", authority.authority.certificate)
        let good = try identities.identity(now: Date())
        let other = try authority.loopback().privateKey.withValue { $0 }
        let faults: [[(path: String, text: String?)]] = [
            [("/certs/ca.crt", "nonsense")], [("/certs/ca.crt", nil)],
            [("/certs/ca.crt", authority.authority.certificate), ("/certs/tls.key", other)],
        ]
        for (number, fault) in faults.enumerated() {
            for (path, text) in fault { files.write(path, text) }
            for _ in 0..<2 { #expect(try identities.identity(now: Date()) == good) }
            #expect(log.lines.count == number + 1)
        }
        let next = try authority.loopback()
        files.write(next)
        #expect(try identities.identity(now: Date()).pair == next)
    }

    /// How often the files change while they are read, and whether that is too often.
    @Test(arguments: [(1, true), (2, true), (3, false)])
    func `files that change while they are read are read again, and never taken by halves`(
        changes: Int,
        isRead: Bool
    ) throws {
        let files = MemoryFiles()
        let left = Mutex(changes)
        let pairs = try (0...changes)
            .map { _ in
                let authority = try TestAuthority()
                return (authority: authority.authority.certificate, pair: try authority.loopback())
            }
        /// Writes all three files.
        @Sendable func write(_ number: Int) {
            files.write("/certs/ca.crt", pairs[number].authority)
            files.write(pairs[number].pair)
        }
        write(0)
        let view = FileView(identity: files.view.identity) { path in
            let bytes = try files.view.read(path)
            // All files change at once, after the first of them has been read.
            let number = left.withLock { left -> Int? in
                guard left > 0, path.hasSuffix("ca.crt") else { return nil }
                left -= 1
                return changes - left
            }
            if let number { write(number) }
            return bytes
        }
        let identities = IdentityFiles(directory: "/certs", files: view, logger: quiet)
        if !isRead { #expect(throws: CertificatesError.self) { try identities.identity(now: Date()) } }
        let identity = try identities.identity(now: Date())
        #expect(identity == PeerIdentity(authorities: pairs[changes].authority, pair: pairs[changes].pair))
    }
}
