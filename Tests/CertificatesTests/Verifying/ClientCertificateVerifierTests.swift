import Certificates
import Crypto
import Foundation
import Outbound
import SwiftASN1
import Testing
import X509

@Suite struct ClientCertificateVerifierTests {
    static let now = Date(timeIntervalSince1970: 1_781_604_000)

    /// The DER of each certificate of a PEM text.
    static func der(_ pem: String) throws -> [[UInt8]] {
        try PEMDocument.parseMultiple(pemString: pem).map(\.derBytes)
    }

    @Test func `a client of the authority is known by its name and groups`() async throws {
        let authority = try CertificateAuthority(now: Self.now)
        let pair = try authority.issue(
            CertificateRequest(commonName: "jane", organizations: ["dev", "ops"], usages: [.client]),
            now: Self.now
        )
        let verifier = try ClientCertificateVerifier(trusting: authority.certificate)
        let subject = try await verifier.subject(of: Self.der(pair.certificates), now: Self.now)
        #expect(subject == .init(commonName: "jane", organizations: ["dev", "ops"]))
    }

    @Test func `a client is called by each of its DNS names, and by a wildcard for the first part`() async throws {
        let authority = try CertificateAuthority(now: Self.now)
        let request = CertificateRequest(commonName: "jane", names: ["one.shop.svc", "*.KEDA.svc"], usages: [.client])
        let pair = try authority.issue(request, now: Self.now)
        let verifier = try ClientCertificateVerifier(trusting: authority.certificate)
        let subject = try await verifier.subject(of: Self.der(pair.certificates), now: Self.now)
        #expect(subject.names == ["one.shop.svc", "*.KEDA.svc"])
        #expect(["one.shop.svc", "operator.keda.svc"].allSatisfy(subject.isCalled))
        #expect(!["jane", "two.shop.svc", "a.b.keda.svc", "keda.svc", ""].contains(where: subject.isCalled))
    }

    @Test func `what is remembered of a client ends with its certificate, and is of that chain alone`() async throws {
        let authority = try CertificateAuthority(now: Self.now)
        let request = CertificateRequest(commonName: "jane", usages: [.client])
        let chain = try Self.der(authority.issue(request, now: Self.now).certificates)
        let verifier = try ClientCertificateVerifier(trusting: authority.certificate)
        for day in [0.0, 1, 0, 300] {
            let now = Self.now + day * 86_400
            #expect(try await verifier.subject(of: chain, now: now).commonName == "jane")
        }
        for days in [366.0, -1] {
            let now = Self.now + days * 86_400
            await #expect(throws: CertificatesError.self) { try await verifier.subject(of: chain, now: now) }
        }
        var forged = chain
        forged[0][forged[0].count - 5] ^= 1
        await #expect(throws: CertificatesError.self) { try await verifier.subject(of: forged, now: Self.now) }
    }

    @Test func `more clients than are remembered are all told apart`() async throws {
        let authority = try CertificateAuthority(now: Self.now)
        let names = (0..<70).map { "client-\($0)" }
        let chains = try names.map { name in
            try Self.der(
                authority.issue(CertificateRequest(commonName: name, usages: [.client]), now: Self.now).certificates
            )
        }
        let verifier = try ClientCertificateVerifier(trusting: authority.certificate)
        for (name, chain) in zip(names + names.reversed(), chains + chains.reversed()) {
            #expect(try await verifier.subject(of: chain, now: Self.now).commonName == name)
        }
    }

    @Test func `what is remembered of a client ends with its authority too`() async throws {
        let authority = try CertificateAuthority(now: Self.now)
        let late = Self.now + (10 * 365 - 30) * 86_400
        let request = CertificateRequest(commonName: "jane", usages: [.client])
        let chain = try Self.der(authority.issue(request, now: late).certificates)
        let verifier = try ClientCertificateVerifier(trusting: authority.certificate)
        #expect(try await verifier.subject(of: chain, now: late).commonName == "jane")
        await #expect(throws: CertificatesError.self) {
            try await verifier.subject(of: chain, now: late + 60 * 86_400)
        }
    }

    /// How a certificate may fail, and how its time is moved.
    enum Fault: CaseIterable {
        case expired, notYetValid, otherAuthority, sameNameOtherKey, onlyForServers, signedByALeaf, changed, noChain,
            garbage
    }

    @Test(arguments: Fault.allCases)
    func `nobody else is`(fault: Fault) async throws {
        let authority = try CertificateAuthority(now: Self.now)
        var (signer, now, usages) = (authority, Self.now, [CertificateRequest.Usage.client])
        switch fault {
        case .expired: now += 366 * 86_400
        case .notYetValid: now -= 2 * 3600
        case .otherAuthority: signer = try CertificateAuthority(commonName: "other", now: Self.now)
        case .sameNameOtherKey: signer = try CertificateAuthority(now: Self.now)
        case .onlyForServers: usages = [.server]
        case .signedByALeaf, .changed, .noChain, .garbage: break
        }
        let pair = try signer.issue(CertificateRequest(commonName: "jane", usages: usages), now: Self.now)
        var chain = try Self.der(pair.certificates)
        switch fault {
        case .signedByALeaf: chain = [try Self.signed(by: pair)] + chain
        case .changed: chain[0][chain[0].count - 5] ^= 1
        case .noChain: chain = []
        case .garbage: chain = [Array("not a certificate".utf8)]
        case .expired, .notYetValid, .otherAuthority, .sameNameOtherKey, .onlyForServers: break
        }
        let verifier = try ClientCertificateVerifier(trusting: authority.certificate)
        await #expect(throws: CertificatesError.self) { try await verifier.subject(of: chain, now: now) }
    }

    @Test func `an intermediate authority is found among what the client sends`() async throws {
        let (root, middle, leaf) = try Self.threeTiers()
        let verifier = try ClientCertificateVerifier(trusting: root)
        #expect(try await verifier.subject(of: [leaf, middle], now: Self.now).commonName == "leaf")
        await #expect(throws: CertificatesError.self) { try await verifier.subject(of: [leaf], now: Self.now) }
    }

    @Test func `a chain of any length is not searched`() async throws {
        let (root, middle, leaf) = try Self.threeTiers()
        let verifier = try ClientCertificateVerifier(trusting: root)
        let long = [leaf] + Array(repeating: middle, count: ClientCertificateVerifier.longestChain)
        let error = await #expect(throws: CertificatesError.self) {
            try await verifier.subject(of: long, now: Self.now)
        }
        #expect(error?.code == .untrusted)
    }

    @Test func `a bundle trusts each of its authorities, RSA ones too`() async throws {
        let own = try CertificateAuthority(now: Self.now)
        let verifier = try ClientCertificateVerifier(
            trusting: own.certificate + "\n# the cluster's\n" + RSAFixture.authority
        )
        let later = Date(timeIntervalSince1970: 1_900_000_000)
        let subject = try await verifier.subject(of: Self.der(RSAFixture.client), now: later)
        #expect(subject == .init(commonName: "kubernetes-admin", organizations: ["system:masters", "ops"]))
        let pair = try own.issue(CertificateRequest(commonName: "jane"), now: Self.now)
        #expect(try await verifier.subject(of: Self.der(pair.certificates), now: Self.now).commonName == "jane")
    }

    @Test(arguments: [
        ("", CertificatesError.Code.missing),
        ("no PEM at all", .missing),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", .malformed),
    ])
    func `a bundle without a good certificate is an error`(bundle: String, code: CertificatesError.Code) {
        let error = #expect(throws: CertificatesError.self) { try ClientCertificateVerifier(trusting: bundle) }
        #expect(error?.code == code)
    }

    /// A certificate signed with the key of one that is no authority.
    static func signed(by pair: CertificatePair) throws -> [UInt8] {
        let issuer = try Certificate(pemEncoded: pair.certificates)
        let key = try pair.privateKey.withValue { try Certificate.PrivateKey(pemEncoded: $0) }
        return try certificate("mallory", issuer: issuer.subject, key: key, for: nil, isAuthority: false)
    }

    /// A root, PEM; an intermediate authority and a client, DER.
    static func threeTiers() throws -> (root: String, middle: [UInt8], leaf: [UInt8]) {
        let (rootKey, middleKey) = (
            Certificate.PrivateKey(P256.Signing.PrivateKey()), Certificate.PrivateKey(P384.Signing.PrivateKey())
        )
        let rootName = try DistinguishedName { CommonName("root") }
        let middleName = try DistinguishedName { CommonName("middle") }
        let root = try certificate("root", issuer: rootName, key: rootKey, for: rootKey, isAuthority: true)
        let middle = try certificate("middle", issuer: rootName, key: rootKey, for: middleKey, isAuthority: true)
        let leaf = try certificate("leaf", issuer: middleName, key: middleKey, for: nil, isAuthority: false)
        return (PEMDocument(type: "CERTIFICATE", derBytes: root).pemString, middle, leaf)
    }

    /// Any certificate, DER; a new key where none is given.
    private static func certificate(
        _ name: String,
        issuer: DistinguishedName,
        key: Certificate.PrivateKey,
        for subjectKey: Certificate.PrivateKey?,
        isAuthority: Bool
    ) throws -> [UInt8] {
        let certificate = try Certificate(
            version: .v3,
            serialNumber: .init(),
            publicKey: (subjectKey ?? Certificate.PrivateKey(P256.Signing.PrivateKey())).publicKey,
            notValidBefore: now - 60,
            notValidAfter: now + 60,
            issuer: issuer,
            subject: DistinguishedName { CommonName(name) },
            signatureAlgorithm: key.publicKey == subjectKey?.publicKey || issuer.description == "CN=root"
                ? .ecdsaWithSHA256 : .ecdsaWithSHA384,
            extensions: Certificate.Extensions {
                Critical(
                    isAuthority ? BasicConstraints.isCertificateAuthority(maxPathLength: nil) : .notCertificateAuthority
                )
            },
            issuerPrivateKey: key
        )
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return serializer.serializedBytes
    }
}
