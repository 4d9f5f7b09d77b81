import Foundation
import KubeModel

/// How long leadership lasts; each longer than the next.
///
/// - Source: Kubernetes, `client-go/tools/leaderelection`; the defaults are those of controller-runtime.
public struct LeaseTiming: Sendable, Hashable {
    /// How long others wait after the last sign of life that they have seen.
    public var lease: Duration
    /// How long the leader tries to renew before it gives up.
    public var renew: Duration
    /// How often either tries.
    public var retry: Duration

    /// 15 s, 10 s and 2 s, unless said otherwise.
    public init(lease: Duration = .seconds(15), renew: Duration = .seconds(10), retry: Duration = .seconds(2)) {
        self.lease = lease
        self.renew = renew
        self.retry = retry
    }
}

/// Decides who leads.
///
/// Pure: it is told what was read and written, and says what to do.
///
/// Another's lease is judged by how long *we* have seen it unchanged, never by its clock. Our own is counted from
/// before the request that renewed it, and given up while others still wait; so two never lead at once, also where somebody
/// takes the leader's name out of the lease.
struct LeaseStateMachine {
    /// What to do now.
    enum Action: Equatable {
        /// Read the lease, then say ``read(_:at:wall:random:)``.
        case read
        /// Write this: create it if it has no version, else replace it; then say ``wrote(_:sent:)``.
        case write(Lease)
        /// Wait, then ask ``next(wall:)``.
        case wait(Duration)
        /// We have led and do no longer. The end.
        case stepDown
    }

    /// Where we stand.
    private enum State {
        /// Somebody else leads, or nobody; `since` is when we first saw the lease as it is. Can go to `leading`.
        case following(seen: Lease.Spec?, since: Duration)
        /// We lead; `renewed` is just before the last renewal was sent. Can go to `done`.
        case leading(Lease, renewed: Duration)
        /// We have led, and do no longer.
        case done
    }

    /// What we are called; no two processes may share it.
    private let identity: String
    /// Where the lease is.
    private let key: ObjectKey
    /// How long things last.
    let timing: LeaseTiming
    /// Where we stand.
    private var state = State.following(seen: nil, since: .zero)

    /// Follows.
    init(identity: String, key: ObjectKey, timing: LeaseTiming) {
        self.identity = identity
        self.key = key
        self.timing = timing
    }

    /// Whether we lead at a moment; said without asking anybody, so that a stuck request cannot prolong it.
    func isLeading(at now: Duration) -> Bool { remaining(at: now) != nil }

    /// How long we lead without another renewal; `nil` when we do not.
    func remaining(at now: Duration) -> Duration? {
        guard case .leading(_, let renewed) = state, now < renewed + timing.renew else { return nil }
        return renewed + timing.renew - now
    }

    /// How long the next request may take: a leader's must be over when its time is.
    func requestLimit(at now: Duration) -> Duration {
        guard case .leading(_, let renewed) = state else { return timing.renew }
        return max(.milliseconds(1), renewed + timing.renew - now)
    }

    /// What to do next: who follows reads, who leads renews.
    func next(wall: Date) -> Action {
        switch state {
        case .following: .read
        case .leading(let lease, _): .write(claim(lease, wall: wall))
        case .done: .stepDown
        }
    }

    /// The lease was read; `nil` when there is none.
    mutating func read(_ lease: Lease?, at now: Duration, wall: Date, random: Double) -> Action {
        guard let lease else { return .write(claim(nil, wall: wall)) }
        let holder = lease.spec.holderIdentity ?? ""
        switch state {
        case .leading:
            // A conflict made us read: if somebody took the lease, it is theirs.
            guard holder == identity else { return stepDown() }
            return .write(claim(lease, wall: wall))
        case .following(let seen, let since):
            if lease.spec.isGivenBack || holder == identity { return .write(claim(lease, wall: wall)) }
            guard seen == lease.spec else {
                state = .following(seen: lease.spec, since: now)
                return .wait(pause(random))
            }
            let lasts = lease.spec.leaseDurationSeconds.map { Duration.seconds($0) } ?? timing.lease
            return now >= since + lasts ? .write(claim(lease, wall: wall)) : .wait(pause(random))
        case .done:
            return .stepDown
        }
    }

    /// The lease was written, and is ours; `sent` is when the request was begun.
    mutating func wrote(_ lease: Lease, sent: Duration) -> Action {
        if case .done = state { return .stepDown }
        state = .leading(lease, renewed: sent)
        return .wait(timing.retry)
    }

    /// Reading or writing failed; a conflict means that somebody else wrote.
    mutating func failed(isConflict: Bool, at now: Duration, random: Double) -> Action {
        switch state {
        case .following: return .wait(pause(random))
        case .leading(_, let renewed):
            let end = renewed + timing.renew
            if now >= end { return stepDown() }
            return isConflict ? .read : .wait(min(timing.retry, end - now))
        case .done: return .stepDown
        }
    }

    /// We leave of our own accord.
    ///
    /// - Returns: whether we led, so that the lease is to be given back.
    mutating func leave(at now: Duration) -> Bool {
        defer { state = .done }
        return isLeading(at: now)
    }

    /// The end.
    private mutating func stepDown() -> Action {
        state = .done
        return .stepDown
    }

    /// The lease with our name on it; a version that was read guards the write.
    private func claim(_ old: Lease?, wall: Date) -> Lease {
        (old ?? Lease(unclaimed: key)).claimed(by: identity, timing, wall: wall)
    }

    /// How long a follower waits: not all of them at one rhythm.
    private func pause(_ random: Double) -> Duration {
        timing.retry * (1 + 0.2 * random)
    }
}

extension Lease.Spec {
    /// Whether nobody holds it, and nobody need wait.
    ///
    /// Whoever gives a Lease back says that it lasts a second. Where somebody else has taken the name away, or all that a
    /// Lease says, whose it was may go by it until its time is over.
    var isGivenBack: Bool { holderIdentity?.isEmpty != false && leaseDurationSeconds.map { $0 <= 1 } == true }
}

extension Lease {
    /// One that is not there yet.
    init(unclaimed key: ObjectKey) {
        self.init(
            metadata: ObjectMeta(name: key.name, namespace: key.namespace),
            spec: Spec(
                holderIdentity: nil,
                leaseDurationSeconds: nil,
                acquireTime: nil,
                renewTime: nil,
                leaseTransitions: nil
            )
        )
    }

    /// This lease with our name on it, whoever held it.
    func claimed(by identity: String, _ timing: LeaseTiming, wall: Date) -> Lease {
        let isOurs = spec.holderIdentity == identity
        let isNew = metadata.resourceVersion == nil
        var claimed = self
        claimed.spec = Spec(
            holderIdentity: identity,
            // Rounded up: who holds it goes by the exact time, and others by this.
            leaseDurationSeconds: Int((timing.lease / .seconds(1)).rounded(.up)),
            acquireTime: isOurs ? spec.acquireTime : MicroTimestamp(wall),
            renewTime: MicroTimestamp(wall),
            leaseTransitions: (spec.leaseTransitions ?? 0) + (isNew || isOurs ? 0 : 1)
        )
        return claimed
    }

    /// What to write when we leave a lease that we hold; others then need not wait.
    func released(wall: Date) -> Lease {
        var released = self
        released.spec.holderIdentity = nil
        released.spec.leaseDurationSeconds = 1
        released.spec.renewTime = MicroTimestamp(wall)
        return released
    }
}
