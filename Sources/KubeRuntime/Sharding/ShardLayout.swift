import Crypto
import Foundation
public import KubeModel

/// How the work is dealt out: how many shards there are, what their Leases are called, which object is in which of them,
/// and which replica is preferred for each.
///
/// All of it follows from names alone, so every replica, after every restart, comes to the same.
///
/// ```
/// object ── hash of namespace/name, modulo count ──> shard ── highest random weight ──> replica
/// ```
public struct ShardLayout: Sendable, Hashable {
    /// Stands on every Lease of shards and members, for people: the name of their election.
    public static let label = "swell.dev/election"

    /// What the Lease of the election is called; those of shards and members are beside it, and called after it.
    public let election: ObjectKey
    /// How many shards; replicas that disagree never work at one time.
    public let count: Int

    /// Deals the work out; `count` is at least 1.
    public init(of election: ObjectKey, count: Int) {
        precondition(count > 0, "no work is done in \(count) shards")
        self.election = election
        self.count = count
    }

    /// In which shard an object is, from 0.
    public func shard(of key: ObjectKey) -> Int {
        Int(Self.number(key.description) % UInt64(count))
    }

    /// Which of the members is to hold a shard; `nil` where there is none.
    ///
    /// By rendezvous: each member has a weight for each shard, and the heaviest is preferred. So a member that comes takes
    /// from the others only what becomes its own, and of one that goes only what it had moves.
    ///
    /// - Source: Thaler, Ravishankar, "Using name-based mappings to increase hit rates" (1998).
    public func preferred(for shard: Int, among members: some Sequence<String>) -> String? {
        members.map { (weight: Self.number("\(shard) \($0)"), name: $0) }.max { $0 < $1 }?.name
    }

    /// What the Lease of a shard is called.
    ///
    /// The count is part of it: a shard is another one where there are more of them.
    public func lease(ofShard shard: Int) -> ObjectKey { key("shard-\(shard)-of-\(count)") }

    /// What the Lease of a member is called, by its place from 0.
    ///
    /// With the count too: who counts other shards takes none of ours.
    func lease(ofPlace place: Int) -> ObjectKey { key("member-\(place)-of-\(count)") }

    /// What a Lease beside the election's is called.
    private func key(_ suffix: String) -> ObjectKey {
        ObjectKey(namespace: election.namespace, name: "\(election.name)-\(suffix)")
    }

    /// What a listed Lease is for; `nil` for none of this election's.
    func purpose(of lease: Lease) -> Purpose? {
        guard lease.metadata.name.hasPrefix("\(election.name)-") else { return nil }
        let words = lease.metadata.name.dropFirst(election.name.count + 1)
            .split(separator: "-", omittingEmptySubsequences: false)
        guard words.count == 4, words[2] == "of", let number = Int(words[1]), let others = Int(words[3]) else {
            return nil
        }
        switch words[0] {
        case "member": return others == count ? .place(number) : nil
        case "shard" where others != count: return .otherLayout
        case "shard": return (0..<count).contains(number) ? .shard(number) : nil
        default: return nil
        }
    }

    /// What a Lease is for.
    enum Purpose: Hashable {
        /// Says that a member lives.
        case place(Int)
        /// Says who works on a shard.
        case shard(Int)
        /// Says who works on a shard where there are more or fewer of them.
        case otherLayout
    }

    /// The first eight bytes of a SHA-256.
    private static func number(_ text: String) -> UInt64 {
        SHA256.hash(data: Data(text.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
