internal import KubeClient
internal import KubeModel
internal import KubeRuntime
internal import Logging
internal import Outbound
internal import Scaling
internal import ServiceLifecycle
internal import Telemetry

/// Follows the kinds beside ScaledObject and does for each what there is to do.
struct OtherKinds {
    /// All TriggerAuthentications, without labels and annotations.
    let authentications: Store<TriggerAuthentication>
    /// All ClusterTriggerAuthentications, without labels and annotations.
    let clusterAuthentications: Store<ClusterTriggerAuthentication>
    /// All ScaledJobs, as far as they are looked at here.
    let jobs: Store<ScaledJob>
    /// What keeps the stores true; changes nothing on the API server.
    let reflectors: [any Service]
    /// Those of authentications, which triggers need.
    let authenticationReflectors: [any Service]
    /// What writes; only one process may run them.
    let controllers: [any Service]

    /// What all of them need.
    struct Surroundings {
        /// The API server.
        let client: KubeClient
        /// Namespaces to look at; none for all.
        let namespaces: [String]
        /// Which authentications to look at.
        var authentications = LabelSelector()
        /// Which ScaledJobs to look at, by their labels.
        let watchedObjects: LabelSelector
        /// All ScaledObjects, to be found under what ``indexNames(of:)`` gives.
        let objects: Store<ScaledObject>
        /// Tells people.
        let announce: @Sendable (Occurrence) -> Void
        /// The clocks.
        let time: TimeSource
        /// Shows what is counted and timed.
        let page: MetricRegistry
        /// For people who run the operator.
        let logger: Logger
    }

    /// The names under which the store of ScaledObjects has to find an object: those of its authentications.
    static func indexNames(of object: ScaledObject) -> [String] { object.authentications.map(\.description) }

    /// Puts everything together; nothing runs yet.
    init(_ around: Surroundings) {
        let authentications = Self.reflector(
            of: TriggerAuthentication.self,
            around,
            labels: around.authentications,
            salvage: Finalizer.salvage,
            Self.kept
        )
        let clusterAuthentications = Self.reflector(
            of: ClusterTriggerAuthentication.self,
            around,
            labels: around.authentications,
            salvage: Finalizer.salvage,
            Self.kept
        )
        let names = { @Sendable (_: ObjectKey, job: ScaledJob) in job.authentications.map(\.description) }
        let jobs = Self.reflector(
            of: ScaledJob.self,
            around,
            labels: around.watchedObjects,
            index: names,
            salvage: Finalizer.salvage,
            Self.kept
        )
        let (sources, sourceController) = Self.releaser(of: CloudEventSource.self, around)
        let (clusterSources, clusterSourceController) = Self.releaser(of: ClusterCloudEventSource.self, around)
        let jobReconciler = ScaledJobReconciler(jobs: jobs.store, announce: around.announce, client: around.client)
        self.authentications = authentications.store
        self.clusterAuthentications = clusterAuthentications.store
        self.jobs = jobs.store
        self.authenticationReflectors = [authentications, clusterAuthentications]
        self.reflectors = authenticationReflectors + [jobs, sources, clusterSources]
        self.controllers = [
            Self.controller("scaledjob", [.store(jobs.store)], around) { try await jobReconciler.pass($0) },
            ScaledJobReport(jobs: jobs.store, logger: around.logger),
            Self.authenticationController(authentications.store, clusterAuthentications.store, jobs.store, around),
            sourceController, clusterSourceController,
        ]
    }

    /// Looks after both kinds of authentications, as they change and as their users do.
    private static func authenticationController(
        _ authentications: Store<TriggerAuthentication>,
        _ clusterAuthentications: Store<ClusterTriggerAuthentication>,
        _ jobs: Store<ScaledJob>,
        _ around: Surroundings
    ) -> any Service {
        let objects = around.objects
        let reconciler = AuthenticationReconciler(
            client: around.client,
            time: around.time,
            find: { reference in
                switch reference {
                case .namespaced(let key): authentications[key].map { .init(metadata: $0.metadata, status: $0.status) }
                case .cluster(let name):
                    clusterAuthentications[ObjectKey(namespace: "", name: name)]
                        .map { .init(metadata: $0.metadata, status: $0.status) }
                }
            },
            users: { reference in
                AuthenticationStatus(
                    scaledObjects: objects.keys(under: reference.description).map(\.name),
                    scaledJobs: jobs.keys(under: reference.description).map(\.name)
                )
            },
            announce: around.announce
        )
        let (ofObjects, ofJobs) = (FormerReferences(), FormerReferences())
        let sources: [Controller<AuthenticationReference>.Source] = [
            .store(authentications) { [.namespaced($0)] },
            .store(clusterAuthentications) { [.cluster($0.name)] },
            .store(objects) { Array(ofObjects.changed($0, to: objects[$0]?.authentications ?? [])) },
            .store(jobs) { Array(ofJobs.changed($0, to: jobs[$0]?.authentications ?? [])) },
        ]
        return controller("authentication", sources, around) { try await reconciler.pass($0) }
    }

    /// Follows the objects of a kind that wait for our finalizer only, and takes it off them.
    private static func releaser<R: KubeResource>(
        of kind: R.Type,
        _ around: Surroundings
    ) -> (reflector: any Service, controller: any Service) {
        let held = reflector(of: kind, around) { object in
            Finalizer.holdsUp(object.metadata) ? kept(object).metadata : nil
        }
        let controller = controller(R.resourceType.kind.lowercased(), [.store(held.store)], around) {
            (key: ObjectKey) in
            if let metadata = held.store[key] {
                _ = try await Finalizer.remove(from: metadata, R.resourceType, by: around.client)
            }
            return .awaitChange
        }
        return (held, controller)
    }

    /// Follows a kind whose CRD need not be there.
    private static func reflector<R: KubeResource, Value: Sendable & Equatable>(
        of kind: R.Type,
        _ around: Surroundings,
        labels: LabelSelector = LabelSelector(),
        index: (@Sendable (ObjectKey, Value) -> [String])? = nil,
        salvage: @escaping @Sendable (ObjectMeta) -> Value? = { _ in nil },
        _ project: @escaping @Sendable (R) -> Value?
    ) -> Reflector<R, Value> {
        Reflector(
            around.client,
            in: R.resourceType.isNamespaced ? around.namespaces : [],
            labels: labels,
            isOptional: true,
            index: index,
            time: around.time,
            logger: around.logger,
            salvage: salvage,
            project: project
        )
    }

    /// A controller with the bounds that all of them have here.
    private static func controller<Key: Hashable & Sendable & CustomStringConvertible>(
        _ name: String,
        _ sources: [Controller<Key>.Source],
        _ around: Surroundings,
        _ reconcile: @escaping @Sendable (Key) async throws -> ReconcileAction
    ) -> any Service {
        var bounds = Controller<Key>.Settings()
        bounds.longestRetry = .seconds(15)
        return Controller(
            name,
            sources: sources,
            settings: bounds,
            time: around.time,
            page: around.page,
            logger: around.logger
        ) { key, _ in try await reconcile(key) }
    }

    /// What is kept of an object: labels and annotations, which may hold a whole manifest, are not.
    private static func kept<R: KubeResource>(_ object: R) -> R {
        var object = object
        object.metadata.labels = nil
        object.metadata.annotations = nil
        return object
    }
}
