public import KubeClient
import KubeModel
public import Logging
public import Outbound
public import ServiceLifecycle
import Synchronization

/// Writes Events without ever keeping who tells them waiting.
///
/// ``record(_:)`` only notes; ``run()`` writes, one after another. What cannot be written after a few tries is counted
/// and forgotten: an Event is a courtesy, and must not hold up work.
public final class EventRecorder: Service {
    /// Who asks.
    private let client: KubeClient
    /// What decides.
    private let correlator: Mutex<EventCorrelator>
    /// Wakes ``run()``.
    private let signal = WakeSignal()
    /// How many may be written at once, and in each second after that: they share the API server with what scales.
    private let pace = Mutex(TokenBucket(rate: 50, burst: 50, now: .zero))
    /// Whether shutdown has begun.
    private let isStopping = Atomic(false)
    /// The clocks.
    private let time: TimeSource
    /// Where trouble is told.
    private let logger: Logger

    /// How often one Event is tried; it rests one second after the first failure, two after the second.
    private static let tries = 3
    /// How long what is noted may still be written after shutdown.
    private static let drain = Duration.seconds(5)

    /// Makes a recorder.
    ///
    /// - Parameters:
    ///   - client: who asks.
    ///   - controller: who tells, such as `keda-operator`.
    ///   - instance: which process of them, such as the pod's name.
    ///   - time: the clocks.
    ///   - logger: where trouble is told.
    public init(
        _ client: KubeClient,
        controller: String,
        instance: String,
        time: TimeSource = .system,
        logger: Logger
    ) {
        self.client = client
        self.correlator = Mutex(EventCorrelator(controller: controller, instance: instance.cut(toBytes: 128)))
        self.time = time
        self.logger = logger
    }

    /// Notes that something happened; never waits.
    public func record(_ occurrence: Occurrence) {
        let (now, wall) = (time.uptime(), time.now())
        if correlator.withLock({ $0.record(occurrence, at: now, wall: wall) }) { signal.raise() }
    }

    /// How many occurrences were told and are not to be seen.
    public var dropped: Int {
        correlator.withLock { $0.dropped }
    }

    /// Writes until shutdown, then what is left for a few seconds, however long the API server takes.
    public func run() async {
        await withTaskGroup { group in
            group.addTask { await self.write() }
            group.addTask {
                // Cancelled when all is written, and then there is nothing to wait for.
                guard (try? await gracefulShutdown()) != nil else { return }
                try? await self.time.sleep(Self.drain)
            }
            await group.next()
            group.cancelAll()
        }
        correlator.withLock { $0.dropRest() }
    }

    /// Writes what is noted, and what will be until shutdown.
    private func write() async {
        await withGracefulShutdownHandler {
            while true {
                await writeAll()
                if isStopping.load(ordering: .acquiring) { break }
                guard await signal.wait() else { break }
            }
        } onGracefulShutdown: {
            self.isStopping.store(true, ordering: .releasing)
            self.signal.raise()
        }
    }

    /// Writes what is noted.
    private func writeAll() async {
        while !Task.isCancelled, let (occurrence, write) = correlator.withLock({ $0.next() }) {
            await waitForTurn()
            do {
                try await send(write)
                correlator.withLock { $0.written(occurrence) }
            } catch {
                correlator.withLock { $0.failed(occurrence, isGone: error.isNotFound) }
                logger.debug("an event was not written", metadata: ["error": "\(String(reflecting: error))"])
            }
        }
    }

    /// Keeps to the ``pace``; not at shutdown, when there is little time.
    private func waitForTurn() async {
        let wait = pace.withLock { $0.reserve(at: time.uptime(), waitingUpTo: .seconds(1)) } ?? .zero
        guard wait > .zero, !isStopping.load(ordering: .acquiring) else { return }
        // A sleep that is cancelled ends the writing as well.
        try? await time.sleep(wait)
    }

    /// Writes one, trying again where that may help.
    private func send(_ write: EventCorrelator.Write) async throws(KubeError) {
        for attempt in 1...Self.tries {
            do {
                switch write {
                case .create(let event):
                    try await client.write { try .create(event) }
                case .count(let key, let series):
                    try await client.write {
                        try .patch(EventObject.resourceType, key, with: ["series": KubeJSON.value(of: series)])
                    }
                }
                return
            } catch  where error.isAlreadyExists {
                // An earlier try got through and its answer was lost.
                return
            } catch {
                // A sleep that is cancelled ends the tries as well.
                guard error.isRetryable, attempt < Self.tries, !isStopping.load(ordering: .acquiring),
                    (try? await time.sleep(.seconds(attempt))) != nil
                else { throw error }
            }
        }
    }
}
