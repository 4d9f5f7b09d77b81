import SwiftASN1
import X509

/// Certificates in PEM texts.
enum PEMCertificates {
    /// Every certificate of a text, in order; what stands between them, and keys, are skipped.
    ///
    /// - Throws: what cannot be read.
    static func all(in text: String) throws -> [Certificate] {
        try PEMDocument.parseMultiple(pemString: text)
            .filter { $0.discriminator == Certificate.defaultPEMDiscriminator }
            .map { try Certificate(pemDocument: $0) }
    }

    /// The first certificate of a text.
    ///
    /// - Throws: what cannot be read, ``CertificatesError`` `.missing` where there is none.
    static func first(in text: String) throws -> Certificate {
        guard let first = try all(in: text).first else {
            throw CertificatesError(.missing, "there is no certificate")
        }
        return first
    }

    /// Certificates as one text.
    static func text(of certificates: [Certificate]) throws -> String {
        try certificates.map { try $0.serializeAsPEM().pemString + "\n" }.joined()
    }
}

extension Certificate {
    /// Whether its key has signed another certificate that names it as issuer.
    func vouches(for other: Certificate) -> Bool {
        other.issuer == subject && publicKey.isValidSignature(other.signature, for: other)
    }

    /// Whether it may sign others; what cannot be read may not.
    var isAuthority: Bool {
        guard case .isCertificateAuthority = try? extensions.basicConstraints else { return false }
        return true
    }
}
