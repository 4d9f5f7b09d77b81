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
    /// Whether there can be an identity at all, now or later.
    let isShared: Bool
    /// Why nobody can verify what a server presents; `nil` when they can, or were never meant to by us.
    let unready: @Sendable (ServingCertificate) -> String?
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
                let files = IdentityFiles(directory: folder, logger: logger)
                self.source = CertificateFiles(directory: folder)
                self.identity = { try files.identity(now: time.now()) }
                // Files that only serve are allowed; `ca.crt` is what makes them an identity, and may come later.
                self.isShared = true
            } else {
                self.source = try Self.ownCertificate(configuration, now: time.now())
                self.identity = { nil }
                self.isShared = false
            }
            self.unready = { _ in nil }
            (self.watches, self.works) = ([], [])
            return
        }
        let key = ObjectKey(namespace: configuration.ownNamespace, name: configuration.certSecretName)
        let secret = CertificateSecret.reflector(client, of: key, time: time, logger: logger)
        let store = secret.store
        let shared = SharedSecret { store[key] }
        self.source = SharedCertificate(until: try Self.ownCertificate(configuration, now: time.now()), shared)
        self.identity = { shared.current?.identity }
        self.isShared = true
        self.unready = { certificate in
            guard let identity = shared.current?.identity else { return "the Secret \(key) has no certificates yet" }
            // Until the first look after the Secret came, servers present what nobody can verify.
            return identity.vouches(for: certificate.certificates)
                ? nil : "the certificate of the Secret \(key) is not served yet"
        }
        let told = ToldAuthorities()
        self.watches = [secret]
        self.works = [
            CertificateRotator(
                client,
                secret: key,
                in: store,
                good: shared,
                rotation: Self.rotation(configuration),
                told: told,
                time: time,
                logger: logger
            ),
            BundleKeeper(
                client,
                holders: Self.holders(configuration),
                secret: key,
                in: store,
                good: shared,
                told: told,
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
