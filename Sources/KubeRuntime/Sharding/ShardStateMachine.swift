import Foundation
import KubeModel

/// Decides which shards this replica holds.
///
/// Pure: it is told what was listed and written, and says what to write. Each turn is a list of all the election's
/// Leases, ``plan(_:_:)``, and then its writes, whose answers are told by ``wrote(_:_:sent:at:)``. What became of
/// one that failed is told by the next list.
///
/// A member's Lease says that it lives; who prefers whom follows from that, and is a wish only. A shard's Lease says who
/// works, and is as binding as a leader's: another's is judged by how long *we* have seen it unchanged, our own is
/// counted from before the request that renewed it and given up while others still wait. So no shard is ever worked on
/// twice, whatever the members think of each other.
///
/// ```
///          claim            a later list shows it, and no other layout
///   free ─────────> claimed ──────────────────────────────────────────> owned
///    ^                 │                                               ^    │
///    │                 │ not preferred                       preferred │    │ not preferred
///    │                 │                                               │    v
///    └─────────────────┴────────── released once no pass runs ───────  leaving
/// ```
///
/// From everywhere a shard is free again when its Lease was not renewed in time, or is another's.
struct ShardStateMachine: Hashable {
    /// What is known when a turn begins.
    struct Circumstances {
        /// When the list was answered, or not; it was asked for after all that was written before.
        var now: Duration
        /// The time of day, which Leases tell people.
        var wall: Date
        /// Whether we know all that working takes.
        var mayJoin = true
        /// Whether we are about to end: then nothing is claimed, and what no pass needs is given back.
        var isRetiring = false
        /// Who leads.
        var leader = ShardLeader.ours
        /// The shards whose objects have passes that run.
        var busy: Set<Int> = []
    }

    /// What a Lease that we write is for.
    enum Claim: Hashable {
        /// Says that we live.
        case place(Int)
        /// Says that we work on a shard, or go on to.
        case shard(Int)
        /// Says that we do no longer.
        case release(Int)
        /// Says that we are about to end.
        case departure
    }

    /// A Lease to be written: to be made where it has no version, else to be replaced.
    struct Write: Hashable {
        /// What for.
        let claim: Claim
        /// The Lease.
        let lease: Lease
        /// By when, by the uptime, the answer must be there.
        let until: Duration
    }

    /// A Lease that we hold.
    private struct Holding: Hashable {
        /// As it was last seen or written.
        var lease: Lease
        /// Just before its last renewal was sent.
        var renewed: Duration
        /// See ``Phase``.
        var phase = Phase.claimed
    }

    /// Our Lease as a member.
    private struct Place: Hashable {
        /// From 0.
        let number: Int
        /// The Lease.
        var holding: Holding
    }

    /// How far a shard is that we hold.
    private enum Phase {
        /// The Lease is ours; others may just have claimed theirs of another layout. Can go to `owned`.
        case claimed
        /// We work. Can go to `leaving`.
        case owned
        /// No pass begins any more; those that run may end. Can go to `owned`.
        case leaving
    }

    /// A Lease as we see it.
    private struct Sight: Hashable {
        /// What it says; `nil` where it is not there.
        var spec: Lease.Spec?
        /// Since when.
        var since: Duration
        /// Whether it has changed while we looked, so that its holder lived a moment ago.
        var hasChanged = false
    }

    /// How the work is dealt out.
    let layout: ShardLayout
    /// What we are called; no two processes may share it.
    let identity: String
    /// How long things last.
    let timing: LeaseTiming
    /// The Leases as they were last seen, by name.
    private var sights: [String: Sight] = [:]
    /// Our place among the members.
    private var place: Place?
    /// The shards that we hold.
    private var shards: [Int: Holding] = [:]

    /// Holds nothing.
    init(_ layout: ShardLayout, identity: String, timing: LeaseTiming) {
        self.layout = layout
        self.identity = identity
        self.timing = timing
    }

    /// Whether passes over a shard's objects may begin.
    func isOwned(_ shard: Int, at now: Duration) -> Bool {
        shards[shard]?.phase == .owned && remaining(shard, at: now) != nil
    }

    /// How long we may go on writing for a shard without another renewal; `nil` for not at all.
    func remaining(_ shard: Int, at now: Duration) -> Duration? {
        guard let holding = shards[shard], holding.phase != .claimed else { return nil }
        return remaining(holding, at: now)
    }

    /// The shards that are ours, as far as nothing has run out since the last turn.
    var owned: Set<Int> { Set(shards.filter { $0.value.phase == .owned }.keys) }

    /// Takes what was listed, and says what to write.
    ///
    /// - Parameters:
    ///   - listed: all Leases of the election; `nil` where they could not be listed.
    ///   - around: see ``Circumstances``.
    /// - Returns: the writes, which may go out together.
    mutating func plan(_ listed: [Lease]?, _ around: Circumstances) -> [Write] {
        let now = around.now
        // What has run out is no longer ours, even if nobody has taken it yet: what is kept of its objects may be old.
        shards = shards.filter { remaining($0.value, at: now) != nil }
        if let held = place?.holding, remaining(held, at: now) == nil { place = nil }
        guard let listed else { return renewals(around) }
        let leases = Dictionary(listed.map { ($0.metadata.name, $0) }, uniquingKeysWith: { $1 })
        look(at: leases, now)
        let mayClaim = around.leader == .ours && !isHeldInOtherLayout(leases, now)
        let members = members(leases, around)
        return (around.isRetiring ? departure(leases, around) : joining(leases, around))
            + (0..<layout.count)
            .compactMap { shard in
                let isPreferred = layout.preferred(for: shard, among: members) == identity
                guard shards[shard] != nil else {
                    return claim(shard, leases, isWanted: isPreferred && mayClaim && place != nil, around)
                }
                // Whoever owns a shard was first; the other layout has to give way to it, unless its replica leads.
                let isOurs = shards[shard]?.phase == .claimed ? mayClaim : around.leader != .foreign
                return go(on: shard, isWanted: isPreferred && isOurs, around)
            }
    }

    /// A Lease was written.
    ///
    /// A shard whose time was over before the answer came stays lost: passes were refused meanwhile, which nobody would
    /// ask for again.
    mutating func wrote(_ write: Write, _ answer: Lease, sent: Duration, at now: Duration) {
        let holding = Holding(lease: answer, renewed: sent)
        switch write.claim {
        case .place(let number): place = Place(number: number, holding: holding)
        case .shard(let shard):
            let isLate = shards[shard].map { remaining($0, at: now) == nil } ?? false
            if isLate {
                shards[shard] = nil
            } else {
                shards[shard, default: holding].lease = answer
                shards[shard]?.renewed = sent
            }
        case .release, .departure: break
        }
    }

    /// We end, and no pass runs any more: nothing is ours from now on.
    ///
    /// - Parameters:
    ///   - leases: the election's, as they were last listed or written; whatever bears our name there is given back, also
    ///     where a turn has tried so and failed.
    ///   - now: the uptime.
    ///   - wall: the time of day.
    /// - Returns: what to write, so that others need not wait.
    mutating func leave(_ leases: some Collection<Lease>, at now: Duration, wall: Date) -> [Write] {
        (place, shards) = (nil, [:])
        return leases.filter { $0.spec.holderIdentity == identity }.sorted { $0.metadata.name < $1.metadata.name }
            .compactMap { lease in
                let claim: Claim
                switch layout.purpose(of: lease) {
                case .place: claim = .departure
                case .shard(let shard): claim = .release(shard)
                case .otherLayout, nil: return nil
                }
                return Write(claim: claim, lease: lease.released(wall: wall), until: now + timing.renew / 2)
            }
    }

    /// Whether somebody holds a Lease, for all that we have seen of it.
    func isHeld(_ lease: Lease, at now: Duration) -> Bool {
        guard !lease.spec.isGivenBack else { return false }
        guard let sight = sights[lease.metadata.name] else { return true }
        let lasts = lease.spec.leaseDurationSeconds.map { Duration.seconds($0) } ?? timing.lease
        return sight.spec != lease.spec || now < sight.since + lasts
    }

    // MARK: What was seen

    /// Notes how the Leases look now.
    private mutating func look(at leases: [String: Lease], _ now: Duration) {
        let ours = (0..<layout.count).map { layout.lease(ofShard: $0).name }
        for name in Set(leases.keys).union(ours) where sights[name].map({ $0.spec != leases[name]?.spec }) ?? true {
            sights[name] = Sight(spec: leases[name]?.spec, since: now, hasChanged: sights[name] != nil)
        }
        sights = sights.filter { leases[$0.key] != nil || ours.contains($0.key) }
        for shard in Array(shards.keys) {
            if let lease = leases[layout.lease(ofShard: shard).name], lease.spec.holderIdentity == identity {
                shards[shard]?.lease = lease
            } else {
                // Taken, or taken away.
                shards[shard] = nil
            }
        }
        guard let number = place?.number else { return }
        if let lease = leases[layout.lease(ofPlace: number).name], lease.spec.holderIdentity == identity {
            place?.holding.lease = lease
        } else {
            place = nil
        }
    }

    /// Whether anybody works by another number of shards.
    private func isHeldInOtherLayout(_ leases: [String: Lease], _ now: Duration) -> Bool {
        leases.values.contains { layout.purpose(of: $0) == .otherLayout && isHeld($0, at: now) }
    }

    /// Who lives.
    ///
    /// - Returns: their names; ours is among them while we stay.
    private func members(_ leases: [String: Lease], _ around: Circumstances) -> Set<String> {
        var members: Set<String> = []
        for lease in leases.values {
            guard case .place = layout.purpose(of: lease), isHeld(lease, at: around.now) else { continue }
            if let holder = lease.spec.holderIdentity, !holder.isEmpty { members.insert(holder) }
        }
        // Of ourselves we know it better; whoever has lost the place takes the next one, and keeps what it has.
        if around.isRetiring { members.remove(identity) } else { members.insert(identity) }
        return members
    }

    // MARK: What is to be written

    /// Without a list: to go on with what we have, unless it is to go; then no pass begins, and a list tells the rest.
    private mutating func renewals(_ around: Circumstances) -> [Write] {
        if around.isRetiring { place = nil }
        if around.isRetiring || around.leader == .foreign {
            for shard in Array(shards.keys) where shards[shard]?.phase == .owned { shards[shard]?.phase = .leaving }
        }
        let places = place.map { [(Claim.place($0.number), $0.holding)] } ?? []
        let owned = shards.filter { $0.value.phase == .owned }.sorted { $0.key < $1.key }
        return (places + owned.map { (Claim.shard($0.key), $0.value) }).map { renewal($0, $1, around) }
    }

    /// To be a member, or to stay one.
    private func joining(_ leases: [String: Lease], _ around: Circumstances) -> [Write] {
        if let place { return [renewal(.place(place.number), place.holding, around)] }
        guard around.mayJoin else { return [] }
        var mayMake = true
        for number in 0... {
            let key = layout.lease(ofPlace: number)
            guard let lease = leases[key.name] else {
                return mayMake ? [claiming(.place(number), key, leases, around)] : []
            }
            if isFree(lease, at: around.now) { return [claiming(.place(number), key, leases, around)] }
            // It may be of one that has died, such as we were: else each that is started anew would make one more.
            mayMake = mayMake && sights[key.name]?.hasChanged == true
        }
        return []
    }

    /// To be no member any more: others then want what is ours, and take it when it is free.
    ///
    /// Whatever bears our name, as the answer to a claim may have been lost.
    private mutating func departure(_ leases: [String: Lease], _ around: Circumstances) -> [Write] {
        place = nil
        return leases.values.sorted { $0.metadata.name < $1.metadata.name }
            .compactMap { lease in
                guard case .place = layout.purpose(of: lease), lease.spec.holderIdentity == identity else { return nil }
                return Write(claim: .departure, lease: lease.released(wall: around.wall), until: patience(around))
            }
    }

    /// To take a shard that is free, if it is to be ours.
    private func claim(
        _ shard: Int,
        _ leases: [String: Lease],
        isWanted: Bool,
        _ around: Circumstances
    ) -> Write? {
        let key = layout.lease(ofShard: shard)
        let isBusy = around.busy.contains(shard)
        // A pass from an earlier time of ours knows nothing of who has worked since, and must not write once it is ours.
        let isWanted = isWanted && (!isBusy || leases[key.name]?.spec.holderIdentity == identity)
        guard let lease = leases[key.name] else {
            // Either it never was, or somebody has deleted it, and another still works by it until its time is over.
            let since = sights[key.name]?.since ?? around.now
            guard isWanted, around.now >= since + timing.lease else { return nil }
            return claiming(.shard(shard), key, leases, around)
        }
        guard isFree(lease, at: around.now) else { return nil }
        if isWanted { return claiming(.shard(shard), key, leases, around) }
        // Of a claim whose answer was lost, a release that failed, or of a time that is over with passes that still run.
        guard lease.spec.holderIdentity == identity, !isBusy else { return nil }
        return Write(claim: .release(shard), lease: lease.released(wall: around.wall), until: patience(around))
    }

    /// To go on with a shard that we hold, or to let go of it.
    private mutating func go(on shard: Int, isWanted: Bool, _ around: Circumstances) -> Write? {
        guard var holding = shards[shard] else { return nil }
        switch holding.phase {
        // Both of two layouts claim before they look, so at least one sees the other, and gives way.
        case .claimed where isWanted: holding.phase = .owned
        case .claimed: break
        case .owned, .leaving: holding.phase = isWanted ? .owned : .leaving
        }
        shards[shard] = holding
        if isWanted { return renewal(.shard(shard), holding, around) }
        guard !around.busy.contains(shard) else { return nil }
        // From here on it is not ours, whatever becomes of the request: one that is late may yet be carried out.
        shards[shard] = nil
        let until = min(end(of: holding), patience(around))
        return Write(claim: .release(shard), lease: holding.lease.released(wall: around.wall), until: until)
    }

    /// To say once more that a Lease is ours.
    private func renewal(_ claim: Claim, _ holding: Holding, _ around: Circumstances) -> Write {
        Write(
            claim: claim,
            lease: claimed(holding.lease, around),
            until: min(end(of: holding), patience(around))
        )
    }

    /// To say for the first time that a Lease is ours.
    private func claiming(
        _ claim: Claim,
        _ key: ObjectKey,
        _ leases: [String: Lease],
        _ around: Circumstances
    ) -> Write {
        Write(
            claim: claim,
            lease: claimed(leases[key.name] ?? Lease(unclaimed: key), around),
            until: patience(around)
        )
    }

    /// A Lease with our name on it, and the label by which people find it.
    private func claimed(_ lease: Lease, _ around: Circumstances) -> Lease {
        var lease = lease.claimed(by: identity, timing, wall: around.wall)
        lease.metadata.labels = (lease.metadata.labels ?? [:]).merging([ShardLayout.label: layout.election.name]) { $1 }
        return lease
    }

    /// How long a write may take: all of a turn wait for the slowest of them, and what is held must be renewed in the next.
    private func patience(_ around: Circumstances) -> Duration { around.now + timing.renew / 2 }

    /// Whether a Lease may be claimed: nobody holds it, or whoever does is gone, or it is ours and we do not know of it.
    private func isFree(_ lease: Lease, at now: Duration) -> Bool {
        lease.spec.holderIdentity == identity || !isHeld(lease, at: now)
    }

    /// How long a Lease is surely ours.
    private func remaining(_ holding: Holding, at now: Duration) -> Duration? {
        now < end(of: holding) ? end(of: holding) - now : nil
    }

    /// Until when a Lease is surely ours.
    private func end(of holding: Holding) -> Duration { holding.renewed + timing.renew }
}
