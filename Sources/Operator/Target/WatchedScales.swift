internal import KubeClient
internal import KubeModel
internal import KubeRuntime
internal import Logging
internal import Outbound
internal import ServiceLifecycle

/// How many pods Deployments and StatefulSets want and have, as watches show it, so that a poll need not ask.
///
/// Three numbers are kept of each in the watched namespaces. Nobody waits for these watches: where they are forbidden,
/// or away, each poll reads `/scale`, as it does for any other kind.
struct WatchedScales: Sendable {
    /// After how long a watch is begun anew, at the latest: within what a store may be silent and still be current.
    private static let span = Duration.seconds(60)

    /// The clocks.
    private let time: TimeSource
    /// One for each kind.
    private let reflectors: [ResourceType: Reflector<WorkloadReplicas, KnownReplicas>]

    /// Prepares the watches.
    ///
    /// - Parameters:
    ///   - namespaces: those that are looked after; none for all.
    ///   - client: who asks.
    ///   - time: the clocks.
    ///   - logger: where trouble is told.
    init(in namespaces: [String], client: KubeClient, time: TimeSource, logger: Logger) {
        self.time = time
        let types = [WorkloadReplicas.resourceType, WorkloadReplicas.statefulSets]
        self.reflectors = Dictionary(
            uniqueKeysWithValues: types.map { type in
                (
                    type,
                    Reflector(client, in: namespaces, as: type, span: Self.span, time: time, logger: logger) {
                        (workload: WorkloadReplicas) in
                        KnownReplicas(workload)
                    }
                )
            }
        )
    }

    /// What is to run besides.
    var services: [any Service] { Array(reflectors.values) }

    /// The target's replicas; `nil` where no watch shows them now.
    func scale(of target: ScaleTarget) -> Scale? {
        guard let store = reflectors[target.type]?.store, store.isCurrent(at: time.uptime()) else { return nil }
        return store[target.key]?.scale(of: target.key)
    }
}
