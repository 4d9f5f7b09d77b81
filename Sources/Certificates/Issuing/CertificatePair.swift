public import Outbound

/// A certificate chain and the private key of its first certificate, as PEM.
public struct CertificatePair: Sendable, Hashable {
    /// The certificate, then the intermediate ones, if there are any.
    public var certificates: String
    /// PKCS #8, PKCS #1 or SEC 1.
    public var privateKey: Secret<String>

    /// Makes a pair; nothing is checked.
    public init(certificates: String, privateKey: Secret<String>) {
        self.certificates = certificates
        self.privateKey = privateKey
    }
}
