import Foundation
public import KubeModel
public import Outbound
import Synchronization

/// A Kubernetes API in memory: objects, watches, patches, `/scale`, and the loops that bring workloads to life.
///
/// `swell local` runs it, and tests scale against it. All of its rules are in ``ClusterState``, a value; this class
/// holds that value under one lock, wakes watches, and turns the clocks.
///
/// - Expected flow: make one, call ``run()`` in a task group, talk to it through ``transport`` or, once
///   ``LocalClusterServer`` serves it, over HTTP.
/// - Guarantees: what a request sets off at once (garbage collection, new pods, rollouts) has happened when its answer
///   comes; what takes time (pods that start, autoscaling) happens in ``run()``, by the clocks given.
/// - Caveats: custom kinds are checked by their schemas, but for the rules of `x-kubernetes-validations`; built-in kinds
///   by what is in ``BuiltInKinds`` only, so that members they do not have are kept. Server-side apply reads JSON, not
///   YAML, and knows no `/scale` and no version in another form than the stored one. No authorisation; nothing is kept
///   when the process ends.
public final class LocalCluster: Sendable {
    /// How the cluster behaves.
    public struct Configuration: Sendable {
        /// Between two looks of the autoscaler's controller.
        public var autoscalerSync: Duration = .seconds(15)
        /// For how long a high recommendation holds back a scale-in, where an HPA says nothing else.
        public var downscaleStabilization: Duration = .seconds(300)
        /// From a pod's creation to its being Ready.
        public var podStartDelay: Duration = .seconds(2)
        /// Whether workloads, pods and HPAs come to life; else this is an API server without controllers, where only
        /// deletion goes on to what is owned and contained.
        public var runsWorkloads = true
        /// Pods at most; workloads stop there.
        public var podCapacity = 2000
        /// Objects at most, of all kinds together.
        public var objectCapacity = 100_000
        /// Changes remembered for each kind; older watches and pages get 410.
        public var historyCapacity = 2048
        /// Between two bookmarks of a watch on which nothing happens.
        public var bookmarkInterval: Duration = .seconds(60)
        /// Where UIDs and random names begin; equal seeds make equal ones.
        public var seed = UInt64.random(in: .min ... .max)

        /// The defaults of a real cluster, but for pods that start in two seconds.
        public init() {}

        /// What the state needs of it.
        var settings: ClusterSettings {
            var settings = ClusterSettings()
            settings.podStartDelay = podStartDelay.seconds
            settings.runsWorkloads = runsWorkloads
            settings.podCapacity = podCapacity
            settings.objectCapacity = objectCapacity
            settings.historyCapacity = historyCapacity
            settings.seed = seed
            return settings
        }
    }

    /// Reads one external metric for an HPA: its namespace, the metric, and the selector that the HPA gives.
    ///
    /// What it throws is shown in the HPA's conditions by its description, so that must hold no secret.
    public typealias ExternalMetrics =
        @Sendable (_ namespace: String, _ metric: String, _ selector: LabelSelector) async throws -> [Quantity]

    /// How it behaves.
    let configuration: Configuration
    /// The clocks.
    let time: TimeSource
    /// Where HPAs read.
    let externalMetrics: ExternalMetrics
    /// Wakes watches and the timers.
    let signal = ChangeSignal()
    /// Everything there is.
    private let core: Mutex<ClusterState>
    /// What the autoscaler's controller remembers.
    let memory = Mutex(AutoscalerMemory())

    /// Makes a cluster with its four namespaces.
    ///
    /// - Parameters:
    ///   - configuration: how it behaves.
    ///   - time: its clocks.
    ///   - externalMetrics: where HPAs read; until one is given, every read fails.
    public init(
        _ configuration: Configuration = Configuration(),
        time: TimeSource = .system,
        externalMetrics: @escaping ExternalMetrics = { _, _, _ in throw NoExternalMetrics() }
    ) {
        self.configuration = configuration
        self.time = time
        self.externalMetrics = externalMetrics
        self.core = Mutex(ClusterState(configuration.settings, now: time.now()))
    }

    /// Turns the clocks until the task is cancelled: pods start, HPAs are followed.
    ///
    /// - Throws: `CancellationError`.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.runAlarms() }
            if configuration.runsWorkloads {
                group.addTask { try await self.runAutoscalers() }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Answers one request.
    func answer(_ request: APIRequest) -> APIAnswer {
        change { $0.answer(request, now: $1) }
    }

    /// Reads the state.
    func read<Result: Sendable>(_ body: (borrowing ClusterState, Date) -> Result) -> Result {
        let now = time.now()
        return core.withLock { body($0, now) }
    }

    /// Changes the state and wakes whoever waits for what has changed.
    @discardableResult
    func change<Result: Sendable>(_ body: (inout ClusterState, Date) -> Result) -> Result {
        let now = time.now()
        let (result, touched) = core.withLock { state in
            let alarm = state.nextAlarm
            let result = body(&state, now)
            var touched = state.takeTouched()
            if state.nextAlarm != alarm { touched.insert(Self.alarms) }
            return (result, touched)
        }
        signal.raise(touched)
        return result
    }

    /// Does what is due each time something is.
    private func runAlarms() async throws {
        while true {
            let seen = signal.count(Self.alarms)
            change { state, now in state.tick(now: now) }
            let wait = read { state, now in state.nextAlarm.map { $0.timeIntervalSince(now) } }
            let limit = min(max(0, wait ?? Self.longestWait), Self.longestWait)
            try await signal.wait(for: Self.alarms, after: seen, upTo: .seconds(limit), time)
        }
    }

    /// What ``ChangeSignal`` calls a new earliest alarm.
    private static let alarms = "alarms of the shell"

    /// Seconds between two ticks at most, so that old events go.
    private static let longestWait: TimeInterval = 60
}

/// What an HPA is told while nothing serves external metrics.
public struct NoExternalMetrics: Error, Sendable, CustomStringConvertible {
    /// Makes one.
    public init() {}

    /// As the HPA's controller says it.
    public var description: String {
        "unable to get metrics: no external metrics API is connected to the local cluster"
    }
}

extension Duration {
    /// As Foundation counts.
    var seconds: TimeInterval {
        TimeInterval(components.seconds) + TimeInterval(components.attoseconds) / 1e18
    }
}
