import Foundation
import KubeModel

@testable import KubeRuntime

/// A few replicas, the Leases as a server has them, and a network that loses and delays, in which every next step is known:
/// so all of them can be tried.
///
/// A second is the shortest time there is.
struct ShardWorld: Hashable {
    /// What may happen next.
    enum Move: Hashable {
        /// A second passes.
        case tick
        /// The server answers a replica's list.
        case list(Int)
        /// A replica's list fails.
        case listFails(Int)
        /// A replica takes what was listed, and sends its writes.
        case plan(Int)
        /// The oldest write of a replica that is under way arrives, and its answer.
        case write(Int)
        /// It arrives, but its answer does not.
        case answerLost(Int)
        /// The replica waits no longer for it; it may arrive later.
        case delayed(Int)
        /// A delayed write of a replica arrives, or is lost.
        case late(Int, isLost: Bool)
        /// A pass begins.
        case begin(Int, shard: Int)
        /// The pass ends.
        case end(Int)
        /// A replica ends at once, and is started anew.
        case restart(Int)
        /// A replica is told to end.
        case retire(Int)
        /// Somebody takes the holder's name out of a Lease.
        case clear(String)
        /// Somebody deletes a Lease.
        case delete(String)

        /// Whether it is none of what happens where all is well.
        var isDisturbance: Bool {
            switch self {
            case .tick, .list, .plan, .write, .begin, .end: false
            case .listFails, .answerLost, .delayed, .late, .restart, .retire, .clear, .delete: true
            }
        }
    }

    /// A write on its way.
    struct Request: Hashable {
        /// What is written.
        let write: ShardStateMachine.Write
        /// When it was sent.
        let sent: Int
    }

    /// One replica.
    struct Replica: Hashable {
        /// What decides.
        var machine: ShardStateMachine
        /// What was listed and is not yet taken.
        var listed: List?
        /// Writes that it waits for.
        var requests: [Request] = []
        /// Writes that it waits for no longer.
        var late: [Request] = []
        /// The shard of the pass that runs.
        var pass: Int?
        /// How often it was started.
        var starts = 0
        /// Whether it is about to end.
        var isRetiring = false

        /// A list's answer.
        struct List: Hashable {
            /// The Leases; `nil` where it failed.
            let leases: [Lease]?
        }

        /// Just started.
        init(machine: ShardStateMachine) {
            self.machine = machine
        }
    }

    /// The Lease of the leader, after which the others are called.
    static let election = ObjectKey(namespace: "keda", name: "operator.keda.sh")
    /// Quick, so that few steps lead far; the proportions are the real ones.
    static let timing = LeaseTiming(lease: .seconds(3), renew: .seconds(2), retry: .seconds(1))

    /// Seconds since the beginning.
    var now = 0
    /// The Leases by name.
    var leases: [String: Lease] = [:]
    /// The last version given.
    var version = 0
    /// The replicas.
    var replicas: [Replica]

    /// Replicas that have just started, each with a number of shards.
    init(shards: [Int]) {
        replicas = shards.enumerated().map { Replica(machine: Self.machine($0, shards: $1, starts: 0)) }
    }

    /// A machine as a replica has it when it starts.
    static func machine(_ replica: Int, shards: Int, starts: Int) -> ShardStateMachine {
        ShardStateMachine(ShardLayout(of: election, count: shards), identity: "\(replica)-\(starts)", timing: timing)
    }

    /// The present uptime, the same for all.
    var uptime: Duration { .seconds(now) }

    /// What may happen next.
    var moves: [Move] {
        var moves: [Move] = [.tick]
        for (index, replica) in replicas.enumerated() {
            if replica.listed != nil {
                moves.append(.plan(index))
            } else if replica.requests.isEmpty {
                moves += [.list(index), .listFails(index)]
            } else {
                moves += [.write(index), .answerLost(index), .delayed(index)]
            }
            if !replica.isRetiring { moves.append(.retire(index)) }
            if !replica.late.isEmpty { moves += [.late(index, isLost: false), .late(index, isLost: true)] }
            if replica.pass != nil {
                moves.append(.end(index))
            } else {
                moves += replica.machine.owned.sorted().map { .begin(index, shard: $0) }
            }
        }
        return moves
    }

    /// Lets something happen.
    mutating func apply(_ move: Move) {
        switch move {
        case .tick: now += 1
        case .list(let index):
            replicas[index].listed = Replica.List(leases: leases.values.sorted { $0.metadata.name < $1.metadata.name })
        case .listFails(let index): replicas[index].listed = Replica.List(leases: nil)
        case .plan(let index): plan(index)
        case .write(let index): write(index, isAnswered: true)
        case .answerLost(let index): write(index, isAnswered: false)
        case .delayed(let index): replicas[index].late.append(replicas[index].requests.removeFirst())
        case .late(let index, let isLost):
            let request = replicas[index].late.removeFirst()
            if !isLost { _ = store(request.write.lease) }
        case .begin(let index, let shard):
            if replicas[index].machine.isOwned(shard, at: uptime) { replicas[index].pass = shard }
        case .end(let index): replicas[index].pass = nil
        case .restart(let index):
            let old = replicas[index]
            let count = old.machine.layout.count
            replicas[index] = Replica(machine: Self.machine(index, shards: count, starts: old.starts + 1))
            replicas[index].starts = old.starts + 1
            // What was sent may arrive.
            replicas[index].late = old.late + old.requests
        case .retire(let index): replicas[index].isRetiring = true
        case .clear(let name):
            version += 1
            leases[name]?.spec.holderIdentity = nil
            leases[name]?.metadata.resourceVersion = String(version)
        case .delete(let name): leases[name] = nil
        }
    }

    /// A replica takes what was listed.
    private mutating func plan(_ index: Int) {
        guard let listed = replicas[index].listed else { return }
        replicas[index].listed = nil
        let around = ShardStateMachine.Circumstances(
            now: uptime,
            wall: Date(timeIntervalSince1970: Double(now)),
            isRetiring: replicas[index].isRetiring,
            busy: replicas[index].pass.map { [$0] } ?? []
        )
        let writes = replicas[index].machine.plan(listed.leases, around)
        replicas[index].requests = writes.map { Request(write: $0, sent: now) }
    }

    /// A write arrives.
    private mutating func write(_ index: Int, isAnswered: Bool) {
        let request = replicas[index].requests.removeFirst()
        let stored = store(request.write.lease)
        // Who has waited for as long as it may waits no longer.
        guard isAnswered, let stored, uptime <= request.write.until else { return }
        replicas[index].machine.wrote(request.write, stored, sent: .seconds(request.sent), at: uptime)
    }

    /// Stores a Lease as the server does: a new one where there is none, another one where its version is the present.
    private mutating func store(_ lease: Lease) -> Lease? {
        guard leases[lease.metadata.name]?.metadata.resourceVersion == lease.metadata.resourceVersion else {
            return nil
        }
        version += 1
        var stored = lease
        stored.metadata.resourceVersion = String(version)
        leases[lease.metadata.name] = stored
        return stored
    }

    /// Who may write for what now, as `replica: shard/count`.
    var writers: [(replica: Int, shard: Int, count: Int)] {
        replicas.enumerated()
            .flatMap { index, replica in
                let count = replica.machine.layout.count
                return (0..<count).filter { replica.machine.remaining($0, at: uptime) != nil }
                    .map { (index, $0, count) }
            }
    }

    /// Whether two replicas may write for one object now.
    var isTornApart: Bool {
        let writers = writers
        guard writers.count > 1 else { return false }
        return writers.indices.contains { one in
            writers[(one + 1)...]
                .contains { other in
                    // Where the numbers of shards differ, each may hold objects of any other.
                    writers[one].replica != other.replica
                        && (writers[one].count != other.count || writers[one].shard == other.shard)
                }
        }
    }

    /// Lets all replicas take turns, undisturbed, for so many seconds.
    mutating func calm(seconds: Int, of indices: [Int]? = nil) {
        for _ in 0..<seconds {
            for index in indices ?? Array(replicas.indices) {
                // Thrice: what was claimed is looked at again at once.
                for _ in 0..<3 {
                    if replicas[index].listed == nil { apply(.list(index)) }
                    apply(.plan(index))
                    while !replicas[index].requests.isEmpty { apply(.write(index)) }
                }
            }
            apply(.tick)
        }
    }
}
