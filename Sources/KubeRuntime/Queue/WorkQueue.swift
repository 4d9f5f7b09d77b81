import KubeModel
public import Outbound
import ServiceLifecycle
import Synchronization
public import Telemetry

/// Work by key: each key at most once in the queue and at most once in work, some keys at once, some later.
///
/// Adding never waits and may be done from anywhere, before ``run(_:)`` too. The queue holds at most one entry for each
/// key, so it is bounded by the number of objects.
///
/// Specialized for the key that objects have, as each poll goes through here: without, a poll spends a twentieth of its
/// time on finding out how to hash it.
public final class WorkQueue<Key: Hashable & Sendable>: Sendable {
    /// What decides.
    private let machine: Machine<Key>
    /// What is timed.
    private let metrics: WorkQueueMetrics
    /// Wakes ``run(_:)``.
    private let signal = WakeSignal()
    /// The clocks.
    private let time: TimeSource

    /// An empty queue.
    ///
    /// - Parameters:
    ///   - name: what it is called on the page of metrics.
    ///   - workers: how many keys are worked on at once, those apart that have given their worker on.
    ///   - drain: how long running work may go on after shutdown before it is cancelled.
    ///   - time: the clocks.
    ///   - page: shows how it stands.
    public init(
        _ name: String = "queue",
        workers: Int,
        drain: Duration = .seconds(20),
        time: TimeSource = .system,
        page: MetricRegistry = MetricRegistry()
    ) {
        let machine = Machine<Key>(WorkQueueStateMachine(workers: workers, drain: drain))
        self.machine = machine
        self.time = time
        self.metrics = WorkQueueMetrics(name, page) { machine.withLock { $0.state(at: time.uptime()) } }
    }

    /// How many keys wait and how many are worked on.
    public var counts: (waiting: Int, running: Int) {
        machine.withLock { $0.counts }
    }

    /// Has a key worked on, now or after a while; of two wishes the earlier one counts.
    @specialized(where Key == ObjectKey)
    public func add(_ key: Key, after delay: Duration = .zero) {
        let due = time.uptime() + delay
        if machine.withLock({ $0.add(key, at: due) }) { signal.raise() }
    }

    /// Forgets a key; work on it that runs goes on.
    public func remove(_ key: Key) {
        machine.withLock { $0.remove(key) }
    }

    /// Lets the worker of a key that is worked on begin another one, while the work goes on: for what is left when all is
    /// done that is urgent.
    func release(_ key: Key) {
        if machine.withLock({ $0.release(key) }) { signal.raise() }
    }

    /// A key that is worked on will come again because of a failure; for the page of metrics only.
    func retried() { metrics.retries.add() }

    /// Works until shutdown or cancellation; to be called once.
    ///
    /// At graceful shutdown no work is begun any more, and what runs may end.
    ///
    /// - Parameter work: works on a key, and says after how long it wants it again, if without a change.
    @specialized(where Key == ObjectKey)
    public func run(_ work: @escaping @Sendable (Key) async -> Duration?) async {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                while true {
                    switch machine.withLock({ $0.next(at: time.uptime()) }) {
                    case .run(let key):
                        begin(key)
                        group.addTask { self.finish(key, again: await work(key)) }
                    case .wait(let moment): guard await signal.wait(until: moment, time) else { return }
                    case .abandon: group.cancelAll()
                    case .end: return
                    }
                }
            }
        } onGracefulShutdown: {
            self.machine.withLock { $0.stop(at: self.time.uptime()) }
            self.signal.raise()
        }
    }

    /// Work on a key begins.
    @specialized(where Key == ObjectKey)
    private func begin(_ key: Key) {
        if let progress = machine.withLock({ $0.progress(of: key) }) { metrics.waits.observe(progress.waited) }
    }

    /// Work on a key has ended.
    @specialized(where Key == ObjectKey)
    private func finish(_ key: Key, again delay: Duration?) {
        let now = time.uptime()
        let (progress, wakes) = machine.withLock { machine in
            (machine.progress(of: key), machine.finished(key, again: delay.map { now + $0 }))
        }
        if let progress { metrics.work.observe(now - progress.began) }
        if wakes { signal.raise() }
    }
}

/// A machine under its lock, which the page of metrics may keep longer than the queue lives.
private final class Machine<Key: Hashable & Sendable>: Sendable {
    /// The machine.
    private let machine: Mutex<WorkQueueStateMachine<Key>>

    /// Puts a machine under a lock.
    init(_ machine: WorkQueueStateMachine<Key>) {
        self.machine = Mutex(machine)
    }

    /// Does something with the machine.
    func withLock<Answer: Sendable>(_ body: (inout WorkQueueStateMachine<Key>) -> Answer) -> Answer {
        machine.withLock { body(&$0) }
    }
}
