import KubeModel
import Testing

@testable import KubeRuntime

@Suite struct ShardLayoutTests {
    /// Names of many replicas.
    static func names(_ count: Int) -> [String] { (0..<count).map { "keda-operator-\($0)" } }

    @Test func `objects are spread evenly, and always fall into the same shard`() {
        let layout = ShardLayout(of: ShardWorld.election, count: 16)
        var sizes = [Int](repeating: 0, count: 16)
        for number in 0..<16_000 {
            sizes[layout.shard(of: ObjectKey(namespace: "team-\(number % 40)", name: "worker-\(number)"))] += 1
        }
        #expect(sizes.allSatisfy { (850...1_150).contains($0) }, "\(sizes)")
        // Written down, because replicas of two versions must agree.
        let first = (0..<5).map { layout.shard(of: ObjectKey(namespace: "shop", name: "worker-\($0)")) }
        #expect(first == [14, 8, 9, 7, 8])
    }

    @Test(arguments: 2...8)
    func `who comes takes only what becomes its own, and of who goes only its own moves`(count: Int) {
        let layout = ShardLayout(of: ShardWorld.election, count: 64)
        let (few, many) = (Self.names(count - 1), Self.names(count))
        var moved = 0
        for shard in 0..<64 {
            let (before, after) = (layout.preferred(for: shard, among: few), layout.preferred(for: shard, among: many))
            if before != after {
                moved += 1
                #expect(after == many.last)
            }
        }
        #expect(moved > 0 && moved <= 2 * 64 / count, "\(moved) of 64 moved")
    }

    @Test func `without members nobody is preferred`() {
        #expect(ShardLayout(of: ShardWorld.election, count: 4).preferred(for: 0, among: []) == nil)
    }

    @Test(
        arguments: [
            ("operator.keda.sh-member-0-of-4", .place(0)), ("operator.keda.sh-member-12-of-4", .place(12)),
            ("operator.keda.sh-member-0-of-8", nil), ("operator.keda.sh-member-0", nil),
            ("operator.keda.sh-other-0-of-4", nil),
            ("operator.keda.sh-shard-3-of-4", .shard(3)), ("operator.keda.sh-shard-4-of-4", nil),
            ("operator.keda.sh-shard-1-of-8", .otherLayout), ("operator.keda.sh", nil),
            ("operator.keda.sh-member-x-of-4", nil),
            ("other-member-0-of-4", nil), ("operator.keda.sh-shard-x-of-4", nil),
            ("operator.keda.sh-shard--1-of-4", nil),
        ] as [(String, ShardLayout.Purpose?)]
    )
    func `a Lease is known by its name`(name: String, purpose: ShardLayout.Purpose?) {
        let lease = Lease(unclaimed: ObjectKey(namespace: "keda", name: name))
        #expect(ShardLayout(of: ShardWorld.election, count: 4).purpose(of: lease) == purpose)
    }
}
