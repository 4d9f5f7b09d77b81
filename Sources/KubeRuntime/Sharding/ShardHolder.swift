import Foundation
public import KubeClient
public import KubeModel
public import Logging
public import Outbound
public import ServiceLifecycle
import Synchronization

/// Who leads, as those see it who hold shards.
public enum ShardLeader: Sendable, Hashable {
    /// One of us: who deals the objects out among as many shards.
    case ours
    /// Nobody, or we do not know: nobody begins anything, and who works goes on.
    case unknown
    /// One who knows nothing of our shards, such as KEDA: it may work on any object, so we work on none.
    case foreign
}

/// Holds some of the Leases of a sharded election, so that each object has one replica that works on it.
///
/// ## Expected flow
/// It stands first in the service group, beside the ``LeaderElector``, so that it is shut down last, and its ``departure``
/// stands last, so that it is shut down first: from then on it claims nothing, and gives each shard back when its passes
/// have ended, which may write until its Lease runs out. Around each pass stand ``begin(_:)`` and ``end(_:)``; what the pass
/// writes goes through a client that ``KubeClient/guarded(by:)`` guards with ``remaining(_:)``.
///
/// ## Errors
/// None ends it: a shard that cannot be renewed is lost, and claimed again, if nobody else did, when the server answers.
public final class ShardHolder: Service {
    /// Everything under the lock.
    private struct State {
        /// What decides.
        var machine: ShardStateMachine
        /// Passes that run, by shard; none where there are none.
        var passes: [Int: Int] = [:]
        /// Shards that are ours in a moment, when it has been told.
        var arriving: Set<Int> = []
        /// The Leases as they were last listed, by name.
        var leases: [String: Lease] = [:]
        /// Told of shards that come and go.
        var listener: Listener?
        /// Whether the process is about to end.
        var isRetiring = false
    }

    /// Who is told of shards that come and go.
    private struct Listener {
        /// Called before a shard is ours.
        let gaining: @Sendable (Set<Int>) -> Void
        /// Called after a shard has become ours, or has gone.
        let changed: @Sendable (Set<Int>) -> Void
    }

    /// How the work is dealt out.
    public let layout: ShardLayout
    /// Who asks.
    private let client: KubeClient
    /// How long things last.
    private let timing: LeaseTiming
    /// The clocks.
    private let time: TimeSource
    /// From 0 up to 1.
    private let random: @Sendable () -> Double
    /// See ``ShardStateMachine/Circumstances/mayJoin``.
    private let mayJoin: @Sendable () -> Bool
    /// Tells who leads.
    private let leader: @Sendable () -> ShardLeader
    /// What our Leases say besides; a `nil` takes an annotation away.
    private let annotations: @Sendable () -> [String: String?]
    /// Where changes are told.
    private let logger: Logger
    /// See ``State``.
    private let state: Mutex<State>
    /// Raised when there is reason not to wait for the next turn.
    private let signal = WakeSignal()

    /// Makes a holder; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - client: who asks; its writes must not be guarded by shards.
    ///   - layout: how the work is dealt out.
    ///   - identity: what we are called; no two processes may share it.
    ///   - timing: how long things last.
    ///   - time: the clocks.
    ///   - random: from 0 up to 1.
    ///   - mayJoin: whether we know all that working takes; asked until we have joined.
    ///   - leader: tells who leads.
    ///   - annotations: what the Leases say besides while they are ours, asked at each renewal.
    ///   - logger: where changes are told.
    public init(
        _ client: KubeClient,
        layout: ShardLayout,
        identity: String,
        timing: LeaseTiming = LeaseTiming(),
        time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        mayJoin: @escaping @Sendable () -> Bool,
        leader: @escaping @Sendable () -> ShardLeader,
        annotations: @escaping @Sendable () -> [String: String?] = { [:] },
        logger: Logger
    ) {
        self.client = client
        self.layout = layout
        self.timing = timing
        self.time = time
        self.random = random
        self.mayJoin = mayJoin
        self.leader = leader
        self.annotations = annotations
        self.logger = logger
        self.state = Mutex(State(machine: ShardStateMachine(layout, identity: identity, timing: timing)))
    }

    /// Begins a pass over an object; ``end(_:)`` must follow.
    ///
    /// - Returns: `false` where the object is another's: then nothing has begun.
    public func begin(_ key: ObjectKey) -> Bool {
        let shard = layout.shard(of: key)
        return state.withLock { state in
            guard !state.arriving.contains(shard), state.machine.isOwned(shard, at: time.uptime()) else { return false }
            state.passes[shard, default: 0] += 1
            return true
        }
    }

    /// Ends a pass that was begun: once all of a shard have ended, another replica may have it.
    public func end(_ key: ObjectKey) {
        let shard = layout.shard(of: key)
        state.withLock { state in
            let others = (state.passes[shard] ?? 1) - 1
            state.passes[shard] = others > 0 ? others : nil
        }
    }

    /// Whether an object is ours now.
    public func isOwned(_ key: ObjectKey) -> Bool {
        let shard = layout.shard(of: key)
        return state.withLock { $0.machine.isOwned(shard, at: time.uptime()) }
    }

    /// How long we may surely write for a shard; `nil` for not at all.
    public func remaining(_ shard: Int) -> Duration? {
        state.withLock { $0.machine.remaining(shard, at: time.uptime()) }
    }

    /// How long we may surely write for any shard; `nil` for not at all.
    public var remaining: Duration? { (0..<layout.count).compactMap { remaining($0) }.max() }

    /// The Lease of an object's shard where another replica holds it; a few seconds old.
    public func lease(of key: ObjectKey) -> Lease? {
        let name = layout.lease(ofShard: layout.shard(of: key)).name
        return state.withLock { state in
            guard let lease = state.leases[name], let holder = lease.spec.holderIdentity, !holder.isEmpty,
                holder != state.machine.identity
            else { return nil }
            return state.machine.isHeld(lease, at: time.uptime()) ? lease : nil
        }
    }

    /// The shards that are ours now.
    public var owned: Set<Int> {
        state.withLock { state in state.machine.owned.filter { state.machine.isOwned($0, at: time.uptime()) } }
    }

    /// Has somebody told of shards that come and go; one listener only, to be named before ``run()``.
    ///
    /// - Parameters:
    ///   - gaining: called before anything may begin in shards that become ours.
    ///   - changed: called after shards have become ours or have gone.
    public func onChange(
        gaining: @escaping @Sendable (Set<Int>) -> Void,
        changed: @escaping @Sendable (Set<Int>) -> Void
    ) {
        state.withLock { $0.listener = Listener(gaining: gaining, changed: changed) }
    }

    /// What stands last in the service group, see ``ShardHolder``.
    public var departure: some Service { ShardDeparture(holder: self) }

    /// The process is about to end: nothing is claimed any more, and what no pass needs is given back.
    fileprivate func retire() {
        state.withLock { $0.isRetiring = true }
        signal.raise()
    }

    /// Takes its share until shutdown; then gives it back.
    public func run() async {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            // What was claimed is looked at again at once, and is then ours.
            guard await !turn() else { continue }
            // Several turns in the time that a Lease may take to renew, lest one that fails loses it.
            let rest = min(timing.retry, timing.renew / 4) * (1 + 0.2 * random())
            // Shutdown ends a rest and never a turn: of a write that is given up nobody would know which version it made.
            await cancelWhenGracefulShutdown {
                _ = await self.signal.wait(until: self.time.uptime() + rest, self.time)
            }
        }
        let (writes, owned) = state.withLock { state in
            let owned = state.machine.owned
            return (state.machine.leave(state.leases.values, at: time.uptime(), wall: time.now()), owned)
        }
        // When cancelled, nothing can be sent any more: the Leases run out by themselves.
        guard !Task.isCancelled, !writes.isEmpty else { return }
        _ = await write(writes, isLast: true)
        logger.notice("gave the shards back", metadata: ["shards": "\(Self.text(owned))"])
    }

    /// One turn: a list, and what follows from it.
    ///
    /// - Returns: whether anything was claimed.
    private func turn() async -> Bool {
        let (mayJoin, leader) = (mayJoin(), leader())
        let listed = await list()
        if Task.isCancelled { return false }
        let (writes, before, after, listener) = state.withLock { state in
            let before = state.machine.owned
            let around = ShardStateMachine.Circumstances(
                now: time.uptime(),
                wall: time.now(),
                mayJoin: mayJoin,
                isRetiring: state.isRetiring,
                leader: leader,
                busy: Set(state.passes.keys)
            )
            let writes = state.machine.plan(listed, around)
            let after = state.machine.owned
            state.arriving = after.subtracting(before)
            if let listed { state.leases = Dictionary(listed.map { ($0.metadata.name, $0) }) { $1 } }
            return (writes, before, after, state.listener)
        }
        if before != after { listener?.gaining(after.subtracting(before)) }
        state.withLock { $0.arriving = [] }
        if before != after {
            logger.notice(
                "shards",
                metadata: [
                    "owned": "\(Self.text(after))", "taken": "\(Self.text(after.subtracting(before)))",
                    "left": "\(Self.text(before.subtracting(after)))",
                ]
            )
            listener?.changed(before.symmetricDifference(after))
        }
        return await write(writes)
    }

    /// All Leases of the election; `nil` where the server does not say.
    ///
    /// By their names, as the label may be lost: one that is not seen can be neither taken nor made.
    private func list() async -> [Lease]? {
        do {
            return
                try await client.page(
                    Lease.self,
                    Selection(namespace: layout.election.namespace),
                    limit: nil,
                    // So that what we hold can still be renewed.
                    within: timing.renew / 4
                )
                .items.filter { layout.purpose(of: $0) != nil }
        } catch {
            if !error.isCancelled {
                logger.warning("the Leases cannot be listed", metadata: ["error": "\(String(reflecting: error))"])
            }
            return nil
        }
    }

    /// Writes Leases, all at once.
    ///
    /// - Returns: whether any was claimed that was not ours.
    private func write(_ writes: [ShardStateMachine.Write], isLast: Bool = false) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            for write in writes { group.addTask { await self.write(write, isLast: isLast) } }
            return await group.reduce(false) { $0 || $1 }
        }
    }

    /// Writes one Lease.
    ///
    /// - Returns: whether it was claimed, and was not ours.
    private func write(_ write: ShardStateMachine.Write, isLast: Bool) async -> Bool {
        var lease = write.lease
        let isRelease = lease.spec.holderIdentity == nil
        lease.metadata.annotate(isRelease ? annotations().mapValues { _ in nil } : annotations())
        let sent = time.uptime()
        let limit = max(write.until - sent, .milliseconds(1))
        do {
            let answer =
                lease.metadata.resourceVersion == nil
                ? try await client.create(lease, within: limit) : try await client.replace(lease, within: limit)
            let isNew = state.withLock { state in
                // What was ours before is no claim.
                let isNew =
                    !isRelease && state.leases[lease.metadata.name]?.spec.holderIdentity != lease.spec.holderIdentity
                state.leases[lease.metadata.name] = answer
                if !isLast { state.machine.wrote(write, answer, sent: sent, at: time.uptime()) }
                return isNew
            }
            return isNew
        } catch {
            // Another was faster, which the next list tells.
            guard !error.isCancelled, !error.isConflict, !error.isAlreadyExists, !error.isNotFound else { return false }
            logger.warning(
                "a Lease cannot be written",
                metadata: ["lease": "\(lease.metadata.name)", "error": "\(String(reflecting: error))"]
            )
            return false
        }
    }

    /// Shards for people.
    private static func text(_ shards: Set<Int>) -> String {
        shards.isEmpty ? "none" : shards.sorted().map(String.init).joined(separator: ",")
    }
}

/// Hears of shutdown before all others do whose work a ``ShardHolder`` deals out.
private struct ShardDeparture: Service {
    /// Who is to know.
    let holder: ShardHolder

    /// Waits for shutdown.
    func run() async {
        // Fails only when the group is cancelled: then nobody is left to be told.
        guard (try? await gracefulShutdown()) != nil else { return }
        holder.retire()
    }
}
