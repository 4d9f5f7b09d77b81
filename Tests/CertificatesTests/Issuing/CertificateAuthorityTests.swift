import Certificates
import Crypto
import Foundation
import Outbound
import SwiftASN1
import Testing
import X509

@Suite struct CertificateAuthorityTests {
    static let now = Date(timeIntervalSince1970: 1_781_604_000)

    @Test func `an authority is called as KEDA's and lives ten years`() throws {
        let authority = try CertificateAuthority(now: Self.now)
        let certificate = try Certificate(pemEncoded: authority.certificate)
        #expect(
            certificate.subject.description == "O=KEDAORG,CN=KEDA"
                || certificate.subject.description == "CN=KEDA,O=KEDAORG"
        )
        #expect(certificate.issuer == certificate.subject)
        #expect(certificate.notValidBefore == Self.now - 3600)
        #expect(certificate.notValidAfter == Self.now + 3650 * 86_400)
        #expect(try certificate.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: 0))
    }

    @Test func `a serving certificate has the names and addresses that were asked for, and lives a year`() throws {
        let authority = try CertificateAuthority(now: Self.now)
        let pair = try authority.issue(
            CertificateRequest(
                commonName: "swell",
                names: ["localhost", "keda-operator.keda.svc"],
                addresses: ["127.0.0.1", "::1"]
            ),
            now: Self.now
        )
        let certificate = try Certificate(pemEncoded: pair.certificates)
        #expect(certificate.notValidAfter == Self.now + 365 * 86_400)
        let names = try #require(try certificate.extensions.subjectAlternativeNames)
        #expect(
            Array(names) == [
                .dnsName("localhost"), .dnsName("keda-operator.keda.svc"),
                .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
                .ipAddress(ASN1OctetString(contentBytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
            ]
        )
        let uses = try #require(try certificate.extensions.extendedKeyUsage)
        #expect(Array(uses) == [.serverAuth, .clientAuth])
        let key = try pair.privateKey.withValue { try Certificate.PrivateKey(pemEncoded: $0) }
        #expect(key.publicKey == certificate.publicKey)
        let signer = try Certificate(pemEncoded: authority.certificate)
        #expect(signer.publicKey.isValidSignature(certificate.signature, for: certificate))
    }

    @Test(arguments: ["localhost", "300.1.1.1", "", "1::2::3"])
    func `an address that is none is an error`(address: String) throws {
        let authority = try CertificateAuthority(now: Self.now)
        let error = #expect(throws: CertificatesError.self) {
            try authority.issue(CertificateRequest(commonName: "x", addresses: [address]), now: Self.now)
        }
        #expect(error?.code == .cannotIssue)
        #expect(error?.description == "\(address) is not an IP address")
    }

    @Test func `an authority that somebody else has made signs too`() throws {
        let root = Certificate.PrivateKey(P384.Signing.PrivateKey())
        let name = try DistinguishedName { CommonName("root") }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: root.publicKey,
            notValidBefore: Self.now,
            notValidAfter: Self.now + 60,
            issuer: name,
            subject: name,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
            },
            issuerPrivateKey: root
        )
        let pem = try certificate.serializeAsPEM().pemString
        let key = Secret(try root.serializeAsPEM().pemString)
        let pair = try CertificateAuthority(certificate: pem, privateKey: key)
            .issue(CertificateRequest(commonName: "x"), now: Self.now)
        let leaf = try Certificate(pemEncoded: pair.certificates)
        #expect(root.publicKey.isValidSignature(leaf.signature, for: leaf))
        let error = #expect(throws: CertificatesError.self) {
            try CertificateAuthority(certificate: pem, privateKey: pair.privateKey)
        }
        #expect(error?.summary == "the private key is not the certificate authority's")
    }

    @Test func `a private key is not shown`() throws {
        let pair = try CertificateAuthority(now: Self.now).issue(CertificateRequest(commonName: "x"), now: Self.now)
        #expect(!"\(pair)".contains("PRIVATE KEY"))
    }
}
