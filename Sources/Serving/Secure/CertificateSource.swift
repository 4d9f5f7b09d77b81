public import Certificates
public import Foundation

/// Where a server's certificate comes from.
public protocol CertificateSource: Sendable {
    /// Changes whenever ``pair(now:)`` would give something else. Cheap: asked every second.
    ///
    /// - Throws: whatever keeps it from looking.
    func stamp(now: Date) throws -> String

    /// The certificate and its key.
    ///
    /// - Throws: whatever keeps it from giving one.
    func pair(now: Date) throws -> CertificatePair
}

/// A certificate signed by an authority of our own, renewed after two thirds of its life.
public struct OwnCertificate: CertificateSource {
    /// Signs.
    private let authority: CertificateAuthority
    /// What the certificate says.
    private let request: CertificateRequest
    /// When the first one was made.
    private let start: Date

    /// Makes a source; `start` is the time from which renewals are counted.
    public init(_ request: CertificateRequest, signedBy authority: CertificateAuthority, from start: Date) {
        self.request = request
        self.authority = authority
        self.start = start
    }

    /// The number of the renewal.
    public func stamp(now: Date) -> String {
        let period = TimeInterval(request.days) * 86_400 * 2 / 3
        return String(Int64((now.timeIntervalSince(start) / max(period, 1)).rounded(.down)))
    }

    /// A new certificate for a new key.
    public func pair(now: Date) throws -> CertificatePair {
        try authority.issue(request, now: now)
    }
}
