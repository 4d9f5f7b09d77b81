public import KubeClient
public import KubeModel
package import KubeRuntime
public import Logging
public import Outbound
public import ScalerKit
public import Scaling
public import ServiceLifecycle
public import Telemetry

/// Watches ScaledObjects and brings each one's workload, HPA and status in line with its triggers, or only tells what it
/// would do.
///
/// ## Expected flow
/// Give ``watches`` and ``works`` to a service group, after what they need (the transports) and before what needs them (the metrics
/// API): stores fill, then every object gets its first pass, then each waits for its tick or a change.
///
/// ## Shutdown
/// No pass begins any more, those that run may end, then Events are written out.
public struct ScalingOperator: Sendable {
    /// What differs from one installation to the next.
    public struct Settings: Sendable {
        /// Namespaces to look at; none for all.
        public var namespaces: [String] = []
        /// Where credentials come from.
        public var credentials = CredentialSettings()
        /// Which ScaledObjects and ScaledJobs to look at, by their labels.
        ///
        /// HPAs are not chosen by it: an object may keep the labels from its HPA.
        ///
        /// - Source: KEDA, `WATCH_LABEL_SELECTOR`.
        public var watchedObjects = LabelSelector()
        /// How long one read of a source may take unless its trigger says otherwise.
        ///
        /// - Source: KEDA, `KEDA_HTTP_DEFAULT_TIMEOUT`.
        public var readTimeout = Duration.seconds(3)
        /// Passes at once, those apart that have scaled and only tell of it.
        ///
        /// A pass mostly waits for sources, so there may be many.
        public var workers = 256
        /// Who scales what is awake, unless its object says otherwise.
        public var engine = ScalingEngine.hpa
        /// Whether what is decided is done; where it is not, no object may say otherwise.
        public var mode = OperatingMode.manage
        /// Swell's version, for a label of HPAs.
        public var version: String
        /// Whether durations of triggers' HTTP requests are told apart by object and trigger.
        ///
        /// KEDA's `--enable-high-cardinality-metrics-labels`.
        public var detailsRequestDurations = false
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
        /// The API server.
        public var client: KubeClient
        /// The API server, for what one replica does for all.
        public var leaderClient: KubeClient
        /// The API server, for Events: they tell what was done, so whoever did it writes them, even when it may do no more.
        public var eventClient: KubeClient
        /// Where it has HPAs.
        public var hpaType: ResourceType
        /// The triggers' HTTP.
        public var http: any HTTPTransport
        /// The triggers' databases.
        public var sql: any SQLClient
        /// The clocks.
        public var time: TimeSource
        /// Which objects this process may poll and write; asked before every pass.
        public var ownership: Ownership
        /// Where passes over objects run; `nil` for wherever there is room.
        public var executor: (any TaskExecutor)?

        /// Gathers the outside world; all objects are ours unless said otherwise.
        public init(
            client: KubeClient,
            leaderClient: KubeClient? = nil,
            eventClient: KubeClient? = nil,
            hpaType: ResourceType,
            http: any HTTPTransport,
            sql: any SQLClient,
            time: TimeSource,
            ownership: Ownership? = nil,
            executor: (any TaskExecutor)? = nil
        ) {
            self.client = client
            self.leaderClient = leaderClient ?? client
            self.eventClient = eventClient ?? client
            self.hpaType = hpaType
            self.http = http
            self.sql = sql
            self.time = time
            self.ownership = ownership ?? .all(by: client)
            self.executor = executor
        }
    }

    /// What follows the cluster, in order of dependency: for every replica of the operator.
    public let watches: [any Service]
    /// What polls and writes, in order of dependency and after ``watches``: only while this replica leads, or holds shards.
    public let works: [any Service]
    /// What one replica does for all, after ``works``: only while it leads.
    public let chores: [any Service]
    /// Answers what the metrics API is asked.
    public let metrics: any MetricSource
    /// What is kept of the objects that are polled.
    let runtimes: RuntimeTable
    /// All ScaledObjects.
    let objects: Store<ScaledObject>
    /// All HPAs; what is kept of those of others is for ``index`` only.
    private let hpas: Store<HorizontalPodAutoscaler>

    /// Puts an operator together; nothing runs yet.
    ///
    /// - Parameters:
    ///   - settings: what differs from one installation to the next.
    ///   - registry: the trigger types there are.
    ///   - outside: the outside world.
    ///   - page: shows what is counted and timed.
    ///   - logger: for operators.
    public init(
        _ settings: Settings,
        registry: ScalerRegistry,
        outside: Outside,
        page: MetricRegistry = MetricRegistry(),
        logger: Logger
    ) {
        let (client, time) = (outside.client, outside.time)
        let objects = Reflector<ScaledObject, ScaledObject>(
            client,
            in: settings.namespaces,
            labels: settings.watchedObjects,
            index: { OtherKinds.indexNames(of: $1) + OperatorIndex.names(of: $0, $1) },
            time: time,
            logger: logger,
            salvage: Finalizer.salvage,
            project: { $0 }
        )
        let hpas = Reflector(
            client,
            in: settings.namespaces,
            as: outside.hpaType,
            index: OperatorIndex.names,
            time: time,
            logger: logger
        ) { (hpa: HorizontalPodAutoscaler) in
            Self.kept(hpa)
        }
        let recorder = EventRecorder(
            outside.eventClient,
            controller: "keda-operator",
            instance: settings.instance,
            time: time,
            logger: logger
        )
        let scales = WatchedScales(in: settings.namespaces, client: client, time: time, logger: logger)
        let runtimes = RuntimeTable()
        let discovery = Discovery(client, time: time)
        let instruments = ScalingInstruments(page, isDetailed: settings.detailsRequestDurations)
        let others = OtherKinds(
            OtherKinds.Surroundings(
                client: outside.leaderClient,
                namespaces: settings.namespaces,
                authentications: settings.credentials.watchedAuthentications,
                watchedObjects: settings.watchedObjects,
                objects: objects.store,
                announce: { recorder.record($0) },
                time: time,
                page: page,
                logger: logger
            )
        )
        let references = ReferenceIndex()
        let stores = ReferenceStores(
            others,
            in: settings.namespaces,
            settings.credentials,
            references,
            client: client,
            time: time,
            logger: logger
        )
        let credentials = CredentialResolver(
            reader: ClientConfigReader(
                client: client,
                authentications: settings.credentials.watchedAuthentications,
                time: time
            ),
            settings: settings.credentials,
            http: outside.http,
            time: time,
            references: references,
            isWatched: stores.isWatched,
            shown: stores.shown
        )
        let reconciler = ObjectReconciler(
            world: ObjectReconciler.World(
                object: { objects.store[$0] },
                hpa: { hpas.store.entry($0).flatMap { $0.value.isMarked ? $0 : nil } },
                hpaRevision: { hpas.store.revision(of: $0) },
                neighbours: { $0.neighbourProblems(in: OperatorIndex(objects: objects.store, hpas: hpas.store)) },
                revision: { OperatorIndex(objects: objects.store, hpas: hpas.store).revision },
                announce: { recorder.record(Occurrence($0, about: $1)) },
                client: client,
                hpaType: outside.hpaType,
                discovery: discovery,
                watchedScale: scales.scale,
                credentials: credentials,
                registry: registry,
                http: outside.http,
                sql: outside.sql,
                shared: SharedSources(time: time),
                timeout: settings.readTimeout,
                time: time,
                version: settings.version,
                engine: settings.engine,
                mode: settings.mode,
                instruments: instruments,
                log: logger
            ),
            runtimes: runtimes
        )
        var bounds = Controller<ObjectKey>.Settings()
        bounds.workers = settings.workers
        bounds.longestRetry = .seconds(15)
        bounds.executor = outside.executor
        let pushes = PushTable()
        let controller = Controller(
            "scaledobject",
            sources: [
                .store(objects.store),
                .store(hpas.store) { OperatorIndex(objects: objects.store, hpas: hpas.store).users(ofHPA: $0) },
            ],
            settings: bounds,
            time: time,
            page: page,
            logger: logger
        ) { key, release in
            defer { pushes.follow(key, runtimes[key]) }
            guard outside.ownership.begin(key) else {
                // Who has lost the Lease is about to end, or finds that it was renewed after all.
                guard outside.ownership.tellsOfReturn else { return .requeue(after: .seconds(1)) }
                reconciler.forget(key)
                return .awaitChange
            }
            defer { outside.ownership.end(key) }
            return try await reconciler.writing(by: outside.ownership.client(key)).pass(key, afterScaling: release)
                .map { .requeue(after: $0) } ?? .awaitChange
        }
        outside.ownership.onChange { isGained in
            // What is kept from an earlier time of ours is older than the status, which another has written since.
            runtimes.drop(where: isGained)
        } _: { hasChanged in
            for key in objects.store.keys where hasChanged(key) { controller.enqueue(key) }
        }
        let listening = PushService(table: pushes, time: time, log: logger) { key, unit in
            guard let wait = runtimes[key]?.pushed(by: unit, time.uptime()) else { return }
            controller.enqueue(key, after: wait)
        }
        let watch = ReferenceWatch(stores: stores, config: credentials.config) { key in
            // A second gathers changes that come together, and bounds what a restless ConfigMap costs.
            runtimes[key]?.retick(after: .seconds(1), time.uptime())
            controller.enqueue(key)
        }
        switch settings.mode {
        case .manage:
            self.watches = [objects, hpas] + others.reflectors
            self.works = [recorder] + scales.services + stores.services + [controller, watch, listening]
            self.chores = others.controllers
        case .recommend:
            // Whoever manages the objects looks after the other kinds, and tells people.
            self.watches = [objects, hpas] + others.authenticationReflectors
            self.works = scales.services + stores.services + [controller, watch, listening]
            self.chores = []
        }
        self.metrics = CountedMetricSource(
            source: OperatorMetricSource(
                runtimes: runtimes,
                targets: TargetAccess(client: client, discovery: discovery, watched: scales.scale),
                time: time
            ) { objects.store[$0] != nil },
            instruments: instruments
        )
        others.tell(page, of: objects.store)
        page.collect { RecommendedReplicas.families(of: runtimes) }
        self.runtimes = runtimes
        self.objects = objects.store
        self.hpas = hpas.store
    }

    /// Answers who else targets a workload; complete once both stores are.
    public var index: any ClusterIndex { OperatorIndex(objects: objects, hpas: hpas) }

    /// Whether everything is known that must be before a request can be answered.
    public var isReady: Bool { objects.isSynced && hpas.isSynced }

    /// What is kept of an HPA: of its status, which changes with every sync, only whether it can read its metrics.
    private static func kept(_ hpa: HorizontalPodAutoscaler) -> HorizontalPodAutoscaler {
        guard hpa.isMarked else { return hpa.forIndex }
        var kept = hpa
        var health = hpa.status?.conditions?.filter { $0.type == "ScalingActive" } ?? []
        for index in health.indices { health[index].lastTransitionTime = nil }
        kept.status = health.isEmpty ? nil : HPAStatus(conditions: health)
        kept.metadata.resourceVersion = nil
        return kept
    }
}

extension Occurrence {
    /// An event about a ScaledObject.
    package init(_ event: ObjectEvent, about object: ScaledObject) {
        self.init(
            event.kind == .normal ? .normal : .warning,
            reason: event.reason.rawValue,
            note: event.note,
            about: ScaledObject.resourceType,
            object.metadata
        )
    }
}
