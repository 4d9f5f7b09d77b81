import Outbound
import X509

/// Who a replica is to the others, and whom it believes.
public struct PeerIdentity: Sendable, Hashable {
    /// PEM certificates of the authorities that vouch for replicas.
    public var authorities: String
    /// Our own certificate and its key.
    public var pair: CertificatePair

    /// Makes an identity; nothing is checked.
    public init(authorities: String, pair: CertificatePair) {
        self.authorities = authorities
        self.pair = pair
    }

    /// Checks that all can be read and that the key is the certificate's, so that half of a change is never used.
    ///
    /// - Throws: ``CertificatesError`` `.malformed`, `.missing`.
    public func check() throws(CertificatesError) {
        _ = try ClientCertificateVerifier(trusting: authorities)
        do {
            let key = try pair.privateKey.withValue { try Certificate.PrivateKey(pemEncoded: $0) }
            let isOurs = try PEMCertificates.first(in: pair.certificates).publicKey == key.publicKey
            guard isOurs else { throw CertificatesError(.malformed, "tls.key is not the key of tls.crt") }
        } catch let error as CertificatesError {
            throw error
        } catch {
            throw CertificatesError(.malformed, "tls.crt and tls.key cannot be read", cause: error)
        }
    }

    /// Whether one of the authorities has itself signed the first certificate of a PEM text.
    public func vouches(for certificates: String) -> Bool {
        // Nobody vouches for what cannot be read.
        guard let authorities = try? PEMCertificates.all(in: authorities),
            let leaf = try? PEMCertificates.first(in: certificates)
        else { return false }
        return authorities.contains { $0.isAuthority && $0.vouches(for: leaf) }
    }
}
