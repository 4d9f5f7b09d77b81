import Certificates
import Foundation
import KubeClient
import KubeModel
import KubeRuntime
import Logging
import MetricsAPI
import Outbound
import ServiceLifecycle
import Serving

/// Where the certificate comes from that all servers present, and that replicas know each other by.
///
/// A Secret that the leader keeps, the files of a folder, or neither: then one is made at start, and no replica knows
/// another.
struct ReplicaCertificates: Sendable {
    /// For the servers.
    let source: any CertificateSource
    /// Who we are to other replicas; `nil` while, or where, we are nobody.
    let identity: @Sendable () throws -> PeerIdentity?
    /// Whether there can be an identity at all.
    let isShared: Bool
    /// What every replica runs.
    let watches: [any Service]
    /// What only the leader runs.
    let works: [any Service]

    /// Finds out from the flags.
    ///
    /// - Throws: `CertificatesError`.
    init(
        _ configuration: OperatorConfiguration,
        _ client: KubeClient,
        time: TimeSource,
        logger: Logger
    ) throws {
        guard configuration.enableCertRotation else {
            if let folder = configuration.certificateFolder {
                let files = IdentityFiles(directory: folder)
                self.source = CertificateFiles(directory: folder)
                self.identity = { try files.identity(now: time.now()) }
                // Files that only serve are allowed; `ca.crt` is what makes them an identity.
                self.isShared = (try? files.identity(now: time.now())) != nil
            } else {
                self.source = try Self.ownCertificate(configuration, now: time.now())
                self.identity = { nil }
                self.isShared = false
            }
            (self.watches, self.works) = ([], [])
            return
        }
        let key = ObjectKey(namespace: configuration.ownNamespace, name: configuration.certSecretName)
        let secret = CertificateSecret.reflector(client, of: key, time: time, logger: logger)
        let store = secret.store
        self.source = SharedCertificate(until: try Self.ownCertificate(configuration, now: time.now())) { store[key] }
        self.identity = { store[key]?.identity }
        self.isShared = true
        self.watches = [secret]
        self.works = [
            CertificateRotator(
                client,
                secret: key,
                in: store,
                rotation: Self.rotation(configuration),
                time: time,
                logger: logger
            ),
            BundleKeeper(
                client,
                holders: Self.holders(configuration),
                secret: key,
                in: store,
                time: time,
                logger: logger
            ),
        ]
    }

    /// Who is told of our authority.
    private static func holders(_ configuration: OperatorConfiguration) -> [BundleHolder] {
        var holders: [BundleHolder] = []
        if configuration.enableAPIServicePatching { holders += MetricsAPI.serviceNames.map(BundleHolder.apiService) }
        if configuration.enableWebhookPatching { holders.append(.webhooks(configuration.validatingWebhookName)) }
        return holders
    }

    /// The names that the certificate must have.
    private static func rotation(_ configuration: OperatorConfiguration) -> CertificateRotation {
        var services = [configuration.operatorServiceName]
        if configuration.enableWebhookPatching { services.append(configuration.webhooksServiceName) }
        services.append(configuration.metricsServerServiceName)
        return CertificateRotation(
            services: services,
            in: configuration.ownNamespace,
            domain: configuration.clusterDomain
        )
    }

    /// A certificate that nobody can verify, for a process alone, or until the Secret is there.
    private static func ownCertificate(
        _ configuration: OperatorConfiguration,
        now: Date
    ) throws -> OwnCertificate {
        let names = rotation(configuration).names
        let request = CertificateRequest(
            commonName: configuration.metricsServerServiceName,
            names: names + ["localhost"],
            addresses: ["127.0.0.1", "::1"]
        )
        return OwnCertificate(request, signedBy: try CertificateAuthority(now: now), from: now)
    }
}
