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
}
