import Foundation
import Outbound
import X509

/// The certificates and keys of the shared Secret, decoded as far as they can be.
///
/// What cannot be read is as if it were not there.
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

    /// Whether one of the authorities has signed a certificate; how long either of them lasts is no matter.
    func hasSigned(_ leaf: Certificate?) -> Bool {
        guard let leaf else { return false }
        return authorities.contains { $0.isAuthority && $0.vouches(for: leaf) }
    }

    /// The authorities that stay behind a new one, in order: of those that others may still need, so many.
    ///
    /// The one that vouches for the certificate in place always stays. Where none does, they are strangers, and none stays.
    func formerAuthorities(at moment: Date, most: Int) -> [Certificate] {
        let valid = authorities(at: moment)
        guard let leaf else { return Array(valid.prefix(most)) }
        let needed = valid.filter { $0.vouches(for: leaf) }.max { $0.notValidAfter < $1.notValidAfter }
        guard let needed else { return [] }
        let others = valid.filter { $0 != needed }.prefix(most - 1)
        return valid.filter { $0 == needed || others.contains($0) }
    }

    /// Why this, which replicas use and others trust, is to be stored in the place of what is there.
    ///
    /// - Parameter found: what is there; `nil` when there is no Secret.
    /// - Returns: the reason; `nil` when what is there can be gone on from without anybody losing trust.
    func reasonToReplace(_ found: DecodedSecret?) -> String? {
        guard let found else { return "the Secret was deleted" }
        guard !found.authorities.isEmpty else { return "ca.crt is missing, or cannot be read" }
        guard found.hasSigned(found.leaf ?? leaf) else {
            return "no authority of ca.crt has signed tls.crt; to bring your own, write all four keys at once"
        }
        let hasPair = found.leaf.map { $0.publicKey == found.leafKey?.publicKey } ?? false
        // A certificate that is made at once must be trusted at once.
        guard !hasPair, let leaf, found.signer?.authority.vouches(for: leaf) != true else { return nil }
        return "tls.crt and tls.key are missing, or do not belong together"
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
