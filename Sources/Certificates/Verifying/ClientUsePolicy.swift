import SwiftASN1
import X509

/// Asks that every certificate of a path may be used by clients.
///
/// - Source: RFC 5280, section 4.2.1.12; that it holds for the authorities of the path too, Go's `crypto/x509`.
struct ClientUsePolicy: VerifierPolicy {
    /// The use is read here; names other than the subject's are not used, so they need no reading.
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [
        .X509ExtensionID.extendedKeyUsage, .X509ExtensionID.subjectAlternativeName,
    ]

    /// Whether all certificates allow it; one that names no use allows every use.
    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) async -> PolicyEvaluationResult {
        for certificate in chain {
            do {
                guard let uses = try certificate.extensions.extendedKeyUsage else { continue }
                if !uses.contains(.clientAuth), !uses.contains(.any) {
                    return .failsToMeetPolicy(reason: "\(certificate.subject) is not for clients")
                }
            } catch {
                return .failsToMeetPolicy(reason: "the uses of \(certificate.subject) cannot be read")
            }
        }
        return .meetsPolicy
    }
}
