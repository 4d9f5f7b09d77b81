public import Foundation
import X509

/// From when until when a certificate may be used.
public struct CertificateLifetime: Sendable, Hashable {
    /// The first moment.
    public let begin: Date
    /// The last moment.
    public let end: Date

    /// Makes a lifetime.
    public init(from begin: Date, until end: Date) {
        self.begin = begin
        self.end = end
    }

    /// Reads that of the first certificate of a PEM text.
    ///
    /// - Throws: ``CertificatesError`` `.malformed`.
    public init(ofFirst text: String) throws(CertificatesError) {
        do {
            self.init(try PEMCertificates.first(in: text))
        } catch {
            throw CertificatesError(.malformed, "the certificate cannot be read", cause: error)
        }
    }

    /// That of a certificate.
    init(_ certificate: Certificate) {
        self.init(from: certificate.notValidBefore, until: certificate.notValidAfter)
    }

    /// Whether a moment lies in it.
    public func contains(_ moment: Date) -> Bool { begin <= moment && moment < end }

    /// Whether less than a tenth of it is left.
    ///
    /// By then whoever renews certificates has done so: cert-manager after two thirds unless told otherwise, Swell itself
    /// 90 days before the end of a year.
    public func isNearEnd(at moment: Date) -> Bool {
        end.timeIntervalSince(moment) < end.timeIntervalSince(begin) / 10
    }
}
