import KubeModel
public import Logging
public import Outbound
public import ServiceLifecycle
import Synchronization
public import Telemetry

/// When a reconciled object is to be looked at again.
public enum ReconcileAction: Sendable, Hashable {
    /// After a while, or when it changes.
    case requeue(after: Duration)
    /// When it changes.
    case awaitChange
}

/// Brings objects, one key at a time, to the state that they should be in.
///
/// ## Guarantees
/// Nothing runs until every source is ready. One key is never reconciled twice at once; a key that changes meanwhile is
/// reconciled again after. The reason is not told: a reconciler looks at what is, so that it may be run at any time.
///
/// ## Errors
/// A failure is logged and the key comes again after a rest that doubles; other keys do not notice. A reconcile that
/// takes longer than its limit is cancelled and counts as failed.
///
/// ## Shutdown
/// No reconcile is begun any more; those that run may end within the queue's limit.
public final class Controller<Key: Hashable & Sendable & CustomStringConvertible>: Service {
    /// The bounds of a controller.
    public struct Settings: Sendable {
        /// Reconciles at once, those apart that have given their worker on.
        ///
        /// KEDA's `KEDA_SCALEDOBJECT_CTRL_MAX_RECONCILES`.
        public var workers = 5
        /// The longest reconcile.
        public var limit = Duration.seconds(60)
        /// The longest rest after failures.
        public var longestRetry = Duration.seconds(300)
        /// How long running reconciles may go on after shutdown.
        public var drain = Duration.seconds(20)
        /// Where reconciles run; `nil` for wherever there is room.
        public var executor: (any TaskExecutor)?

        /// The defaults.
        public init() {}
    }

    /// Looks at one object and puts it right; must expect the object to be gone.
    ///
    /// May call `release` when all is done that is urgent: other objects do not wait for the rest.
    public typealias Reconcile = @Sendable (Key, _ release: @Sendable () -> Void) async throws -> ReconcileAction

    /// What it is called in the log.
    private let name: String
    /// Where keys come from.
    private let sources: [Source]
    /// The bounds.
    private let settings: Settings
    /// What waits.
    private let queue: WorkQueue<Key>
    /// What has failed.
    private let retries: Mutex<RetryDelays<Key>>
    /// What is counted and timed.
    private let metrics: ControllerMetrics
    /// Ends what takes too long.
    private let deadlines: Deadlines
    /// The clocks.
    private let time: TimeSource
    /// Where failures are told.
    private let logger: Logger
    /// The work.
    private let reconcile: Reconcile

    /// Makes a controller.
    ///
    /// - Parameters:
    ///   - name: what it is called in the log and on the page of metrics.
    ///   - sources: where keys come from.
    ///   - settings: the bounds.
    ///   - time: the clocks.
    ///   - page: shows what is counted and timed.
    ///   - logger: where failures are told.
    ///   - reconcile: looks at one object and puts it right.
    public init(
        _ name: String,
        sources: [Source],
        settings: Settings = Settings(),
        time: TimeSource = .system,
        page: MetricRegistry = MetricRegistry(),
        logger: Logger,
        reconcile: @escaping Reconcile
    ) {
        self.name = name
        self.sources = sources
        self.settings = settings
        self.queue = WorkQueue(name, workers: settings.workers, drain: settings.drain, time: time, page: page)
        self.metrics = ControllerMetrics(name, workers: settings.workers, page)
        self.retries = Mutex(RetryDelays(limit: settings.longestRetry))
        self.deadlines = Deadlines(time: time)
        self.time = time
        var logger = logger
        logger[metadataKey: "controller"] = "\(name)"
        self.logger = logger
        self.reconcile = reconcile
    }

    /// Has an object reconciled, besides what the sources say.
    public func enqueue(_ key: Key, after delay: Duration = .zero) {
        queue.add(key, after: delay)
    }

    /// How many keys wait and how many are reconciled.
    public var counts: (waiting: Int, running: Int) { queue.counts }

    /// Reconciles until shutdown or cancellation.
    public func run() async {
        do {
            try await cancelWhenGracefulShutdown { try await self.waitUntilReady() }
        } catch {
            // Shutdown came before the first list: nothing has begun, so nothing is to be ended.
            return
        }
        await withTaskExecutorPreference(settings.executor) {
            await withDiscardingTaskGroup { group in
                for source in sources { group.addTask { await source.pump(self.queue) } }
                group.addTask { await self.deadlines.run() }
                await queue.run { key in await self.run(key) }
                group.cancelAll()
            }
        }
    }

    /// Waits for every source.
    private func waitUntilReady() async throws {
        for source in sources { try await source.waitUntilReady() }
    }

    /// One reconcile.
    ///
    /// - Returns: after how long the key is wanted again, if without a change.
    @specialized(where Key == ObjectKey)
    private func run(_ key: Key) async -> Duration? {
        let start = time.uptime()
        do {
            let action = try await deadlines.limitTask(settings.limit) {
                try await reconcile(key) { self.queue.release(key) }
            }
            retries.withLock { $0.succeeded(key) }
            switch action {
            case .requeue(let delay):
                metrics.reconciled(.requeueAfter, took: time.uptime() - start)
                return delay
            case .awaitChange:
                metrics.reconciled(.success, took: time.uptime() - start)
                return nil
            }
        } catch {
            if Task.isCancelled, !(error is DeadlinePassed) { return nil }
            metrics.reconciled(.error, took: time.uptime() - start)
            queue.retried()
            let rest = retries.withLock { $0.failed(key) }
            logger.warning(
                "reconciling failed",
                metadata: ["object": "\(key)", "error": "\(String(reflecting: error))", "retry": "\(rest)"]
            )
            return rest
        }
    }
}
