internal import KubeClient
internal import KubeModel
internal import KubeRuntime
internal import Logging
internal import Outbound
internal import Scaling
internal import ServiceLifecycle

/// What watches show of all that triggers refer to.
///
/// Our own kinds are followed whole, by others. Of Secrets and ConfigMaps only metadata is asked for, and only the versions of
/// those that some trigger refers to are kept. Nobody waits for these watches: where they are forbidden, triggers look
/// again by age.
struct ReferenceStores: Sendable {
    /// All TriggerAuthentications of the namespaces that are looked after.
    private let authentications: Store<TriggerAuthentication>
    /// All ClusterTriggerAuthentications.
    private let clusterAuthentications: Store<ClusterTriggerAuthentication>
    /// Versions of Secrets.
    private let secrets: Reflector<PartialObjectMetadata, String>
    /// Where Secrets are watched; none for everywhere.
    private let secretPlaces: [String]
    /// Versions of ConfigMaps.
    private let configMaps: Reflector<PartialObjectMetadata, String>
    /// Where ConfigMaps are watched; none for everywhere.
    private let configMapPlaces: [String]

    /// Prepares the watches.
    ///
    /// - Parameters:
    ///   - kinds: follow our own kinds.
    ///   - namespaces: those that are looked after; none for all.
    ///   - settings: what the installation says.
    ///   - references: what anybody refers to.
    ///   - client: who asks.
    ///   - time: the clocks.
    ///   - logger: where trouble is told.
    init(
        _ kinds: OtherKinds,
        in namespaces: [String],
        _ settings: CredentialSettings,
        _ references: ReferenceIndex,
        client: KubeClient,
        time: TimeSource,
        logger: Logger
    ) {
        let everywhere = namespaces.isEmpty
        let all = everywhere ? [] : Set(namespaces + [settings.clusterNamespace]).sorted()
        self.configMapPlaces = all
        self.secretPlaces = settings.restrictsSecrets ? [settings.clusterNamespace] : all
        self.authentications = kinds.authentications
        self.clusterAuthentications = kinds.clusterAuthentications
        self.secrets = Reflector(
            client,
            in: secretPlaces,
            as: SecretObject.resourceType,
            time: time,
            logger: logger
        ) { references.isUsed(.secret($0.key)) ? $0.metadata.resourceVersion : nil }
        self.configMaps = Reflector(
            client,
            in: configMapPlaces,
            as: ConfigMap.resourceType,
            time: time,
            logger: logger
        ) { references.isUsed(.configMap($0.key)) ? $0.metadata.resourceVersion : nil }
    }

    /// What is to run besides.
    var services: [any Service] { [secrets, configMaps] }

    /// What is shown of an authentication.
    func shown(_ name: AuthenticationReference) -> Versioned<AuthenticationSpec>? {
        switch name {
        case .namespaced(let key):
            authentications[key].map { Versioned(value: $0.spec, version: $0.metadata.specVersion) }
        case .cluster(let name):
            clusterAuthentications[ObjectKey(namespace: "", name: name)]
                .map { Versioned(value: $0.spec, version: $0.metadata.specVersion) }
        }
    }

    /// Whether a change of something would be shown.
    func isWatched(_ reference: Reference) -> Bool {
        switch reference {
        case .secret(let key):
            secrets.store.isSynced && (secretPlaces.isEmpty || secretPlaces.contains(key.namespace))
        case .configMap(let key):
            configMaps.store.isSynced && (configMapPlaces.isEmpty || configMapPlaces.contains(key.namespace))
        case .authentication(.namespaced): authentications.isSynced
        case .authentication(.cluster): clusterAuthentications.isSynced
        }
    }

    /// Tells of everything that is shown and of each change, until cancelled; the version is empty for what is gone.
    func follow(_ tell: @escaping @Sendable (Reference, _ version: String) -> Void) async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                for await key in secrets.store.changes() { tell(.secret(key), secrets.store[key] ?? "") }
            }
            group.addTask {
                for await key in configMaps.store.changes() { tell(.configMap(key), configMaps.store[key] ?? "") }
            }
            group.addTask {
                for await key in authentications.changes() {
                    let name = AuthenticationReference.namespaced(key)
                    tell(.authentication(name), shown(name)?.version ?? "")
                }
            }
            group.addTask {
                for await key in clusterAuthentications.changes() {
                    let name = AuthenticationReference.cluster(key.name)
                    tell(.authentication(name), shown(name)?.version ?? "")
                }
            }
        }
    }
}
