import Foundation
public import KubeClient
public import KubeModel
public import Logging
public import Outbound
public import ServiceLifecycle
import Synchronization

/// We have led, and could not renew in time; whatever needs leadership must end.
public struct LeadershipLost: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line that may be shown.
    public var description: String { "leadership was lost: the Lease could not be renewed in time, or was taken" }
}

/// Holds a Lease so that only one process of several leads.
///
/// ## Expected flow
/// It stands *first* in the service group, so that it is shut down last: it renews while the others drain, then gives
/// the lease back. Services that need leadership are wrapped in ``whileLeading(_:)``.
///
/// ## Errors
/// ``run()`` throws ``LeadershipLost`` when the lease cannot be renewed; the group then ends, and the process is to be
/// started anew. Before it has led, failures are logged and tried again without end.
public final class LeaderElector: Service {
    /// Who asks.
    private let client: KubeClient
    /// Where the lease is.
    private let key: ObjectKey
    /// What we are called.
    private let identity: String
    /// The clocks.
    private let time: TimeSource
    /// From 0 up to 1.
    private let random: @Sendable () -> Double
    /// What our lease says besides; a `nil` takes an annotation away.
    private let annotations: @Sendable () -> [String: String?]
    /// Where changes are told.
    private let logger: Logger
    /// What decides.
    private let machine: Mutex<LeaseStateMachine>
    /// The lease as last read or written.
    private let known = Mutex<Lease?>(nil)
    /// Who is told of changes, by number, and the next number.
    private let listeners = Mutex<(all: [Int: AsyncStream<Bool>.Continuation], next: Int)>(([:], 0))

    /// Makes an elector; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - client: who asks.
    ///   - key: where the lease is.
    ///   - identity: what we are called; no two processes may share it.
    ///   - timing: how long things last.
    ///   - time: the clocks.
    ///   - random: from 0 up to 1.
    ///   - annotations: what the lease says besides while we lead, asked at each renewal; `nil` takes an annotation
    ///     away, and all of them go when the lease is given back.
    ///   - logger: where changes are told.
    public init(
        _ client: KubeClient,
        lease key: ObjectKey,
        identity: String,
        timing: LeaseTiming = LeaseTiming(),
        time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        annotations: @escaping @Sendable () -> [String: String?] = { [:] },
        logger: Logger
    ) {
        self.client = client
        self.key = key
        self.identity = identity
        self.time = time
        self.random = random
        self.annotations = annotations
        var logger = logger
        logger[metadataKey: "lease"] = "\(key)"
        self.logger = logger
        self.machine = Mutex(LeaseStateMachine(identity: identity, key: key, timing: timing))
    }

    /// Whether we lead now.
    public var isLeading: Bool {
        machine.withLock { $0.isLeading(at: time.uptime()) }
    }

    /// How long we surely lead without another renewal; `nil` when we do not.
    public var remaining: Duration? {
        machine.withLock { $0.remaining(at: time.uptime()) }
    }

    /// The lease as it was last read or written; `nil` before that, and while there is none.
    ///
    /// A few seconds old for those who follow.
    public var lease: Lease? { known.withLock { $0 } }

    /// Whether we lead, beginning with how it is now; only the newest word is kept for a slow reader.
    public func leadership() -> AsyncStream<Bool> {
        let (stream, continuation) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingNewest(1))
        let number = listeners.withLock { listeners in
            listeners.next += 1
            listeners.all[listeners.next] = continuation
            return listeners.next
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.listeners.withLock { $0.all.removeValue(forKey: number) }
        }
        continuation.yield(isLeading)
        return stream
    }

    /// Waits until we lead.
    ///
    /// - Throws: `CancellationError`.
    public func waitUntilLeading() async throws {
        for await isLeading in leadership() where isLeading { return }
        throw CancellationError()
    }

    /// A service that begins only when we lead; once we no longer do it is cancelled, and throws ``LeadershipLost``.
    public func whileLeading(_ service: any Service) -> some Service {
        LeaderService(elector: self, service: service)
    }

    /// Tries to lead, and leads, until shutdown; then gives the lease back.
    ///
    /// - Throws: ``LeadershipLost``.
    public func run() async throws {
        let isLost = await cancelWhenGracefulShutdown { await self.contend() }
        if isLost { throw LeadershipLost() }
        let hasLed = machine.withLock { $0.leave(at: time.uptime()) }
        tell(false)
        // When cancelled, nothing can be sent any more: the lease runs out by itself.
        if hasLed, !Task.isCancelled { await release() }
    }

    /// Does as the machine says.
    ///
    /// - Returns: `true` when leadership was lost, `false` when cancelled.
    private func contend() async -> Bool {
        var action = machine.withLock { $0.next(wall: time.now()) }
        while !Task.isCancelled {
            let wasLeading = isLeading
            switch action {
            case .read: action = await read()
            case .write(let lease): action = await write(lease)
            case .wait(let pause):
                // Only cancellation ends a sleep early.
                guard (try? await time.sleep(pause)) != nil else { return false }
                action = machine.withLock { $0.next(wall: time.now()) }
            case .stepDown:
                logger.error(
                    "leadership was lost, so this process ends; it is to be started anew",
                    metadata: ["identity": "\(identity)"]
                )
                tell(false)
                return true
            }
            if !wasLeading, isLeading {
                logger.notice("leading", metadata: ["identity": "\(identity)"])
                tell(true)
            }
        }
        return false
    }

    /// Reads the lease.
    private func read() async -> LeaseStateMachine.Action {
        do {
            let limit = machine.withLock { $0.requestLimit(at: time.uptime()) }
            let lease = try await find(within: limit)
            known.withLock { $0 = lease }
            return machine.withLock { $0.read(lease, at: time.uptime(), wall: time.now(), random: random()) }
        } catch {
            return failed(error)
        }
    }

    /// Writes the lease.
    private func write(_ lease: Lease) async -> LeaseStateMachine.Action {
        var lease = lease
        lease.metadata.annotate(annotations())
        let sent = time.uptime()
        let limit = machine.withLock { $0.requestLimit(at: sent) }
        do {
            let written =
                lease.metadata.resourceVersion == nil
                ? try await client.create(lease, within: limit) : try await client.replace(lease, within: limit)
            known.withLock { $0 = written }
            return machine.withLock { $0.wrote(written, sent: sent) }
        } catch {
            return failed(error)
        }
    }

    /// A request failed.
    private func failed(_ error: KubeError) -> LeaseStateMachine.Action {
        let isConflict = error.isConflict || error.isAlreadyExists || error.isNotFound
        if !error.isCancelled, !isConflict {
            logger.warning("the lease cannot be reached", metadata: ["error": "\(String(reflecting: error))"])
        }
        return machine.withLock { $0.failed(isConflict: isConflict, at: time.uptime(), random: random()) }
    }

    /// Gives the lease back, if it is still ours.
    private func release() async {
        do {
            guard let lease = try await find(within: .seconds(5)), lease.spec.holderIdentity == identity else { return }
            var released = lease.released(wall: time.now())
            released.metadata.annotate(annotations().mapValues { _ in String?.none })
            _ = try await client.replace(released, within: .seconds(5))
            logger.notice("gave the lease back", metadata: ["identity": "\(identity)"])
        } catch {
            logger.warning("the lease was not given back", metadata: ["error": "\(String(reflecting: error))"])
        }
    }

    /// The lease, if there is one.
    private func find(within limit: Duration) async throws(KubeError) -> Lease? {
        do {
            return try await client.answer(to: .get(Lease.resourceType, key), within: limit)
        } catch  where error.isNotFound {
            return nil
        }
    }

    /// Tells who listens.
    private func tell(_ isLeading: Bool) {
        let all = listeners.withLock { $0.all.values.map(\.self) }
        for listener in all { listener.yield(isLeading) }
    }
}

extension ObjectMeta {
    /// Sets annotations; `nil` takes one away.
    mutating func annotate(_ changes: [String: String?]) {
        guard !changes.isEmpty else { return }
        var all = annotations ?? [:]
        for (name, value) in changes { all[name] = value }
        annotations = all
    }
}
