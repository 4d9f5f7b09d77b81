import Foundation
import SwiftASN1
import X509

/// The parts of a certificate, in X.509's terms.
enum CertificateWriting {
    /// How far other clocks may be behind ours.
    static let clockSkew: TimeInterval = 3600

    /// A subject: organisations, then the common name.
    static func name(_ commonName: String, _ organizations: [String]) throws -> DistinguishedName {
        try DistinguishedName {
            for organization in organizations { OrganizationName(organization) }
            CommonName(commonName)
        }
    }

    /// The extensions of a certificate that is no authority.
    static func extensions(
        _ request: CertificateRequest,
        key: Certificate.PublicKey,
        signer: SubjectKeyIdentifier
    ) throws -> Certificate.Extensions {
        let names = request.names.map { GeneralName.dnsName($0) }
        let addresses = try request.addresses.map { GeneralName.ipAddress(try address($0)) }
        return try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: true))
            try ExtendedKeyUsage(request.usages.map(usage))
            SubjectKeyIdentifier(hash: key)
            AuthorityKeyIdentifier(keyIdentifier: signer.keyIdentifier)
            if !(names + addresses).isEmpty { SubjectAlternativeNames(names + addresses) }
        }
    }

    /// A use, in X.509's terms.
    private static func usage(_ usage: CertificateRequest.Usage) -> ExtendedKeyUsage.Usage {
        switch usage {
        case .server: .serverAuth
        case .client: .clientAuth
        }
    }

    /// The 4 or 16 bytes of an address.
    private static func address(_ text: String) throws -> ASN1OctetString {
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            return ASN1OctetString(contentBytes: withUnsafeBytes(of: &v4) { ArraySlice($0) })
        }
        var v6 = in6_addr()
        if inet_pton(AF_INET6, text, &v6) == 1 {
            return ASN1OctetString(contentBytes: withUnsafeBytes(of: &v6) { ArraySlice($0) })
        }
        throw CertificatesError(.cannotIssue, "\(text) is not an IP address")
    }
}
