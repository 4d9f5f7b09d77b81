import Certificates
import Foundation
import KubeClient
import Outbound
import TestKit
import Testing

@testable import swell

@Suite struct ReplicaCertificatesTests {
    @Test func `a ca.crt that comes later makes replicas of processes that run already`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        /// Writes a file of the folder.
        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        let authority = try CertificateAuthority(now: Date())
        let pair = try authority.issue(CertificateRequest(commonName: "keda-operator"), now: Date())
        try write("tls.crt", pair.certificates)
        try pair.privateKey.withValue { try write("tls.key", $0) }
        let configuration = try OperatorConfigurationTests.configuration(["--cert-dir", folder.path()])
        let certificates = try ReplicaCertificates(
            configuration,
            KubeClient(configuration.cluster, over: ScriptedTransport()),
            time: .system,
            logger: ScriptedLog().logger
        )
        // So the port for other replicas is opened; nobody is answered there yet.
        #expect(certificates.isShared)
        #expect(throws: (any Error).self) { try certificates.identity() }
        try write("ca.crt", authority.certificate)
        #expect(try certificates.identity() == PeerIdentity(authorities: authority.certificate, pair: pair))
    }
}
