import Foundation
import KubeModel
import Testing

@testable import KubeRuntime

@Suite struct LeaseStateMachineTests {
    static let key = ObjectKey(namespace: "keda", name: "operator.keda.sh")
    static let wall = Date(timeIntervalSince1970: 1_781_604_000)

    /// A machine called `me`.
    static func machine() -> LeaseStateMachine {
        LeaseStateMachine(identity: "me", key: key, timing: LeaseTiming())
    }

    /// A lease as a server has it.
    static func lease(
        _ holder: String?,
        renewed: Double = 0,
        lasts: Int? = 15,
        changes: Int? = 0,
        version: String = "7"
    ) -> Lease {
        Lease(
            metadata: ObjectMeta(name: key.name, namespace: key.namespace, resourceVersion: version),
            spec: Lease.Spec(
                holderIdentity: holder,
                leaseDurationSeconds: lasts,
                acquireTime: MicroTimestamp(wall),
                renewTime: MicroTimestamp(wall.addingTimeInterval(renewed)),
                leaseTransitions: changes
            )
        )
    }

    /// The lease that an action writes.
    static func written(_ action: LeaseStateMachine.Action) -> Lease? {
        guard case .write(let lease) = action else { return nil }
        return lease
    }

    @Test func `a lease that is not there is made`() throws {
        var machine = Self.machine()
        #expect(machine.next(wall: Self.wall) == .read)
        let action = machine.read(nil, at: .zero, wall: Self.wall, random: 0)
        let lease = try #require(Self.written(action))
        #expect(lease.key == Self.key && lease.metadata.resourceVersion == nil)
        #expect(
            lease.spec.holderIdentity == "me" && lease.spec.leaseDurationSeconds == 15
                && lease.spec.leaseTransitions == 0
        )
        #expect(!machine.isLeading(at: .zero))
        let next = machine.wrote(lease, sent: .zero)
        #expect(
            next == .wait(.seconds(2)) && machine.isLeading(at: .seconds(9)) && !machine.isLeading(at: .seconds(10))
        )
    }

    @Test func `a lease says no less than it lasts, though it can say seconds alone`() throws {
        let timing = LeaseTiming(lease: .milliseconds(1900), renew: .milliseconds(1500))
        var machine = LeaseStateMachine(identity: "me", key: Self.key, timing: timing)
        let action = machine.read(nil, at: .zero, wall: Self.wall, random: 0)
        #expect(Self.written(action)?.spec.leaseDurationSeconds == 2)
    }

    @Test(arguments: [(nil, 15), ("", 15), (nil, nil)] as [(String?, Int?)])
    func `a lease whose holder somebody has taken away is left alone for as long as it may be gone by`(
        holder: String?,
        lasts: Int?
    ) {
        var machine = Self.machine()
        let cleared = Self.lease(holder, lasts: lasts)
        for second in [0, 14] {
            let action = machine.read(cleared, at: .seconds(second), wall: Self.wall, random: 0)
            #expect(action == .wait(.seconds(2)))
        }
        let late = machine.read(cleared, at: .seconds(15), wall: Self.wall, random: 0)
        #expect(Self.written(late)?.spec.holderIdentity == "me")
    }

    @Test(arguments: [(nil, 1), ("", 1), ("me", 15)] as [(String?, Int?)])
    func `a lease that was given back, or is ours, is taken at once, guarded by its version`(
        holder: String?,
        lasts: Int?
    ) throws {
        var machine = Self.machine()
        let given = Self.lease(holder, lasts: lasts, changes: 4)
        let action = machine.read(given, at: .zero, wall: Self.wall, random: 0)
        let lease = try #require(Self.written(action))
        #expect(lease.metadata.resourceVersion == "7" && lease.spec.holderIdentity == "me")
        #expect(lease.spec.leaseTransitions == (holder == "me" ? 4 : 5))
    }

    @Test func `another's lease is judged by how long we see it unchanged, not by its clock`() {
        var machine = Self.machine()
        // Renewed long ago by its own clock, and still alive: each reading shows a change.
        for tick in 0..<10 {
            let action = machine.read(
                Self.lease("you", renewed: -86_400 + Double(tick)),
                at: .seconds(tick * 10),
                wall: Self.wall,
                random: 0
            )
            #expect(action == .wait(.seconds(2)))
        }
        let last = Self.lease("you", renewed: -86_400 + 9)
        let early = machine.read(last, at: .seconds(104.9), wall: Self.wall, random: 0)
        #expect(early == .wait(.seconds(2)))
        let late = machine.read(last, at: .seconds(105), wall: Self.wall, random: 0)
        #expect(Self.written(late)?.spec.holderIdentity == "me" && Self.written(late)?.spec.leaseTransitions == 1)
    }

    @Test(arguments: [(30, 30.0), (1, 1.0), (nil, 15.0)])
    func `a lease lasts as long as it says`(lasts: Int?, seconds: Double) {
        var machine = Self.machine()
        let lease = Self.lease("you", lasts: lasts)
        let first = machine.read(lease, at: .zero, wall: Self.wall, random: 0)
        let early = machine.read(lease, at: .seconds(seconds - 0.1), wall: Self.wall, random: 0)
        let late = machine.read(lease, at: .seconds(seconds), wall: Self.wall, random: 0)
        #expect(first == .wait(.seconds(2)) && early == .wait(.seconds(2)) && Self.written(late) != nil)
    }

    /// A machine that leads since uptime zero.
    static func leader() -> LeaseStateMachine {
        var machine = machine()
        _ = machine.read(nil, at: .zero, wall: wall, random: 0)
        _ = machine.wrote(lease("me"), sent: .zero)
        return machine
    }

    @Test func `a leader renews with the version that it wrote`() throws {
        let machine = Self.leader()
        let renewal = try #require(Self.written(machine.next(wall: Self.wall.addingTimeInterval(2))))
        #expect(renewal.metadata.resourceVersion == "7" && renewal.spec.acquireTime?.date == Self.wall)
        #expect(renewal.spec.renewTime?.date == Self.wall.addingTimeInterval(2) && renewal.spec.leaseTransitions == 0)
    }

    @Test func `a leader that cannot renew gives up at its deadline`() {
        var machine = Self.leader()
        let rests = [2.0, 4, 6, 9.5, 10].map { machine.failed(isConflict: false, at: .seconds($0), random: 0) }
        #expect(rests == [.wait(.seconds(2)), .wait(.seconds(2)), .wait(.seconds(2)), .wait(.seconds(0.5)), .stepDown])
        #expect(!machine.isLeading(at: .seconds(1)) && machine.next(wall: Self.wall) == .stepDown)
    }

    @Test func `a request of a leader may not outlast its time`() {
        let machine = Self.leader()
        #expect(machine.requestLimit(at: .seconds(3)) == .seconds(7))
        #expect(machine.requestLimit(at: .seconds(30)) == .milliseconds(1))
        #expect(Self.machine().requestLimit(at: .seconds(30)) == .seconds(10))
    }

    @Test func `a conflict makes a leader look, and a lease that was taken is lost`() {
        var machine = Self.leader()
        let look = machine.failed(isConflict: true, at: .seconds(2), random: 0)
        #expect(look == .read)
        var same = machine
        let kept = same.read(Self.lease("me", version: "8"), at: .seconds(2), wall: Self.wall, random: 0)
        #expect(Self.written(kept)?.metadata.resourceVersion == "8")
        let lost = machine.read(Self.lease("you"), at: .seconds(2), wall: Self.wall, random: 0)
        #expect(lost == .stepDown)
        #expect(!machine.isLeading(at: .seconds(2)))
    }

    @Test func `a follower waits, not quite in step with the others`() {
        var machine = Self.machine()
        let rests = [0.0, 0.5].map { machine.failed(isConflict: false, at: .zero, random: $0) }
        #expect(rests == [.wait(.seconds(2)), .wait(.seconds(2) * 1.1)])
    }

    @Test func `who leaves leads no more`() {
        var (leader, follower) = (Self.leader(), Self.machine())
        let (hasLed, hasNot) = (leader.leave(at: .seconds(1)), follower.leave(at: .seconds(1)))
        #expect(hasLed && !hasNot && !leader.isLeading(at: .seconds(1)))
        let released = Self.lease("me").released(wall: Self.wall)
        #expect(released.spec.holderIdentity == nil && released.spec.leaseDurationSeconds == 1)
    }
}
