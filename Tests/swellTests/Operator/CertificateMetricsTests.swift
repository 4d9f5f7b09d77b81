import Certificates
import Foundation
import Telemetry
import Testing

@testable import swell

@Suite struct CertificateMetricsTests {
    /// Ends of certificate and authority, as Unix time, and the series of the page.
    @Test(
        arguments: [
            (2000.0, 3000.0, [#"{certificate="ca.crt"} 3000"#, #"{certificate="tls.crt"} 2000"#]),
            (2000, nil, [#"{certificate="tls.crt"} 2000"#]), (nil, nil, []),
        ] as [(Double?, Double?, [String])]
    )
    func `the page tells when certificates end, as far as that is known`(
        certificate: Double?,
        authority: Double?,
        series: [String]
    ) {
        let ends = [certificate, authority]
            .map { end in
                end.map {
                    CertificateLifetime(from: Date(timeIntervalSince1970: 0), until: Date(timeIntervalSince1970: $0))
                }
            }
        let registry = MetricRegistry()
        registry.collect { [ReplicaCertificates.expiries(certificate: ends[0], authority: ends[1])] }
        let name = "swell_certificate_expiry_timestamp_seconds"
        let lines = registry.page().split(separator: "\n").filter { $0.hasPrefix("\(name){") }
        #expect(lines.map { String($0.dropFirst(name.count)) } == series)
    }
}
