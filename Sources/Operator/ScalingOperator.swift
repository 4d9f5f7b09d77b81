public import KubeClient
public import KubeModel
internal import KubeRuntime
public import Logging
public import Outbound
public import ScalerKit
public import Scaling
public import ServiceLifecycle

/// Watches ScaledObjects and brings each one's workload, HPA and status in line with its triggers.
///
/// ## Expected flow
/// Give ``watches`` and ``works`` to a service group, after what they need (the transports) and before what needs them
/// (the metrics API): stores fill, then every object gets its first pass, then each waits for its tick or a change. Of
/// several replicas all watch, and only the leader works.
///
/// ## Shutdown
/// No pass begins any more, those that run may end, then Events are written out.
public struct ScalingOperator: Sendable {
    /// What differs from one installation to the next.
    public struct Settings: Sendable {
        /// Namespaces to look at; none for all.
        public var namespaces: [String] = []
        /// Where ClusterTriggerAuthentications have their Secrets and ConfigMaps.
        public var clusterNamespace = "keda"
        /// How long one read of a source may take unless its trigger says otherwise.
        ///
        /// - Source: KEDA, `KEDA_HTTP_DEFAULT_TIMEOUT`.
        public var readTimeout = Duration.seconds(3)
        /// Passes at once.
        ///
        /// A pass mostly waits for sources, so there may be many.
        public var workers = 256
        /// Swell's version, for a label of HPAs.
        public var version: String
        /// What this process is called in Events.
        public var instance: String

        /// The defaults.
        public init(version: String, instance: String) {
            self.version = version
            self.instance = instance
        }
    }

    /// The outside world.
    public struct Outside: Sendable {
        /// The API server; it refuses to write when we do not lead.
        public var client: KubeClient
        /// Where it has HPAs.
        public var hpaType: ResourceType
        /// The triggers' HTTP.
        public var http: any HTTPTransport
        /// The triggers' PostgreSQL.
        public var sql: any SQLClient
        /// The clocks.
        public var time: TimeSource
        /// Whether we lead now; asked before each pass.
        public var isLeading: @Sendable () -> Bool

        /// Gathers the outside world.
        public init(
            client: KubeClient,
            hpaType: ResourceType,
            http: any HTTPTransport,
            sql: any SQLClient,
            time: TimeSource,
            isLeading: @escaping @Sendable () -> Bool = { true }
        ) {
            self.client = client
            self.hpaType = hpaType
            self.http = http
            self.sql = sql
            self.time = time
            self.isLeading = isLeading
        }
    }

    /// What every replica runs: it follows the API server.
    public let watches: [any Service]
    /// What only the leader runs, in order of dependency: it polls and writes.
    public let works: [any Service]
    /// Answers what the metrics API is asked.
    public let metrics: any MetricSource
    /// What is kept of the objects that are polled.
    let runtimes: RuntimeTable
    /// All ScaledObjects.
    private let objects: Store<ScaledObject>
    /// All HPAs of ScaledObjects.
    private let hpas: Store<HorizontalPodAutoscaler>

    /// Puts an operator together; nothing runs yet.
    public init(_ settings: Settings, registry: ScalerRegistry, outside: Outside, logger: Logger) {
        let (client, time) = (outside.client, outside.time)
        let objects = Reflector(client, in: settings.namespaces, time: time, logger: logger) { (object: ScaledObject) in
            object
        }
        let ours = LabelSelector([.exists(ObjectLabel.name)])
        let hpas = Reflector(
            client,
            in: settings.namespaces,
            labels: ours,
            as: outside.hpaType,
            time: time,
            logger: logger
        ) { (hpa: HorizontalPodAutoscaler) in
            Self.kept(hpa)
        }
        let recorder = EventRecorder(
            client,
            controller: "keda-operator",
            instance: settings.instance,
            time: time,
            logger: logger
        )
        let runtimes = RuntimeTable()
        let reconciler = ObjectReconciler(
            world: ObjectReconciler.World(
                object: { objects.store[$0] },
                hpa: { hpas.store[$0] },
                announce: { recorder.record(Occurrence($0, about: $1)) },
                client: client,
                hpaType: outside.hpaType,
                discovery: Discovery(client, time: time),
                credentials: CredentialResolver(
                    reader: ClientConfigReader(client: client),
                    clusterNamespace: settings.clusterNamespace
                ),
                registry: registry,
                http: outside.http,
                sql: outside.sql,
                timeout: settings.readTimeout,
                time: time,
                version: settings.version,
                log: logger
            ),
            runtimes: runtimes
        )
        var bounds = Controller<ObjectKey>.Settings()
        bounds.workers = settings.workers
        bounds.longestRetry = .seconds(15)
        let controller = Controller(
            "scaledobject",
            sources: [.store(objects.store), .store(hpas.store) { Self.owner(of: hpas.store[$0], at: $0) }],
            settings: bounds,
            time: time,
            logger: logger
        ) { [isLeading = outside.isLeading] key in
            guard isLeading() else { return .requeue(after: .seconds(1)) }
            return try await reconciler.pass(key).map { .requeue(after: $0) } ?? .awaitChange
        }
        self.watches = [objects, hpas]
        self.works = [recorder, controller]
        self.metrics = OperatorMetricSource(runtimes: runtimes) { objects.store[$0] != nil }
        self.runtimes = runtimes
        self.objects = objects.store
        self.hpas = hpas.store
    }

    /// Whether everything is known that must be before a request can be answered.
    public var isReady: Bool { objects.isSynced && hpas.isSynced }

    /// What is kept of an HPA: its status changes with every sync and concerns nobody here.
    private static func kept(_ hpa: HorizontalPodAutoscaler) -> HorizontalPodAutoscaler {
        var kept = hpa
        kept.status = nil
        kept.metadata.resourceVersion = nil
        return kept
    }

    /// The ScaledObject of an HPA; the one whose default name it is, where the HPA is gone.
    private static func owner(of hpa: HorizontalPodAutoscaler?, at key: ObjectKey) -> [ObjectKey] {
        let owner = hpa?.metadata.ownerReferences?.first { $0.kind == ScaledObject.resourceType.kind }
        if let owner { return [ObjectKey(namespace: key.namespace, name: owner.name)] }
        guard key.name.hasPrefix(HPAPlan.defaultPrefix) else { return [] }
        return [ObjectKey(namespace: key.namespace, name: String(key.name.dropFirst(HPAPlan.defaultPrefix.count)))]
    }
}

extension Occurrence {
    /// An event about a ScaledObject.
    init(_ event: ObjectEvent, about object: ScaledObject) {
        self.init(
            event.kind == .normal ? .normal : .warning,
            reason: event.reason.rawValue,
            action: event.reason.rawValue,
            note: event.note,
            regarding: EventObject.Reference(
                apiVersion: ScaledObject.resourceType.groupVersion.description,
                kind: ScaledObject.resourceType.kind,
                namespace: object.metadata.namespace,
                name: object.metadata.name,
                uid: object.metadata.uid
            )
        )
    }
}
