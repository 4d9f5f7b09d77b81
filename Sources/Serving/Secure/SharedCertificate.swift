public import Certificates
public import Foundation

/// The certificate that all replicas share by a Secret; until it is there, one of our own.
public struct SharedCertificate: CertificateSource {
    /// The Secret.
    private let secret: SharedSecret
    /// What is served until then.
    private let fallback: any CertificateSource

    /// Makes a source.
    ///
    /// - Parameters:
    ///   - fallback: what is served before the Secret has ever been good.
    ///   - secret: the Secret.
    public init(until fallback: any CertificateSource, _ secret: SharedSecret) {
        self.fallback = fallback
        self.secret = secret
    }

    /// The Secret's version.
    public func stamp(now: Date) throws -> String {
        guard let secret = secret.current else { return try "own \(fallback.stamp(now: now))" }
        return "secret \(secret.version ?? "")"
    }

    /// The Secret's certificate and key.
    public func pair(now: Date) throws -> CertificatePair {
        try secret.current?.identity?.pair ?? fallback.pair(now: now)
    }
}
