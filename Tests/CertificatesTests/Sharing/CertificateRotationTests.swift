import Certificates
import Crypto
import CryptoExtras
import Foundation
import Outbound
import SwiftASN1
import Testing
import X509

/// A Secret as KEDA's operator fills it.
struct ForeignSecret {
    /// When it was made.
    var now: Date
    /// The names of its certificate.
    var names: [String] = []
    /// How long its authority lives, in days.
    var authorityDays = 3650.0
    /// How long its certificate lives, in days.
    var days = 365.0
    /// What its certificate is for.
    var uses: [ExtendedKeyUsage.Usage] = [.serverAuth, .clientAuth]

    /// Makes it.
    ///
    /// - Source: open-policy-agent/cert-controller, `pkg/rotator/rotator.go`, `CreateCACert` and `CreateCertPEM`.
    func made() throws -> CertificateSecret {
        let authorityKey = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let authority = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(bytes: [0]),
            publicKey: .init(authorityKey.publicKey),
            notValidBefore: now - 3600,
            notValidAfter: now + authorityDays * 86_400,
            issuer: Self.authorityName,
            subject: Self.authorityName,
            signatureAlgorithm: .sha256WithRSAEncryption,
            extensions: Certificate.Extensions {
                Critical(KeyUsage(digitalSignature: true, keyEncipherment: true, keyCertSign: true))
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                // Newer versions of Go name a key by another hash than we do.
                SubjectKeyIdentifier(keyIdentifier: [1, 2, 3, 4])
                SubjectAlternativeNames([.dnsName("KEDA")])
            },
            issuerPrivateKey: .init(authorityKey)
        )
        let leaf = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(bytes: [1]),
            publicKey: .init(key.publicKey),
            notValidBefore: now - 3600,
            notValidAfter: now + days * 86_400,
            issuer: Self.authorityName,
            subject: DistinguishedName { CommonName(names.first ?? "") },
            signatureAlgorithm: .sha256WithRSAEncryption,
            extensions: Certificate.Extensions {
                Critical(KeyUsage(digitalSignature: true, keyEncipherment: true))
                try ExtendedKeyUsage(uses)
                Critical(BasicConstraints.notCertificateAuthority)
                AuthorityKeyIdentifier(keyIdentifier: [1, 2, 3, 4])
                SubjectAlternativeNames((names.prefix(1) + names).map { .dnsName($0) })
            },
            issuerPrivateKey: .init(authorityKey)
        )
        return CertificateSecret(
            authority: try authority.serializeAsPEM().pemString,
            authorityKey: Secret(authorityKey.pemRepresentation),
            certificate: try leaf.serializeAsPEM().pemString,
            privateKey: Secret(key.pemRepresentation),
            version: "7"
        )
    }

    /// Whom KEDA's authority is called.
    static let authorityName = DistinguishedName([
        .init(.init(type: .RDNAttributeType.organizationName, utf8String: "KEDAORG")),
        .init(.init(type: .RDNAttributeType.commonName, utf8String: "KEDA")),
    ])
}

@Suite struct CertificateRotationTests {
    static let now = Date(timeIntervalSince1970: 1_781_604_000)
    static let day = 86_400.0
    static let rotation = CertificateRotation(
        services: ["keda-operator", "keda-admission-webhooks", "keda-operator-metrics-apiserver"],
        in: "keda",
        domain: "cluster.local"
    )

    /// What rotation makes of nothing.
    static func made(at now: Date = now) throws -> CertificateSecret {
        try #require(try rotation.outcome(of: .renewAuthority(because: ""), over: nil, now: now))
    }

    @Test func `what is made has KEDA's keys, names and lifetimes`() throws {
        #expect(
            Self.rotation.action(for: nil, toldSince: nil, now: Self.now)
                == .renewAuthority(because: "there is no Secret")
        )
        let secret = try Self.made()
        let authority = try Certificate(pemEncoded: secret.authority)
        let leaf = try Certificate(pemEncoded: secret.certificate)
        #expect(authority.subject == ForeignSecret.authorityName && authority.issuer == authority.subject)
        #expect(authority.notValidAfter == Self.now + 3650 * Self.day)
        #expect(try authority.extensions.subjectAlternativeNames.map(Array.init) == [.dnsName("KEDA")])
        // KEDA signs with RSA keys in this form only.
        #expect(secret.authorityKey.withValue { $0.hasPrefix("-----BEGIN RSA PRIVATE KEY-----") })
        #expect(leaf.issuer == authority.subject)
        #expect(
            leaf.subject
                == DistinguishedName([.init(.init(type: .RDNAttributeType.commonName, utf8String: "keda-operator"))])
        )
        #expect(leaf.notValidAfter == Self.now + 365 * Self.day)
        #expect(try leaf.extensions.extendedKeyUsage.map(Array.init) == [.serverAuth, .clientAuth])
        let services = ["keda-operator", "keda-admission-webhooks", "keda-operator-metrics-apiserver"]
        let names = services.flatMap { name in
            ["", ".keda", ".keda.svc", ".keda.svc.cluster.local"].map { GeneralName.dnsName(name + $0) }
        }
        #expect(try leaf.extensions.subjectAlternativeNames.map(Array.init) == names)
        #expect(secret.version == nil)
    }

    @Test func `what we made is kept until 90 days before its end, and the authority outlives the certificate`() throws
    {
        var secret = try Self.made()
        secret.version = "1"
        let (early, late) = (Self.now + 274.9 * Self.day, Self.now + 275.1 * Self.day)
        #expect(Self.rotation.action(for: secret, toldSince: nil, now: early) == .keep)
        #expect(try Self.rotation.outcome(of: .keep, over: secret, now: early) == nil)
        let action = Self.rotation.action(for: secret, toldSince: nil, now: late)
        #expect(action == .renewCertificate(because: "tls.crt expires within 90 days"))
        let next = try #require(try Self.rotation.outcome(of: action, over: secret, now: late))
        #expect(next.authority == secret.authority && next.authorityKey == secret.authorityKey)
        #expect(next.certificate != secret.certificate && next.version == "1")
        #expect(Self.rotation.action(for: next, toldSince: nil, now: late) == .keep)
        let end = Self.now + (3650 - 89) * Self.day
        #expect(
            Self.rotation.action(for: next, toldSince: nil, now: end)
                == .renewAuthority(because: "ca.crt expires within 90 days")
        )
        #expect(
            Self.rotation.action(for: secret, toldSince: nil, now: Self.now - 2 * 3600)
                == .renewAuthority(because: "ca.crt is not valid yet")
        )
    }

    @Test func `what KEDA made is kept, and renewed under its authority`() throws {
        let secret = try ForeignSecret(now: Self.now, names: Self.rotation.names).made()
        #expect(Self.rotation.action(for: secret, toldSince: nil, now: Self.now) == .keep)
        let late = Self.now + 300 * Self.day
        let action = Self.rotation.action(for: secret, toldSince: nil, now: late)
        let next = try #require(try Self.rotation.outcome(of: action, over: secret, now: late))
        #expect(next.authority == secret.authority)
        let leaf = try Certificate(pemEncoded: next.certificate)
        #expect(try leaf.extensions.authorityKeyIdentifier?.keyIdentifier == [1, 2, 3, 4])
        #expect(Self.rotation.action(for: next, toldSince: nil, now: late) == .keep)
    }

    /// What is wrong with a Secret, and what is to be done.
    struct Flaw: Sendable, CustomTestStringConvertible {
        /// What is done.
        let action: CertificateRotation.Action
        /// What is to be done after it.
        var next = CertificateRotation.Action.keep
        /// Brings it about.
        let change: @Sendable (inout CertificateSecret) throws -> Void
        var testDescription: String { "\(action)" }
    }

    static let flaws = [
        Flaw(action: .renewAuthority(because: "ca.crt and ca.key are missing, or cannot be used")) {
            $0.authority = ""
        },
        // What is served is still trusted, so it stays until everybody knows the new authority.
        Flaw(
            action: .renewAuthority(because: "ca.crt and ca.key are missing, or cannot be used"),
            next: .settle(until: nil)
        ) {
            $0.authorityKey = Secret("")
        },
        Flaw(
            action: .renewAuthority(because: "ca.crt and ca.key are missing, or cannot be used"),
            next: .settle(until: nil)
        ) {
            $0.authorityKey = try made().authorityKey
        },
        Flaw(action: .renewAuthority(because: "ca.crt is not an authority's certificate")) {
            ($0.authority, $0.authorityKey) = ($0.certificate, $0.privateKey)
        },
        Flaw(action: .renewAuthority(because: "ca.crt expires within 90 days"), next: .settle(until: nil)) {
            $0 = try ForeignSecret(now: now, names: rotation.names, authorityDays: 90).made()
        },
        Flaw(action: .renewAuthority(because: "ca.crt has expired")) {
            $0 = try ForeignSecret(now: now - 10 * day, names: rotation.names, authorityDays: 9).made()
        },
        Flaw(action: .renewCertificate(because: "tls.crt and tls.key are missing, or cannot be used")) {
            $0.certificate = "nonsense"
        },
        Flaw(action: .renewCertificate(because: "tls.crt and tls.key are missing, or cannot be used")) {
            $0.privateKey = Secret("")
        },
        Flaw(action: .renewCertificate(because: "tls.crt does not belong to tls.key")) {
            $0.privateKey = try made().privateKey
        },
        Flaw(action: .renewCertificate(because: "tls.crt is not signed by ca.crt")) {
            let other = try made()
            ($0.certificate, $0.privateKey) = (other.certificate, other.privateKey)
        },
        Flaw(action: .renewCertificate(because: "tls.crt expires within 90 days")) {
            $0 = try ForeignSecret(now: now, names: rotation.names, days: 90).made()
        },
        Flaw(action: .renewCertificate(because: "tls.crt is not for servers and clients")) {
            $0 = try ForeignSecret(now: now, names: rotation.names, uses: [.serverAuth]).made()
        },
        Flaw(action: .renewCertificate(because: "tls.crt does not name keda-operator-metrics-apiserver.keda.svc")) {
            let names = rotation.names.filter { $0 != "keda-operator-metrics-apiserver.keda.svc" }
            $0 = try ForeignSecret(now: now, names: names).made()
        },
    ]

    @Test(arguments: flaws) func `what is wrong is made anew, and no more than that`(flaw: Flaw) throws {
        var secret = try Self.made()
        try flaw.change(&secret)
        #expect(Self.rotation.action(for: secret, toldSince: nil, now: Self.now) == flaw.action)
        let next = try #require(try Self.rotation.outcome(of: flaw.action, over: secret, now: Self.now))
        #expect(Self.rotation.action(for: next, toldSince: nil, now: Self.now) == flaw.next)
    }
}
