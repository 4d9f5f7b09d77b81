import Foundation
import KubeModel
import Testing

@testable import KubeRuntime

@Suite struct ShardStateMachineTests {
    /// What each replica owns.
    static func shares(_ world: ShardWorld) -> [Set<Int>] {
        world.replicas.map { replica in
            replica.machine.owned.filter { replica.machine.isOwned($0, at: world.uptime) }
        }
    }

    /// What the layout wants each of some replicas to own.
    static func wanted(_ world: ShardWorld, of indices: [Int]) -> [Set<Int>] {
        let layout = world.replicas[0].machine.layout
        let names = indices.map { world.replicas[$0].machine.identity }
        return world.replicas.indices.map { index in
            guard indices.contains(index) else { return [] }
            let name = world.replicas[index].machine.identity
            return Set((0..<layout.count).filter { layout.preferred(for: $0, among: names) == name })
        }
    }

    @Test func `one alone has everything, once nobody can be there who works by Leases that are gone`() {
        var world = ShardWorld(shards: [4])
        world.calm(seconds: 3)
        #expect(Self.shares(world) == [[]])
        world.calm(seconds: 1)
        #expect(Self.shares(world) == [[0, 1, 2, 3]])
        #expect(world.leases.keys.sorted().first == "operator.keda.sh-member-0-of-4" && world.leases.count == 5)
        #expect(world.leases.values.allSatisfy { $0.metadata.labels == [ShardLayout.label: "operator.keda.sh"] })
    }

    @Test func `who joins gets its share and no more, and nobody else's moves`() {
        var world = ShardWorld(shards: [12, 12, 12])
        world.calm(seconds: 6, of: [0, 1])
        let before = Self.shares(world)
        #expect(before == Self.wanted(world, of: [0, 1]))
        world.calm(seconds: 4)
        let after = Self.shares(world)
        #expect(after == Self.wanted(world, of: [0, 1, 2]) && !after[2].isEmpty)
        #expect(after[0].isSubset(of: before[0]) && after[1].isSubset(of: before[1]))
    }

    @Test func `who leaves gives its share to the others at once, who keep theirs`() {
        var world = ShardWorld(shards: [12, 12, 12])
        world.calm(seconds: 8)
        let before = Self.shares(world)
        for write in world.replicas[2].machine.leave(Array(world.leases.values), at: world.uptime, wall: Date()) {
            world.replicas[2].requests.append(ShardWorld.Request(write: write, sent: world.now))
        }
        #expect(Self.shares(world)[2].isEmpty)
        while !world.replicas[2].requests.isEmpty { world.apply(.answerLost(2)) }
        world.calm(seconds: 1, of: [0, 1])
        let after = Self.shares(world)
        #expect(after == Self.wanted(world, of: [0, 1]))
        #expect(before[0].isSubset(of: after[0]) && before[1].isSubset(of: after[1]))
    }

    @Test func `the share of one that is killed moves when its Leases have run out, and nothing else does`() {
        var world = ShardWorld(shards: [12, 12, 12])
        world.calm(seconds: 8)
        let before = Self.shares(world)
        // Last renewed a second ago, so seen for the last time now: a Lease of 3 s runs out after three more.
        world.calm(seconds: 3, of: [0, 1])
        #expect(Array(Self.shares(world)[..<2]) == Array(before[..<2]))
        world.calm(seconds: 1, of: [0, 1])
        let after = Self.shares(world)
        #expect(Array(after[..<2]) == Array(Self.wanted(world, of: [0, 1])[..<2]))
        #expect(before[0].isSubset(of: after[0]) && before[1].isSubset(of: after[1]))
    }

    @Test func `one that is cut off lets go before another begins, and gets its share back afterwards`() {
        var world = ShardWorld(shards: [12, 12])
        world.calm(seconds: 8)
        let before = Self.shares(world)
        for second in 1...6 {
            world.apply(.listFails(0))
            world.apply(.plan(0))
            while !world.replicas[0].requests.isEmpty { world.apply(.delayed(0)) }
            world.replicas[0].late = []
            world.calm(seconds: 1, of: [1])
            #expect(!world.isTornApart, "after \(second) s")
        }
        #expect(Self.shares(world) == [[], Set(0..<12)])
        world.calm(seconds: 4)
        #expect(Self.shares(world) == before)
    }

    @Test func `what somebody still works on is not given back, and no pass begins in it`() throws {
        var world = ShardWorld(shards: [8, 8])
        world.calm(seconds: 5, of: [0])
        // The first shard that is to go.
        let shard = try #require(Self.wanted(world, of: [0, 1])[1].min())
        world.apply(.begin(0, shard: shard))
        while world.leases.count < 10 { world.calm(seconds: 1) }
        for move in [ShardWorld.Move.list(0), .plan(0)] { world.apply(move) }
        while !world.replicas[0].requests.isEmpty { world.apply(.write(0)) }
        #expect(!Self.shares(world)[0].contains(shard) && !Self.shares(world)[1].contains(shard))
        let isWriting = world.replicas[0].machine.remaining(shard, at: world.uptime) != nil
        #expect(isWriting, "the pass could not end")
        world.apply(.end(0))
        world.calm(seconds: 2)
        #expect(Self.shares(world)[1].contains(shard))
    }

    @Test func `who is about to end gives back what no pass needs, claims nothing, and lets its passes end`() {
        var world = ShardWorld(shards: [12, 12])
        world.calm(seconds: 8)
        let shares = Self.shares(world)
        let busy = shares[0].min() ?? 0
        world.apply(.begin(0, shard: busy))
        world.apply(.retire(0))
        for move in [ShardWorld.Move.list(0), .plan(0)] { world.apply(move) }
        #expect(Self.shares(world)[0].isEmpty)
        #expect(world.replicas[0].machine.remaining(busy, at: world.uptime) != nil, "the pass could not end")
        while !world.replicas[0].requests.isEmpty { world.apply(.write(0)) }
        world.calm(seconds: 1)
        #expect(Self.shares(world) == [[], Set(0..<12).subtracting([busy])])
        // The other dies: what it had is for others.
        world.apply(.end(0))
        world.calm(seconds: 6, of: [0])
        #expect(Self.shares(world)[0].isEmpty)
        let names = world.leases.values.compactMap(\.spec.holderIdentity)
        #expect(!names.contains("0-0"), "\(names)")
    }

    @Test func `a place whose claim nobody heard of is given back, too`() {
        var machine = ShardWorld.machine(0, shards: 2, starts: 0)
        var around = ShardStateMachine.Circumstances(now: .zero, wall: Date())
        let claims = machine.plan(Self.free(2), around)
        around.isRetiring = true
        let departure = machine.plan(Self.free(2) + [claims[0].lease], around)
        #expect(departure.map(\.claim) == [.departure] && departure[0].lease.spec.holderIdentity == nil)
        let rest = machine.plan(Self.free(2) + [departure[0].lease], around)
        #expect(rest.isEmpty)
        // It did not get through, and then the process ends.
        let last = machine.leave([claims[0].lease], at: .zero, wall: Date())
        #expect(last.map(\.claim) == [.departure] && last[0].lease.spec.holderIdentity == nil)
    }

    /// The Leases of shards that nobody holds.
    static func free(_ shards: Int) -> [Lease] {
        let layout = ShardLayout(of: ShardWorld.election, count: shards)
        return (0..<shards)
            .map { shard in
                var lease = Lease(unclaimed: layout.lease(ofShard: shard))
                lease.metadata.resourceVersion = "1"
                lease.spec.leaseDurationSeconds = 1
                return lease
            }
    }

    @Test
    func `while somebody leads who knows nothing of shards nobody holds any, and while nobody leads none is claimed`() {
        var machine = ShardWorld.machine(0, shards: 2, starts: 0)
        var around = ShardStateMachine.Circumstances(now: .zero, wall: Date(), leader: .foreign)
        let place = machine.plan(Self.free(2), around)
        #expect(place.map(\.claim) == [.place(0)])
        machine.wrote(place[0], place[0].lease, sent: .zero, at: .zero)
        for leader in [ShardLeader.foreign, .unknown] {
            around.leader = leader
            let barred = machine.plan(Self.free(2) + [place[0].lease], around)
            #expect(barred.map(\.claim) == [.place(0)])
        }
        around.leader = .ours
        let free = machine.plan(Self.free(2) + [place[0].lease], around)
        #expect(free.map(\.claim) == [.place(0), .shard(0), .shard(1)])
        for write in free { machine.wrote(write, write.lease, sent: .zero, at: .zero) }
        _ = machine.plan(free.map(\.lease), around)
        #expect(machine.owned == [0, 1])
        around.leader = .unknown
        _ = machine.plan(free.map(\.lease), around)
        #expect(machine.owned == [0, 1])
        around.leader = .foreign
        let released = machine.plan(free.map(\.lease), around)
        #expect(released.map(\.claim) == [.place(0), .release(0), .release(1)])
        #expect(released.dropFirst().allSatisfy { $0.lease.spec.holderIdentity == nil } && machine.owned.isEmpty)
    }

    @Test func `while the Leases cannot be listed, who may not work lets go all the same`() {
        for (leader, isRetiring) in [(ShardLeader.foreign, false), (.ours, true)] {
            var world = ShardWorld(shards: [2])
            world.calm(seconds: 6)
            var machine = world.replicas[0].machine
            var around = ShardStateMachine.Circumstances(now: world.uptime, wall: Date())
            let ours = machine.plan(nil, around)
            #expect(ours.map(\.claim) == [.place(0), .shard(0), .shard(1)] && machine.owned == [0, 1])
            (around.leader, around.isRetiring) = (leader, isRetiring)
            let writes = machine.plan(nil, around)
            #expect(writes.map(\.claim) == (isRetiring ? [] : [.place(0)]) && machine.owned.isEmpty)
            #expect(machine.remaining(0, at: world.uptime) != nil, "a pass could not end")
        }
    }

    @Test func `a Lease that has lost its label gets it back`() {
        var world = ShardWorld(shards: [2])
        world.calm(seconds: 6)
        for name in world.leases.keys { world.leases[name]?.metadata.labels = nil }
        world.calm(seconds: 1)
        #expect(world.leases.values.allSatisfy { $0.metadata.labels == [ShardLayout.label: "operator.keda.sh"] })
    }

    @Test func `who does not know the objects yet does not join`() {
        var machine = ShardWorld.machine(0, shards: 2, starts: 0)
        var around = ShardStateMachine.Circumstances(now: .zero, wall: Date(), mayJoin: false)
        let early = machine.plan([], around)
        around.mayJoin = true
        let ready = machine.plan([], around)
        #expect(early.isEmpty && ready.map(\.claim) == [.place(0)])
    }

    @Test func `a shard with a pass from an earlier time is not claimed, unless nobody had it since`() {
        var machine = ShardWorld.machine(0, shards: 1, starts: 0)
        var around = ShardStateMachine.Circumstances(now: .zero, wall: Date())
        let place = machine.plan(Self.free(1), around)
        machine.wrote(place[0], place[0].lease, sent: .zero, at: .zero)
        var leases = Self.free(1) + [place[0].lease]
        around.busy = [0]
        let waiting = machine.plan(leases, around)
        #expect(waiting.map(\.claim) == [.place(0)])
        leases[0].spec.holderIdentity = place[0].lease.spec.holderIdentity
        let own = machine.plan(leases, around)
        #expect(own.map(\.claim) == [.place(0), .shard(0)])
        leases[0].spec.holderIdentity = nil
        around.busy = []
        let ended = machine.plan(leases, around)
        #expect(ended.map(\.claim) == [.place(0), .shard(0)])
    }

    @Test func `a renewal that is answered too late revives nothing, and the shard is claimed anew`() {
        var machine = ShardWorld.machine(0, shards: 1, starts: 0)
        var leases = Self.free(1)
        var around = ShardStateMachine.Circumstances(now: .zero, wall: Date())
        for _ in 0..<3 {
            for write in machine.plan(leases, around) {
                leases.removeAll { $0.metadata.name == write.lease.metadata.name }
                leases.append(write.lease)
                machine.wrote(write, write.lease, sent: .zero, at: .zero)
            }
        }
        around.now = .seconds(1)
        let renewals = machine.plan(leases, around)
        #expect(machine.owned == [0] && renewals.map(\.claim) == [.place(0), .shard(0)])
        for write in renewals { machine.wrote(write, write.lease, sent: .seconds(1), at: .seconds(2)) }
        #expect(machine.owned.isEmpty && !machine.isOwned(0, at: .seconds(2)))
        let again = machine.plan(leases, around)
        #expect(again.map(\.claim) == [.place(0), .shard(0)])
    }

    @Test func `places of those who have gone are taken again`() {
        var world = ShardWorld(shards: [2, 2])
        world.calm(seconds: 6)
        for _ in 0..<3 {
            world.apply(.restart(1))
            world.replicas[1].late = []
            world.calm(seconds: 8)
        }
        #expect(world.leases.keys.count { $0.contains("member") } == 2)
        #expect(Self.shares(world) == Self.wanted(world, of: [0, 1]))
    }

    @Test func `Leases that somebody deletes, all of them, are not taken while a holder may not know`() {
        var world = ShardWorld(shards: [2, 2])
        world.calm(seconds: 8)
        let shares = Self.shares(world)
        world.leases = [:]
        for second in 0..<8 {
            world.calm(seconds: 1, of: [1 - second % 2])
            #expect(!world.isTornApart, "after \(second) s")
        }
        world.calm(seconds: 8)
        #expect(Self.shares(world) == shares)
    }

    @Test(arguments: [nil, ""] as [String?])
    func `Leases whose holders somebody takes away are not taken while they may not know`(holder: String?) {
        var world = ShardWorld(shards: [2, 2])
        world.calm(seconds: 8)
        let shares = Self.shares(world)
        for name in world.leases.keys {
            world.leases[name]?.spec.holderIdentity = holder
            world.leases[name]?.metadata.resourceVersion? += "c"
        }
        for second in 0..<8 {
            world.calm(seconds: 1, of: [1 - second % 2])
            #expect(!world.isTornApart, "after \(second) s")
        }
        world.calm(seconds: 8)
        #expect(Self.shares(world) == shares)
    }

    @Test func `replicas that count other shards wait until the last of the others has gone`() {
        var world = ShardWorld(shards: [2, 3])
        world.calm(seconds: 8, of: [0])
        world.calm(seconds: 4)
        #expect(Self.shares(world) == [[0, 1], []])
        for write in world.replicas[0].machine.leave(Array(world.leases.values), at: world.uptime, wall: Date()) {
            world.replicas[0].requests.append(ShardWorld.Request(write: write, sent: world.now))
        }
        while !world.replicas[0].requests.isEmpty { world.apply(.answerLost(0)) }
        world.calm(seconds: 5, of: [1])
        #expect(Self.shares(world) == [[], [0, 1, 2]])
    }
}
