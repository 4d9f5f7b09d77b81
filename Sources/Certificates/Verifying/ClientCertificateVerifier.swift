public import Foundation
import SwiftASN1
import Synchronization
@_spi(FixedExpiryValidationTime) import X509

/// Tells whether a trusted authority vouches for a client, and who the client then is.
///
/// It holds no socket and no clock. That the client has the private key is proven by the TLS handshake.
///
/// Each request of a connection presents the same chain. What was found of it holds until a certificate ends that it
/// rests on, and is remembered: a signature costs more to check than the rest of a request.
public struct ClientCertificateVerifier: Sendable, Hashable {
    /// Whom a certificate names.
    public struct Subject: Sendable, Hashable {
        /// CN.
        ///
        /// `nil` when the certificate has none.
        public var commonName: String?
        /// All Os, in order.
        public var organizations: [String]
        /// All DNS names, in order.
        public var names: [String]

        /// Makes a subject.
        public init(commonName: String?, organizations: [String] = [], names: [String] = []) {
            self.commonName = commonName
            self.organizations = organizations
            self.names = names
        }

        /// Whether it is called by a DNS name, or by a wildcard for the name's first part.
        public func isCalled(_ name: String) -> Bool {
            let wildcard = "*" + name.drop { $0 != "." }
            return names.contains { [name, wildcard].contains($0.lowercased()) }
        }
    }

    /// Longest chain that is looked at, the client's own certificate included.
    ///
    /// The search for a path tries every order of the certificates that a stranger sends.
    public static let longestChain = 5

    /// Chains that an authority vouches for.
    private final class Known: Sendable {
        /// One of them.
        private struct Entry {
            /// As presented.
            let chain: [[UInt8]]
            /// Who the client is.
            let subject: Subject
            /// From when.
            let from: Date
            /// Until when.
            let until: Date
        }

        /// How many are remembered; past it, the oldest is forgotten.
        private static let capacity = 64
        /// Few, of which one is asked for nearly always: to compare them takes less than to hash a kilobyte.
        private let entries = Mutex<[Entry]>([])

        /// What was found of a chain, if it holds at a time.
        func subject(of chain: [[UInt8]], at now: Date) -> Subject? {
            guard let entry = entries.withLock({ $0.first { $0.chain == chain } }) else { return nil }
            return entry.from <= now && now < entry.until ? entry.subject : nil
        }

        /// Remembers what was found of a chain.
        func note(_ subject: Subject, of chain: [[UInt8]], from: Date, until: Date) {
            entries.withLock { entries in
                entries.removeAll { $0.chain == chain }
                if entries.count >= Self.capacity { entries.removeFirst() }
                entries.append(Entry(chain: chain, subject: subject, from: from, until: until))
            }
        }
    }

    /// The authorities, decoded.
    private let roots: [Certificate]
    /// See ``Known``.
    private let known = Known()

    /// Trusts the certificates of a bundle.
    ///
    /// - Parameter bundle: one or more PEM certificates; text between them is skipped.
    /// - Throws: ``CertificatesError``: `.missing` for a bundle without a certificate, `.malformed`.
    public init(trusting bundle: String) throws(CertificatesError) {
        do {
            self.roots = try PEMCertificates.all(in: bundle)
        } catch {
            throw CertificatesError(.malformed, "the bundle of authorities cannot be read", cause: error)
        }
        guard !roots.isEmpty else {
            throw CertificatesError(.missing, "the bundle of authorities holds no certificate")
        }
    }

    /// Checks what a client presented.
    ///
    /// - Parameters:
    ///   - chain: DER, the client's own certificate first.
    ///   - now: certificates outside their time are not trusted.
    /// - Returns: who the client is.
    /// - Throws: ``CertificatesError``: `.missing`, `.malformed` or `.untrusted`.
    /// - Source: RFC 5280, section 6; for the use, Go's `crypto/x509`, where a certificate without the extension may be
    ///   used for anything.
    public func subject(of chain: [[UInt8]], now: Date) async throws(CertificatesError) -> Subject {
        if let subject = known.subject(of: chain, at: now) { return subject }
        guard chain.count <= Self.longestChain else {
            throw CertificatesError(.untrusted, "the client's certificate chain has over \(Self.longestChain) members")
        }
        let certificates: [Certificate]
        do {
            certificates = try chain.map { try Certificate(derEncoded: $0) }
        } catch {
            throw CertificatesError(.malformed, "the client's certificate cannot be read", cause: error)
        }
        guard let leaf = certificates.first else { throw CertificatesError(.missing, "the client sent no certificate") }
        var verifier = Verifier(rootCertificates: CertificateStore(roots)) {
            RFC5280Policy(fixedExpiryValidationTime: now)
            ClientUsePolicy()
        }
        let result = await verifier.validate(leaf: leaf, intermediates: CertificateStore(certificates.dropFirst()))
        switch result {
        case .validCertificate(let path):
            let subject = Subject(
                commonName: leaf.subject.last(.RDNAttributeType.commonName),
                organizations: leaf.subject.all(.RDNAttributeType.organizationName),
                names: leaf.names
            )
            let end = path.map(\.notValidAfter).min() ?? now
            known.note(subject, of: chain, from: now, until: end)
            return subject
        case .couldNotValidate(let failures):
            let reasons = failures.map(\.policyFailureReason.description).joined(separator: "; ")
            throw CertificatesError(
                .untrusted,
                "no trusted authority vouches for the client's certificate",
                detail: reasons.isEmpty ? "issued by \(leaf.issuer)" : reasons
            )
        }
    }
}

extension ClientCertificateVerifier {
    /// Whether both trust the same.
    public static func == (one: ClientCertificateVerifier, other: ClientCertificateVerifier) -> Bool {
        one.roots == other.roots
    }

    /// Whom it trusts.
    public func hash(into hasher: inout Hasher) { hasher.combine(roots) }
}

extension Certificate {
    /// All DNS names, in order; none where the extension cannot be read.
    fileprivate var names: [String] {
        // One that cannot be read is of nobody; that the chain holds is another question.
        guard let names = try? extensions.subjectAlternativeNames else { return [] }
        return names.compactMap { if case .dnsName(let name) = $0 { name } else { nil } }
    }
}

extension DistinguishedName {
    /// Every value of one attribute, in order.
    fileprivate func all(_ type: ASN1ObjectIdentifier) -> [String] {
        flatMap { $0 }.filter { $0.type == type }.compactMap { String($0.value) }
    }

    /// The last value of one attribute, which Go's `pkix.Name` takes for CN.
    fileprivate func last(_ type: ASN1ObjectIdentifier) -> String? {
        all(type).last
    }
}
