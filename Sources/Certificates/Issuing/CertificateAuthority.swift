import Crypto
import CryptoExtras
public import Foundation
public import Outbound
import SwiftASN1
import X509

/// An authority of our own, which signs certificates for our servers.
///
/// Its certificate goes to whoever is to trust it (the APIService's `caBundle`); its key stays in memory, or goes into
/// the Secret that replicas share.
public struct CertificateAuthority: Sendable {
    /// What signs.
    public enum KeyKind: Sendable, Hashable {
        /// Small and quick.
        case p256
        /// RSA of 2048 bits, the only kind that KEDA's operator can sign with when it takes an authority over.
        ///
        /// - Source: open-policy-agent/cert-controller, `pkg/rotator/rotator.go`, `buildArtifactsFromSecret`.
        case rsa
    }

    /// Its certificate, PEM.
    public let certificate: String
    /// Its key, PEM: PKCS #8 for P-256, PKCS #1 for RSA.
    public let privateKey: Secret<String>
    /// The same, decoded.
    let authority: Certificate
    /// Signs.
    private let key: Certificate.PrivateKey

    /// Makes a new authority with a new key, valid for ten years from an hour before `now`.
    ///
    /// The hour is for machines whose clocks are behind. The common name is an alternative name too: KEDA looks for it
    /// there when it judges an authority that it finds.
    ///
    /// - Throws: ``CertificatesError`` `.cannotIssue`.
    /// - Source: KEDA, `pkg/certificates/certificate_manager.go`, for the names.
    public init(
        commonName: String = "KEDA",
        organization: String = "KEDAORG",
        key kind: KeyKind = .p256,
        now: Date
    ) throws(CertificatesError) {
        let key: Certificate.PrivateKey
        do {
            key =
                switch kind {
                case .p256: Certificate.PrivateKey(P256.Signing.PrivateKey())
                case .rsa: try Certificate.PrivateKey(_RSA.Signing.PrivateKey(keySize: .bits2048))
                }
            self.privateKey = Secret(try key.serializeAsPEM().pemString)
            let name = try CertificateWriting.name(commonName, [organization])
            self.authority = try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: key.publicKey,
                notValidBefore: now - CertificateWriting.clockSkew,
                notValidAfter: now + TimeInterval(3650 * 86_400),
                issuer: name,
                subject: name,
                signatureAlgorithm: kind == .rsa ? .sha256WithRSAEncryption : .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(digitalSignature: true, keyCertSign: true, cRLSign: true))
                    SubjectKeyIdentifier(hash: key.publicKey)
                    SubjectAlternativeNames([.dnsName(commonName)])
                },
                issuerPrivateKey: key
            )
            self.certificate = try authority.serializeAsPEM().pemString
        } catch {
            throw CertificatesError(.cannotIssue, "cannot make a certificate authority", cause: error)
        }
        self.key = key
    }

    /// Takes over an authority that somebody else has made.
    ///
    /// - Parameters:
    ///   - certificate: PEM; the first one counts.
    ///   - privateKey: its PEM key, of any kind.
    /// - Throws: ``CertificatesError`` `.malformed`, also when the key is not the certificate's.
    public init(certificate: String, privateKey: Secret<String>) throws(CertificatesError) {
        do {
            self.authority = try PEMCertificates.first(in: certificate)
            self.certificate = try PEMCertificates.text(of: [authority])
            self.key = try privateKey.withValue { try Certificate.PrivateKey(pemEncoded: $0) }
        } catch {
            throw CertificatesError(.malformed, "the certificate authority cannot be read", cause: error)
        }
        guard key.publicKey == authority.publicKey else {
            throw CertificatesError(.malformed, "the private key is not the certificate authority's")
        }
        self.privateKey = privateKey
    }

    /// Signs a certificate for a new P-256 key.
    ///
    /// - Returns: the certificate and its key; the authority's certificate is not in the chain.
    /// - Throws: ``CertificatesError`` `.cannotIssue`, for an address that is none above all.
    public func issue(_ request: CertificateRequest, now: Date) throws(CertificatesError) -> CertificatePair {
        let leafKey = Certificate.PrivateKey(P256.Signing.PrivateKey())
        do {
            // What the authority calls its own key: not every issuer makes that name as we do.
            let signer = try authority.extensions.subjectKeyIdentifier ?? SubjectKeyIdentifier(hash: key.publicKey)
            let leaf = try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: leafKey.publicKey,
                notValidBefore: now - CertificateWriting.clockSkew,
                notValidAfter: now + TimeInterval(request.days) * 86_400,
                issuer: authority.subject,
                subject: CertificateWriting.name(request.commonName, request.organizations),
                extensions: CertificateWriting.extensions(request, key: leafKey.publicKey, signer: signer),
                issuerPrivateKey: key
            )
            return CertificatePair(
                certificates: try leaf.serializeAsPEM().pemString,
                privateKey: Secret(try leafKey.serializeAsPEM().pemString)
            )
        } catch let error as CertificatesError {
            throw error
        } catch {
            throw CertificatesError(.cannotIssue, "cannot sign a certificate for \(request.commonName)", cause: error)
        }
    }
}
