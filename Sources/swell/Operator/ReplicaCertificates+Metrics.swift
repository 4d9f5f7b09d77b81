import Certificates
import Foundation
import Serving
import Telemetry

extension ReplicaCertificates {
    /// Has the page of metrics tell until when the certificates may be used.
    ///
    /// - Parameters:
    ///   - page: tells it.
    ///   - certificate: what the servers present.
    func tell(_ page: MetricRegistry, serving certificate: ServingCertificate) {
        page.collect { [identity] in
            // Where replicas have no identity there is no authority to tell of; why is told by whoever needs one.
            let authorities = (try? identity())?.authorities
            return [
                Self.expiries(
                    certificate: certificate.lifetime,
                    authority: authorities.flatMap { try? CertificateLifetime(ofFirst: $0) }
                )
            ]
        }
    }

    /// The family of what is known.
    static func expiries(certificate: CertificateLifetime?, authority: CertificateLifetime?) -> MetricFamily {
        let known = [("tls.crt", certificate), ("ca.crt", authority)]
        return MetricFamily(
            "swell_certificate_expiry_timestamp_seconds",
            help: "When the certificate that is presented, and the authority that signs it, expire, as Unix time.",
            kind: .gauge,
            series: known.compactMap { name, lifetime in
                lifetime.map { .init(["certificate": name], .number($0.end.timeIntervalSince1970)) }
            }
        )
    }
}
