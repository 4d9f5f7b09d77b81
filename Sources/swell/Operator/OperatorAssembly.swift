import Admission
import Certificates
import KubeClient
import KubeModel
import KubeRuntime
import Logging
import MetricsAPI
import Operator
import Outbound
import OutboundCurl
import ScalerKit
import Scalers
import Scaling
import ServiceLifecycle
import Serving
import Synchronization
import Telemetry

/// The operator and its metrics API as one service, put together once the API server answers.
///
/// Shutdown goes from the outside in: first no metrics request and no pass is begun any more, those that run end, then
/// the transports close.
struct OperatorAssembly: Service {
    /// What is to be run.
    let configuration: OperatorConfiguration
    /// For the Prometheus page.
    let registry: MetricRegistry
    /// For people who run it.
    let logger: Logger
    /// The clocks.
    let time: TimeSource
    /// Told what may be known of it.
    let onAssembled: @Sendable (OperatorView) -> Void

    /// Runs until the graceful shutdown.
    func run() async throws {
        let environment = configuration.environment.withValue { $0 }
        let authorities = AuthorityFolders(configuration.caFolders, time: time, logger: logger)
        // Before any transport: it keeps OpenSSL from cleaning up at exit under calls that are still going on.
        let databases = try Databases(environment: environment)
        do {
            // The API server has a transport of its own: sources that hang must not hold up watches and writes.
            try await withCurlTransport(Self.apiSettings(configuration), environment: environment) { api in
                try await withCurlTransport(
                    triggerSettings,
                    environment: environment,
                    authorities: { authorities.text }
                ) { triggers in
                    // Other replicas are neighbours, to whom no proxy leads.
                    try await withCurlTransport(environment: [:]) { peers in
                        try await run(over: api, triggers: triggers, peers: peers, databases, authorities)
                    }
                }
            }
            await databases.close()
        } catch {
            await databases.close()
            throw error
        }
    }

    /// Runs over open transports.
    private func run(
        over api: any HTTPTransport,
        triggers: CurlTransport,
        peers: any HTTPTransport,
        _ databases: Databases,
        _ authorities: AuthorityFolders
    ) async throws {
        let counted = RestClientMetrics(registry).counting(api, time: time)
        let client = KubeClient(configuration.cluster, over: counted, time: time, settings: clientSettings)
        guard let hpaType = try await waitForCluster(client) else { return }
        // The election begins before there is anything to be ready.
        let readiness = Mutex<(@Sendable () -> Bool)?>(nil)
        let leadership = Leadership(
            configuration,
            client,
            registry: registry,
            isReady: { readiness.withLock { $0 }?() ?? false },
            time: time,
            logger: logger
        )
        let isReadOnly = configuration.mode == .recommend
        let outside = ScalingOperator.Outside(
            client: isReadOnly ? client.readOnly : leadership.guardingAny(client),
            leaderClient: isReadOnly ? client.readOnly : leadership.guarding(client),
            eventClient: isReadOnly ? client.readOnly : client,
            hpaType: hpaType,
            http: triggers,
            sql: databases,
            time: time,
            ownership: leadership.ownership(isReadOnly ? client.readOnly : client, isReadOnly: isReadOnly),
            executor: triggers.executor
        )
        let scaling = ScalingOperator(settings, registry: .builtIn, outside: outside, page: registry, logger: logger)
        readiness.withLock { $0 = { scaling.isReady } }
        switch configuration.mode {
        case .manage: try await manage(scaling, outside, client, peers: peers, leadership, authorities)
        case .recommend: try await recommend(scaling, leadership, authorities)
        }
    }

    /// Runs all there is.
    private func manage(
        _ scaling: ScalingOperator,
        _ outside: ScalingOperator.Outside,
        _ client: KubeClient,
        peers: any HTTPTransport,
        _ leadership: Leadership,
        _ authorities: AuthorityFolders
    ) async throws {
        let certificates = try ReplicaCertificates(configuration, outside.leaderClient, time: time, logger: logger)
        let route = PeerRoute(
            scaling.metrics,
            decisions: scaling,
            place: { leadership.place(of: $0) },
            identity: certificates.identity,
            way: PeerRoute.Way(
                transport: peers,
                serverName: "\(configuration.operatorServiceName).\(configuration.ownNamespace).svc"
            ),
            time: time,
            logger: logger
        )
        // Not the leader's alone: whichever replica is asked tells.
        let admissions = EventRecorder(
            client,
            controller: "keda-admission",
            instance: configuration.instance,
            time: time,
            logger: logger
        )
        let reader = AuthenticationConfigurationReader(client, time: time, logger: logger)
        let certificate = try serving(certificates, configuration.externalMetricsTLS)
        // For the replicas, and for the webhooks; of one source, which the other one tells of.
        let serviceCertificate = try serving(certificates, configuration.serviceTLS, tells: false)
        certificates.tell(registry, serving: certificate)
        let listening = AwaitedServers([
            (.externalMetrics, configuration.externalMetricsAddress),
            (.webhooks, configuration.webhookAddress),
        ])
        let unready = { @Sendable in
            let unverifiable = Set([certificate, serviceCertificate].compactMap { certificates.unready($0) })
            return Self.unready(scaling) + unverifiable.sorted()
        }
        let api = MetricsAPI(
            route.metrics,
            decisions: route.decisions,
            reviews: Reviews(client),
            configuration: reader,
            version: SwellVersion.current,
            time: time,
            registry: registry,
            logger: logger
        ) { unready() }
        onAssembled(
            OperatorView(
                unready: { unready() + [reader.unready].compactMap { $0 } + listening.unready },
                decisions: scaling.report
            )
        )
        let watches: [any Service] =
            [authorities, admissions] + scaling.watches + certificates.watches + [certificate, serviceCertificate]
        // Followers are answered for as long as passes run: what stands later is shut down earlier.
        let neighbours = peerServers(route, serviceCertificate, leadership, certificates)
        let servers: [any Service] = [
            reader,
            api.server(at: configuration.externalMetricsAddress, certificate: certificate) { _ in
                listening.arrived(.externalMetrics)
            },
            webhooks(over: scaling, client, telling: admissions)
                .server(at: configuration.webhookAddress, certificate: serviceCertificate) { _ in
                    listening.arrived(.webhooks)
                },
        ]
        let services =
            (watches + neighbours).map { .init(service: $0) } + leadership.leading(certificates.works)
            + leadership.working(scaling.works)
            + leadership.leading(scaling.chores) + servers.map { .init(service: $0) }
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(services: leadership.holding(services), logger: .lifecycle(logger))
        )
        .run()
    }

    /// Why requests should not be sent here now, as far as the objects go.
    static func unready(_ scaling: ScalingOperator) -> [String] {
        scaling.isReady ? [] : ["the ScaledObjects have not been listed yet"]
    }

    /// What the API server asks before it stores an object; every replica answers.
    private func webhooks(
        over scaling: ScalingOperator,
        _ client: KubeClient,
        telling recorder: EventRecorder
    ) -> AdmissionWebhooks {
        AdmissionWebhooks(
            index: scaling.index,
            targets: ClusterTargetReader(client),
            scalers: .builtIn,
            metrics: registry,
            time: time,
            logger: logger
        ) { recorder.record(Occurrence($0, about: $1)) }
    }

    /// A certificate as a server presents it.
    private func serving(
        _ certificates: ReplicaCertificates,
        _ policy: TLSPolicy,
        tells: Bool = true
    ) throws -> ServingCertificate {
        try ServingCertificate(
            certificates.source,
            asksClients: true,
            policy: policy,
            tells: tells,
            time: time,
            logger: logger
        )
    }

    /// The port that other replicas ask, where there may be others and they can know us.
    private func peerServers(
        _ route: PeerRoute,
        _ certificate: ServingCertificate,
        _ leadership: Leadership,
        _ certificates: ReplicaCertificates
    ) -> [any Service] {
        guard leadership.isElected else { return [] }
        guard certificates.isShared else {
            logger.warning(
                """
                replicas have no certificate in common, so only the leader answers the metrics API: run one replica, or \
                give --enable-cert-rotation, or ca.crt, tls.crt and tls.key in --cert-dir
                """
            )
            return []
        }
        do {
            // None yet is no fault of a Secret, which the leader fills.
            _ = try certificates.identity()
        } catch {
            logger.warning(
                """
                replicas have no certificate in common yet, so only the leader answers the metrics API: put ca.crt beside \
                tls.crt and tls.key in --cert-dir, where it is found without a restart, or run one replica
                """,
                metadata: ["error": "\(error)"]
            )
        }
        if configuration.advertiseAddress == nil {
            logger.warning(
                """
                other replicas are not told where to ask this one, so only the leader answers the metrics API: run one \
                replica, or give --advertise-address or POD_IP
                """
            )
        }
        return [
            route.server(at: configuration.metricsServiceAddress, certificate: certificate) { port in
                leadership.advertise(port: port)
            }
        ]
    }

    /// Waits until the API server says where it has HPAs; `nil` when the shutdown comes first.
    private func waitForCluster(_ client: KubeClient) async throws -> ResourceType? {
        let discovery = Discovery(client, time: time)
        return try await cancelWhenGracefulShutdown { () async throws -> ResourceType? in
            while !Task.isCancelled {
                do throws(KubeError) {
                    return try await discovery.horizontalPodAutoscaler()
                } catch {
                    if Task.isCancelled { return nil }
                    guard error.isRetryable else { throw error }
                    logger.warning(
                        "the API server does not answer; asking again in 2 s",
                        metadata: ["error": "\(String(reflecting: error))"]
                    )
                }
                // Only cancellation ends a sleep early, and it ends the loop.
                try? await time.sleep(.seconds(2))
            }
            return nil
        }
    }

    /// Bounds of the API server's HTTP: every watch holds a connection, and each namespace that is named has a watch for
    /// each kind that we follow.
    static func apiSettings(_ configuration: OperatorConfiguration) -> CurlTransport.Settings {
        var settings = CurlTransport.Settings()
        let watches = mostKindsWatched * configuration.namespaces.count
        settings.connectionsPerHost += watches
        settings.connectionLimit += watches
        settings.transferLimit += watches
        return settings
    }

    /// Kinds with namespaces that we follow, and some to spare.
    private static let mostKindsWatched = 16

    /// Bounds of the triggers' HTTP.
    private var triggerSettings: CurlTransport.Settings {
        var settings = CurlTransport.Settings()
        settings.keepsConnections = configuration.keepsConnections
        settings.idleConnectionLimit = configuration.idleConnectionLimit ?? settings.idleConnectionLimit
        settings.idleConnectionLifetime = configuration.idleConnectionLifetime
        settings.tls = configuration.triggerTLS
        return settings
    }

    /// A thousand new objects are three thousand writes, and the server holds back whom it finds too quick: so KEDA's 20
    /// requests a second are for those who want them.
    private var clientSettings: KubeClient.Settings {
        var settings = KubeClient.Settings()
        settings.requestsPerSecond = configuration.kubeAPIQPS ?? 1000
        settings.burst = configuration.kubeAPIBurst ?? 1000
        settings.userAgent = "swell/\(SwellVersion.current)"
        return settings
    }

    /// What the operator is told.
    private var settings: ScalingOperator.Settings {
        var settings = ScalingOperator.Settings(version: SwellVersion.current, instance: configuration.instance)
        settings.namespaces = configuration.namespaces
        settings.engine = configuration.engine
        settings.mode = configuration.mode
        settings.credentials = credentials
        settings.readTimeout = configuration.readTimeout
        settings.detailsRequestDurations = configuration.hasHighCardinalityLabels
        settings.watchedObjects = configuration.watchedObjects
        settings.workers = max(settings.workers, configuration.maxReconciles ?? 0)
        return settings
    }

    /// What the operator is told of credentials.
    private var credentials: CredentialSettings {
        var settings = CredentialSettings()
        settings.clusterNamespace = configuration.clusterNamespace
        settings.watchedAuthentications = configuration.watchedAuthentications
        settings.restrictsSecrets = configuration.restrictSecretAccess
        settings.fileRoot = configuration.filePathAuthRoot
        settings.tokenLifetime = configuration.tokenExpiry
        settings.vaultToken = configuration.vaultToken
        settings.vaultTLS = configuration.vaultTLS
        settings.takeCloudVariables(from: configuration.environment)
        return settings
    }
}
