import Foundation
import Scaling
import Testing

@Suite struct DecisionTests {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)
    static let read = TriggerOutcome.read(metrics: ["s0-x"], isActive: true)
    static let idle = TriggerOutcome.read(metrics: ["s0-x"], isActive: false)
    static let failed = TriggerOutcome.failed(reason: "down")

    /// A policy written in one line.
    static func policy(
        min: Int? = nil,
        idle: Int? = nil,
        cooldown: Int? = nil,
        initial: Int? = nil
    ) -> ScalePolicy {
        var spec = ScaledObject.Spec(scaleTargetRef: .init(name: "web"), triggers: [])
        (spec.minReplicaCount, spec.idleReplicaCount) = (min, idle)
        (spec.cooldownPeriod, spec.initialCooldownPeriod) = (cooldown, initial)
        return ScalePolicy(spec)
    }

    /// What is seen, with ages in seconds before `now`.
    static func seen(
        _ replicas: Int,
        _ triggers: [TriggerOutcome],
        lastActive: TimeInterval? = nil,
        created: TimeInterval = 1000
    ) -> Observation {
        Observation(
            replicas: replicas,
            triggers: triggers,
            lastActive: lastActive.map { now - $0 },
            created: now - created
        )
    }

    @Test(arguments: [
        (policy(), seen(0, [read]), Decision.scale(to: 1, because: .activated)),
        (policy(min: 4), seen(0, [read]), .scale(to: 4, because: .activated)),
        (policy(min: 4), seen(1, [read]), .hold(.active)),
        (policy(), seen(7, [read]), .hold(.active)),
        (policy(min: 4, idle: 0), seen(0, [read]), .scale(to: 4, because: .activated)),
        (policy(min: 4, idle: 2), seen(2, [read]), .scale(to: 4, because: .activated)),
        (policy(min: 4, idle: 2), seen(4, [read]), .hold(.active)),
        (policy(), seen(0, [idle, read]), .scale(to: 1, because: .activated)),
        (policy(), seen(0, [failed, read]), .scale(to: 1, because: .activated)),
    ])
    func `activity wakes what rests and leaves the rest to the HPA`(
        policy: ScalePolicy,
        seen: Observation,
        expected: Decision
    ) {
        #expect(decide(policy, seen, now: Self.now) == expected)
    }

    @Test(arguments: [
        (policy(), seen(3, [idle], lastActive: 301), Decision.scale(to: 0, because: .deactivated)),
        (policy(), seen(3, [idle], lastActive: 300), .hold(.coolingDown(until: now))),
        (policy(cooldown: 30), seen(3, [idle], lastActive: 31), .scale(to: 0, because: .deactivated)),
        (policy(cooldown: 0), seen(3, [idle], lastActive: 1), .scale(to: 0, because: .deactivated)),
        (policy(), seen(3, [idle]), .scale(to: 0, because: .deactivated)),
        (policy(initial: 1001), seen(3, [idle]), .hold(.coolingDown(until: now + 1))),
        (policy(initial: 1001), seen(3, [idle], lastActive: 301), .scale(to: 0, because: .deactivated)),
        (policy(min: 5, idle: 2), seen(5, [idle], lastActive: 301), .scale(to: 2, because: .deactivated)),
        (policy(min: 5, idle: 2), seen(2, [idle], lastActive: 301), .hold(.inactive)),
        (policy(min: 2), seen(5, [idle], lastActive: 301), .hold(.inactive)),
        (policy(min: 2), seen(1, [idle]), .scale(to: 2, because: .belowMinimum)),
        (policy(min: 2), seen(0, [idle]), .scale(to: 2, because: .belowMinimum)),
        (policy(), seen(0, [idle]), .hold(.inactive)),
    ])
    func `without activity a workload rests after its cooldown`(
        policy: ScalePolicy,
        seen: Observation,
        expected: Decision
    ) {
        #expect(decide(policy, seen, now: Self.now) == expected)
    }

    /// A policy with annotations.
    static func policy(min: Int? = nil, idle: Int? = nil, _ annotations: [String]) -> ScalePolicy {
        var spec = ScaledObject.Spec(scaleTargetRef: .init(name: "web"), triggers: [])
        (spec.minReplicaCount, spec.idleReplicaCount) = (min, idle)
        let texts = Dictionary(uniqueKeysWithValues: annotations.map { ("autoscaling.keda.sh/\($0)", "true") })
        return ScalePolicy(spec, ObjectControls(texts))
    }

    @Test(arguments: [
        (policy(["paused-scale-out"]), seen(0, [read]), Decision.hold(.scaleOutPaused)),
        (policy(min: 4, idle: 2, ["paused-scale-out"]), seen(2, [read]), .hold(.scaleOutPaused)),
        (policy(["paused-scale-out"]), seen(3, [read]), .hold(.active)),
        (policy(["paused-scale-out"]), seen(3, [idle], lastActive: 301), .scale(to: 0, because: .deactivated)),
        (policy(min: 2, ["paused-scale-out"]), seen(1, [idle]), .scale(to: 2, because: .belowMinimum)),
        (policy(["paused-scale-in"]), seen(3, [idle], lastActive: 301), .hold(.scaleInPaused)),
        (policy(min: 4, idle: 2, ["paused-scale-in"]), seen(4, [idle], lastActive: 301), .hold(.scaleInPaused)),
        (policy(["paused-scale-in"]), seen(0, [read]), .scale(to: 1, because: .activated)),
        (policy(["paused-scale-in", "paused-scale-out"]), seen(0, [read]), .hold(.scaleOutPaused)),
        (policy(["force-activation"]), seen(0, [idle]), .scale(to: 1, because: .forced)),
        (policy(min: 3, ["force-activation"]), seen(0, [failed]), .scale(to: 3, because: .forced)),
        (policy(["force-activation"]), seen(2, [idle], lastActive: 301), .hold(.active)),
        (policy(["force-activation", "paused-scale-out"]), seen(0, [idle]), .hold(.scaleOutPaused)),
    ])
    func `annotations hold a direction or force activity`(policy: ScalePolicy, seen: Observation, expected: Decision) {
        #expect(decide(policy, seen, now: Self.now) == expected)
    }

    static let fallback = TriggerOutcome.fallback(metrics: ["s0-x"], reason: "down")

    @Test(arguments: [
        ([TriggerOutcome.resource], true, false),
        ([.resource, .resource], true, false),
        ([.resource, idle], false, false),
        ([.resource, read], true, false),
        ([.resource, failed], false, true),
        ([.resourceFailed(reason: "no metrics")], true, false),
        ([.resourceFailed(reason: "no metrics"), idle], false, false),
        ([.resourceFailed(reason: "no metrics"), failed], false, true),
        ([fallback], true, false),
        ([fallback, failed], true, true),
        ([idle, .failed(reason: "down", .borne)], false, true),
        ([], false, false),
    ])
    func `resources count only when alone, and a fallback counts as activity`(
        outcomes: [TriggerOutcome],
        isActive: Bool,
        hasFailure: Bool
    ) {
        let seen = Self.seen(1, outcomes)
        #expect(seen.isActive == isActive)
        #expect(seen.hasFailure == hasFailure)
    }

    @Test(arguments: [
        ([read], CompositeOutcome.value(0, isActive: false), false, false),
        ([idle], .value(7, isActive: true), true, false),
        ([fallback], .fallback, true, false),
        ([idle, failed], .failed(reason: nil), false, true),
        ([idle], .failed(reason: "division by zero"), false, true),
    ])
    func `where there is a formula it alone says what is active`(
        outcomes: [TriggerOutcome],
        composite: CompositeOutcome,
        isActive: Bool,
        hasFailure: Bool
    ) {
        var seen = Self.seen(1, outcomes)
        seen.composite = composite
        #expect(seen.isActive == isActive)
        #expect(seen.hasFailure == hasFailure)
        if hasFailure { #expect(decide(Self.policy(), seen, now: Self.now) == .hold(.unknown)) }
    }

    @Test func `what is unknown never scales in, whatever the bounds and ages`() {
        for replicas in 0...4 {
            for minimum in [nil, 0, 1, 3] {
                for idleCount in [nil, 0, 2] {
                    for age in [nil, 0, 10_000.0] {
                        let decision = decide(
                            Self.policy(min: minimum, idle: idleCount, cooldown: 0),
                            Self.seen(replicas, [Self.idle, Self.failed], lastActive: age),
                            now: Self.now
                        )
                        #expect(decision == .hold(.unknown))
                    }
                }
            }
        }
    }

    @Test func `no decision leaves the bounds or contradicts itself`() {
        for replicas in 0...6 {
            for minimum in 0...4 {
                for idleCount in [nil, 0, 1, 2] where (idleCount ?? -1) < minimum || minimum == 0 {
                    for outcomes in [[Self.read], [Self.idle], [Self.failed], [Self.idle, Self.read]] {
                        let policy = Self.policy(min: minimum, idle: idleCount)
                        let decision = decide(policy, Self.seen(replicas, outcomes, lastActive: 301), now: Self.now)
                        guard case .scale(let wanted, let cause) = decision else { continue }
                        #expect(wanted != replicas)
                        #expect(wanted >= 0 && wanted <= policy.maximum)
                        #expect(cause != .deactivated || wanted < replicas)
                        #expect(cause == .deactivated || wanted > replicas)
                    }
                }
            }
        }
    }
}
