public import Certificates
public import Foundation

/// The certificate that all replicas share by a Secret; until it is there, one of our own.
public struct SharedCertificate: CertificateSource {
    /// What is known of the Secret.
    private let secret: @Sendable () -> CertificateSecret?
    /// What is served until then.
    private let fallback: any CertificateSource

    /// Makes a source.
    ///
    /// - Parameters:
    ///   - fallback: what is served while the Secret is missing or incomplete.
    ///   - secret: what is known of the Secret; never waits.
    public init(until fallback: any CertificateSource, _ secret: @escaping @Sendable () -> CertificateSecret?) {
        self.fallback = fallback
        self.secret = secret
    }

    /// The Secret's version.
    public func stamp(now: Date) throws -> String {
        guard let secret = secret(), secret.identity != nil else { return try "own \(fallback.stamp(now: now))" }
        return "secret \(secret.version ?? "")"
    }

    /// The Secret's certificate and key.
    public func pair(now: Date) throws -> CertificatePair {
        try secret()?.identity?.pair ?? fallback.pair(now: now)
    }
}
