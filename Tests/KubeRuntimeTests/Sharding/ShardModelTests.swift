import Foundation
import KubeModel
import TestKit
import Testing

@testable import KubeRuntime

/// No object is ever written for by two replicas, whatever the network, the clock and the processes do.
@Suite struct ShardModelTests {
    /// Where to begin.
    enum Beginning: CaseIterable {
        /// Nobody holds anything, and both may claim it.
        case nothing
        /// One replica has everything, and another one comes.
        case joining
        /// Each of two has its share.
        case sharing
        /// Each of two has its share, and one of them has not been heard of for as long as a Lease lasts.
        case silence
        /// One has everything, and one that counts other shards comes.
        case otherLayout
        /// Two that count different shards may claim them at one time.
        case twoLayouts

        /// The world as it is then.
        var world: ShardWorld {
            switch self {
            case .nothing, .twoLayouts:
                var world = ShardWorld(shards: self == .nothing ? [2, 2] : [1, 2])
                world.calm(seconds: 3)
                // The claims of both are under way: what decides comes ten moves later.
                for index in 0..<2 { for move in [ShardWorld.Move.list(index), .plan(index)] { world.apply(move) } }
                return world
            case .joining, .otherLayout:
                var world = ShardWorld(shards: self == .joining ? [2, 2] : [1, 2])
                world.calm(seconds: 4, of: [0])
                return world
            case .sharing, .silence:
                var world = ShardWorld(shards: [2, 2])
                world.calm(seconds: 8)
                if self == .silence { world.calm(seconds: 2, of: [1]) }
                return world
            }
        }
    }

    /// A world, and how much may still go wrong from there on.
    struct Node: Hashable {
        /// The world.
        var world: ShardWorld
        /// How many more disturbances may come.
        var disturbances: Int
    }

    /// With few disturbances rows are followed a long way, with any number of them through all that may go wrong at once.
    @Test(arguments: Beginning.allCases, [0, 1, 2, .max])
    func `every row of moves from here on leaves each object to one replica`(beginning: Beginning, disturbances: Int) {
        var edge = [Node(world: beginning.world, disturbances: disturbances)]
        var (seen, owners) = (Set(edge), 0)
        while !edge.isEmpty, seen.count < 10_000 {
            var next: [Node] = []
            for node in edge {
                for move in node.world.moves where node.disturbances > 0 || !move.isDisturbance {
                    var after = node
                    after.world.apply(move)
                    if move.isDisturbance { after.disturbances -= 1 }
                    guard seen.insert(after).inserted else { continue }
                    #expect(!after.world.isTornApart, "after \(move): \(after.world.writers)")
                    owners = max(owners, after.world.writers.count)
                    next.append(after)
                }
            }
            edge = next
        }
        #expect(seen.count >= 10_000)
        #expect(owners > 0, "nobody owned anything, so nothing was tried")
    }

    @Test(arguments: 0..<60)
    func `long rows of random moves do so too, restarts, edited Leases and other layouts among them`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var world = ShardWorld(shards: [[3, 3, 3], [3, 3, 2], [1, 2], [2, 2]].randomElement(using: &random) ?? [2])
        var (owned, handovers): (Set<String>, Int) = ([], 0)
        for _ in 0..<1_500 {
            let move = Self.move(in: world, using: &random)
            world.apply(move)
            #expect(!world.isTornApart, "seed \(seed), after \(move): \(world.writers)")
            let now = Set(world.writers.map { "\($0.replica) \($0.shard) of \($0.count)" })
            handovers += now.subtracting(owned).count
            owned = now
        }
        // Without them nothing was tried.
        #expect(handovers > 3, "seed \(seed)")
    }

    /// The next move: mostly good weather and some turns in each second, or nobody would ever own anything.
    static func move(in world: ShardWorld, using random: inout SeededGenerator) -> ShardWorld.Move {
        switch Int.random(in: 0..<400, using: &random) {
        case 0, 1: return .restart(Int.random(in: world.replicas.indices, using: &random))
        case 2: return .retire(Int.random(in: world.replicas.indices, using: &random))
        case 3:
            guard let name = world.leases.keys.sorted().randomElement(using: &random) else { return .tick }
            // Who counts other shards cannot know that a Lease was there.
            let isAlike = Set(world.replicas.map(\.machine.layout.count)).count == 1
            return isAlike && Bool.random(using: &random) ? .delete(name) : .clear(name)
        default: break
        }
        if Int.random(in: 0..<(10 * world.replicas.count), using: &random) == 0 { return .tick }
        let isRough = Int.random(in: 0..<10, using: &random) == 0
        let moves = world.moves.filter { move in
            switch move {
            case .tick, .retire: false
            default: isRough || !move.isDisturbance
            }
        }
        return moves.randomElement(using: &random) ?? .tick
    }
}
