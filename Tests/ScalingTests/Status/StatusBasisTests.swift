import Foundation
import KubeModel
import Scaling
import Testing

@Suite struct StatusBasisTests {
    /// One change to what was found.
    typealias Change = @Sendable (inout ObjectFindings) -> Void

    /// What a pass found.
    static let found = ObjectFindingsTests.found([.read(metrics: ["s0-postgresql"], isActive: false)])

    /// What a status tells of.
    static let matters: [Change] = [
        { $0.problem = "none" }, { $0.target = ResourceType(GroupVersion("a", "v1"), kind: "B", plural: "bs") },
        { $0.originalReplicas = 4 }, { $0.engine = .direct }, { $0.hpaName = "other" },
        { $0.externalMetrics = ["s0-postgresql"] }, { $0.resourceMetrics = ["cpu"] },
        {
            $0.hpaHealth = HPAStatus.Condition(
                type: "ScalingActive",
                status: "False",
                reason: nil,
                message: nil,
                lastTransitionTime: nil
            )
        },
        { $0.controls = ObjectControls([ObjectControls.paused: "true"]) }, { $0.replicasFailure = "no" },
        { $0.activity = ActivityState(resuming: nil, now: ObjectFindingsTests.now).active },
        { $0.poll = nil }, { $0.poll?.isForced = true }, { $0.poll?.seen.triggers = [.failed(reason: "down")] },
        { $0.poll?.seen.triggers = [.read(metrics: ["s0-postgresql"], isActive: true)] },
        { $0.poll?.seen.composite = .value(1, isActive: false) },
        { $0.poll?.decision = .hold(.coolingDown(until: ObjectFindingsTests.now)) },
    ]

    /// What differs from poll to poll though the status stays.
    static let doesNotMatter: [Change] = [
        { $0.poll?.seen.replicas = 7 }, { $0.poll?.seen.lastActive = .distantPast },
        { $0.poll?.decision = .hold(.active) },
    ]

    /// What a status becomes.
    static func status(_ found: ObjectFindings) -> ScaledObjectStatus {
        let object = ObjectFindingsTests.object
        var status = ScaledObjectStatus()
        // Twice, since a first status is another one than what follows it.
        for _ in 0..<2 { status = status.after(found, of: object) }
        return status
    }

    @Test(arguments: matters.indices)
    func `what a status tells of makes another basis`(place: Int) {
        var other = Self.found
        Self.matters[place](&other)
        #expect(StatusBasis(other) != StatusBasis(Self.found))
    }

    @Test func `of one basis is one status`() {
        var all = [Self.found]
        for change in Self.matters + Self.doesNotMatter {
            all += all.prefix(40)
                .map { found in
                    var other = found
                    change(&other)
                    return other
                }
        }
        var known: [StatusBasis: ScaledObjectStatus] = [:]
        for found in all {
            let status = Self.status(found)
            #expect(known.updateValue(status, forKey: StatusBasis(found)) ?? status == status)
        }
        #expect(known.count < all.count && known.count > Self.matters.count)
    }

    @Test(arguments: doesNotMatter.indices)
    func `what a status does not tell of is no part of it`(place: Int) {
        var other = Self.found
        Self.doesNotMatter[place](&other)
        #expect(StatusBasis(other) == StatusBasis(Self.found))
    }
}

extension ActivityState {
    /// The same after a poll that found activity.
    fileprivate var active: ActivityState {
        var state = self
        state.note(isActive: true, now: ObjectFindingsTests.now)
        return state
    }
}
