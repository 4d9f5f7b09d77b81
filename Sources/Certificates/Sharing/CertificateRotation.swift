public import Foundation
import Outbound
import SwiftASN1
import X509

/// Decides when the shared authority and its certificate are made anew, and makes them.
///
/// Pure: what the Secret holds and the time go in, what to do comes out. What KEDA has written is kept for as long as
/// it is good, and what is made here KEDA can go on with.
///
/// - Source: open-policy-agent/cert-controller, `pkg/rotator/rotator.go`, for the lifetimes and the look ahead.
public struct CertificateRotation: Sendable, Hashable {
    /// What to do.
    public enum Action: Sendable, Hashable {
        /// Nothing: all is good, for long enough.
        case keep
        /// Sign a new certificate with the authority that is there.
        case renewCertificate(because: String)
        /// Make an authority and a certificate.
        case renewAll(because: String)
    }

    /// How long before its end a certificate is made anew: 90 days.
    public static let lookAhead = TimeInterval(90 * 86_400)

    /// Under which names the replicas are reached.
    ///
    /// The first one is the common name, too; never empty.
    public let names: [String]

    /// Makes the rules for a set of names.
    ///
    /// - Parameters:
    ///   - services: Services that lead to us; the operator's own first.
    ///   - namespace: where they are.
    ///   - domain: the cluster's, such as `cluster.local`.
    public init(services: [String], in namespace: String, domain: String) {
        self.names = services.flatMap { service in
            [
                service, "\(service).\(namespace)", "\(service).\(namespace).svc",
                "\(service).\(namespace).svc.\(domain)",
            ]
        }
    }

    /// Decides.
    ///
    /// - Parameters:
    ///   - secret: what is stored; `nil` when there is no Secret.
    ///   - now: the time.
    /// - Returns: what to do.
    public func action(for secret: CertificateSecret?, now: Date) -> Action {
        guard let secret else { return .renewAll(because: "there is no Secret") }
        let authority: Certificate
        do {
            // Reads the key too, and compares it with the certificate.
            authority = try CertificateAuthority(certificate: secret.authority, privateKey: secret.authorityKey)
                .authority
            guard case .isCertificateAuthority = try authority.extensions.basicConstraints else {
                return .renewAll(because: "ca.crt is not an authority's certificate")
            }
        } catch {
            return .renewAll(because: "ca.crt and ca.key are missing, or cannot be used")
        }
        if let reason = Self.lifetimeProblem(of: authority, now) { return .renewAll(because: "ca.crt \(reason)") }
        do {
            let leaf = try Self.first(secret.certificate)
            let key = try secret.privateKey.withValue { try Certificate.PrivateKey(pemEncoded: $0) }
            if let reason = try problem(of: leaf, key, signedBy: authority, now) {
                return .renewCertificate(because: "tls.crt \(reason)")
            }
        } catch {
            return .renewCertificate(because: "tls.crt and tls.key are missing, or cannot be used")
        }
        return .keep
    }

    /// Makes what an action asks for.
    ///
    /// - Returns: what is to be stored over `secret`; `nil` when there is nothing to do.
    /// - Throws: ``CertificatesError``.
    public func outcome(
        of action: Action,
        over secret: CertificateSecret?,
        now: Date
    ) throws(CertificatesError) -> CertificateSecret? {
        let authority: CertificateAuthority
        switch (action, secret) {
        case (.keep, _): return nil
        case (.renewCertificate, let secret?):
            authority = try CertificateAuthority(certificate: secret.authority, privateKey: secret.authorityKey)
        case (.renewCertificate, nil), (.renewAll, _):
            authority = try CertificateAuthority(key: .rsa, now: now)
        }
        let pair = try authority.issue(CertificateRequest(commonName: names[0], names: names), now: now)
        return CertificateSecret(
            authority: authority.certificate,
            authorityKey: authority.privateKey,
            certificate: pair.certificates,
            privateKey: pair.privateKey,
            version: secret?.version
        )
    }

    /// What is wrong with a certificate; `nil` when it is good.
    private func problem(
        of leaf: Certificate,
        _ key: Certificate.PrivateKey,
        signedBy authority: Certificate,
        _ now: Date
    ) throws -> String? {
        guard key.publicKey == leaf.publicKey else { return "does not belong to tls.key" }
        guard leaf.issuer == authority.subject, authority.publicKey.isValidSignature(leaf.signature, for: leaf) else {
            return "is not signed by ca.crt"
        }
        if let reason = Self.lifetimeProblem(of: leaf, now) { return reason }
        let uses = try leaf.extensions.extendedKeyUsage
        guard let uses, uses.contains(.serverAuth), uses.contains(.clientAuth) else {
            return "is not for servers and clients"
        }
        let known = try leaf.extensions.subjectAlternativeNames.map { Set($0.map(\.description)) } ?? []
        let missing = names.filter { !known.contains(GeneralName.dnsName($0).description) }
        return missing.isEmpty ? nil : "does not name \(missing.joined(separator: ", "))"
    }

    /// What is wrong with a lifetime; `nil` when it has begun and lasts long enough.
    private static func lifetimeProblem(of certificate: Certificate, _ now: Date) -> String? {
        if certificate.notValidBefore > now { return "is not valid yet" }
        if certificate.notValidAfter <= now { return "has expired" }
        return certificate.notValidAfter <= now + lookAhead ? "expires within 90 days" : nil
    }

    /// The first certificate of a PEM text.
    private static func first(_ text: String) throws -> Certificate {
        let document = try PEMDocument.parseMultiple(pemString: text)
            .first { $0.discriminator == Certificate.defaultPEMDiscriminator }
        guard let document else { throw CertificatesError(.missing, "there is no certificate") }
        return try Certificate(pemDocument: document)
    }
}
