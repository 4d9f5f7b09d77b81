import Foundation
import Outbound
import X509

/// The certificates and keys of the shared Secret, decoded as far as they can be.
///
/// What cannot be read is as if it were not there: it is made anew.
struct DecodedSecret {
    /// All of `ca.crt`, in order: the one that signs, then those that others still trust.
    let authorities: [Certificate]
    /// The first of `ca.crt`, if `ca.key` is its key.
    let signer: CertificateAuthority?
    /// The first of `tls.crt`.
    let leaf: Certificate?
    /// `tls.key`.
    let leafKey: Certificate.PrivateKey?

    /// Decodes a Secret.
    init(_ secret: CertificateSecret) {
        // Losing what cannot be read is the point of each of these.
        self.authorities = (try? PEMCertificates.all(in: secret.authority)) ?? []
        self.signer = try? CertificateAuthority(certificate: secret.authority, privateKey: secret.authorityKey)
        self.leaf = try? PEMCertificates.first(in: secret.certificate)
        self.leafKey = try? secret.privateKey.withValue { try Certificate.PrivateKey(pemEncoded: $0) }
    }

    /// The authorities that may be trusted at a moment, in order.
    func authorities(at moment: Date) -> [Certificate] {
        authorities.filter { $0.isAuthority && CertificateLifetime($0).contains(moment) }
    }

    /// Until when the certificate in place serves those who trust `ca.crt`; `nil` if it does not.
    func endOfService(at moment: Date) -> Date? {
        guard let leaf, let leafKey, leafKey.publicKey == leaf.publicKey, CertificateLifetime(leaf).contains(moment)
        else { return nil }
        return authorities(at: moment).filter { $0.vouches(for: leaf) }
            .map { min($0.notValidAfter, leaf.notValidAfter) }
            .max()
    }
}
