import Foundation
public import KubeClient
public import KubeModel
public import KubeRuntime
public import Logging
public import Outbound

/// What the Secret holds that all replicas share: an authority and a certificate that it has signed.
///
/// - Source: open-policy-agent/cert-controller, `pkg/rotator/rotator.go`, for the keys.
public struct CertificateSecret: Sendable, Hashable {
    /// `ca.crt`, PEM; empty where it is missing, as all of these.
    public var authority: String
    /// `ca.key`, PEM.
    public var authorityKey: Secret<String>
    /// `tls.crt`, PEM.
    public var certificate: String
    /// `tls.key`, PEM.
    public var privateKey: Secret<String>
    /// The Secret's version, which guards its next change; `nil` for one that is not stored yet.
    public var version: String?

    /// Gathers what is to be stored.
    public init(
        authority: String,
        authorityKey: Secret<String>,
        certificate: String,
        privateKey: Secret<String>,
        version: String? = nil
    ) {
        self.authority = authority
        self.authorityKey = authorityKey
        self.certificate = certificate
        self.privateKey = privateKey
        self.version = version
    }

    /// Reads a Secret; other keys are left alone.
    public init(_ object: SecretObject) {
        func text(_ key: String) -> String { String(decoding: object.data?[key] ?? Data(), as: UTF8.self) }
        self.init(
            authority: text("ca.crt"),
            authorityKey: Secret(text("ca.key")),
            certificate: text("tls.crt"),
            privateKey: Secret(text("tls.key")),
            version: object.metadata.resourceVersion
        )
    }

    /// The Secret's `data`.
    var data: [String: Data] {
        [
            "ca.crt": Data(authority.utf8), "ca.key": authorityKey.withValue { Data($0.utf8) },
            "tls.crt": Data(certificate.utf8), "tls.key": privateKey.withValue { Data($0.utf8) },
        ]
    }

    /// What a replica needs of it; `nil` while a part is missing.
    public var identity: PeerIdentity? {
        let isComplete = !authority.isEmpty && !certificate.isEmpty && privateKey.withValue { !$0.isEmpty }
        guard isComplete else { return nil }
        return PeerIdentity(
            authorities: authority,
            pair: CertificatePair(certificates: certificate, privateKey: privateKey)
        )
    }

    /// Follows one Secret, which need not exist yet.
    ///
    /// - Returns: a service; its store has the Secret under `key`.
    public static func reflector(
        _ client: KubeClient,
        of key: ObjectKey,
        time: TimeSource,
        logger: Logger
    ) -> Reflector<SecretObject, CertificateSecret> {
        Reflector(
            client,
            in: [key.namespace],
            fields: "metadata.name=\(key.name)",
            time: time,
            logger: logger
        ) { CertificateSecret($0) }
    }
}
