import Foundation
import KubeModel
import Testing

@testable import Scaling

@Suite struct DirectDecisionTests {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    /// A policy of 0 to 20 pods with the usual waits.
    static func policy(_ change: (inout ScalePolicy) -> Void = { _ in }) -> ScalePolicy {
        var policy = ScalePolicy(ScaledObject.Spec(scaleTargetRef: .init(name: "web"), triggers: []))
        policy.maximum = 20
        change(&policy)
        return policy
    }

    /// What one trigger of 10 a pod comes to; `nil` for one that fails.
    static func decide(
        _ value: Double?,
        replicas: Int,
        _ policy: ScalePolicy = policy(),
        target: AutoscalerMetric.TotalTarget = .averageValue(10_000),
        behavior: AutoscalerBehavior? = nil,
        lastActive: Date? = now - 1000,
        history: AutoscalerHistory = AutoscalerHistory(),
        at time: Date = now
    ) -> DirectDecision {
        let outcome: TriggerOutcome =
            value.map { .read(metrics: ["s0-x"], isActive: $0 > 0) } ?? .failed(reason: "trigger 0: down")
        let reading: AutoscalerReading = value.map { .totals([Int64($0 * 1000)]) } ?? .failure("trigger 0: down")
        let pods = (0..<replicas)
            .map {
                AutoscalerPod(name: "p\($0)", readiness: .init(isReady: true, since: now - 900), startTime: now - 900)
            }
        return decideDirect(
            policy,
            Observation(replicas: replicas, triggers: [outcome], lastActive: lastActive, created: now - 5000),
            AutoscalerSpec(
                minReplicas: policy.awake,
                maxReplicas: policy.maximum,
                metrics: [.external(name: "s0-x", target: target)],
                behavior: behavior
            ),
            AutoscalerObservation(replicas: replicas, pods: pods, readings: [reading]),
            history: history,
            now: time
        )
    }

    @Test(arguments: [(1.0, 1), (95, 10), (100, 10), (101, 11), (5000, 20)])
    func `from zero it goes straight to what is wanted, in one step`(value: Double, replicas: Int) {
        #expect(Self.decide(value, replicas: 0).decision == .scale(to: replicas, because: .activated))
        let total = Self.decide(value, replicas: 0, target: .value(10_000)).decision
        #expect(total == .scale(to: replicas, because: .activated), "of a target of type Value it takes the ratio")
    }

    @Test func `from idle too, and never below what wakes it`() {
        let idle = Self.policy { ($0.minimum, $0.idle) = (3, 1) }
        #expect(Self.decide(95, replicas: 1, idle).decision == .scale(to: 10, because: .activated))
        #expect(Self.decide(1, replicas: 1, idle).decision == .scale(to: 3, because: .activated))
        #expect(Self.decide(0, replicas: 1, idle).decision == .hold(.inactive), "an HPA would lift it to 3")
    }

    @Test func `forced activity goes as high as the metrics ask, and to the least where they ask for nothing`() {
        let forced = Self.policy { $0.isForced = true }
        #expect(Self.decide(0, replicas: 0, forced).decision == .scale(to: 1, because: .forced))
        #expect(Self.decide(95, replicas: 0, forced).decision == .scale(to: 10, because: .forced))
        #expect(Self.decide(nil, replicas: 0, forced).decision == .scale(to: 1, because: .forced))
    }

    @Test(arguments: [(50.0, 5, nil), (54, 5, nil), (70, 5, 7), (500, 5, 10), (500, 15, 20), (30, 5, nil)])
    func `awake it does what an HPA would: tolerance, the fixed limit, the bounds, and no haste inwards`(
        value: Double,
        replicas: Int,
        wanted: Int?
    ) {
        let decision = Self.decide(value, replicas: replicas).decision
        #expect(decision == wanted.map { .scale(to: $0, because: .recommended) } ?? .hold(.active))
    }

    @Test func `it scales in once no recommendation of the window asks for more`() {
        let first = Self.decide(30, replicas: 5)
        let history = first.history(isWritten: false)
        let before = Self.decide(30, replicas: 5, history: history, at: Self.now + 300)
        #expect(before.decision == .hold(.active))
        let after = Self.decide(30, replicas: 5, history: before.history(isWritten: false), at: Self.now + 301)
        #expect(after.decision == .scale(to: 3, because: .recommended))
    }

    @Test func `what woke it holds a fall back, as an HPA's first recommendation does`() {
        let first = Self.decide(95, replicas: 0)
        let next = Self.decide(10, replicas: 10, history: first.history(isWritten: true), at: Self.now + 15)
        #expect(next.decision == .hold(.active))
        let later = Self.decide(10, replicas: 10, history: next.history(isWritten: true), at: Self.now + 301)
        #expect(later.decision == .scale(to: 1, because: .recommended))
    }

    @Test func `between activity and rest it goes on scaling, down to the least`() {
        let rules = AutoscalerBehavior(
            scaleDown: AutoscalerRules(stabilization: 0, policies: [.init(.percent(100), per: 15)])
        )
        let cooling = Self.decide(0, replicas: 5, behavior: rules, lastActive: Self.now - 10)
        #expect(cooling.decision == .scale(to: 1, because: .recommended))
        let cold = Self.decide(0, replicas: 5, behavior: rules, lastActive: Self.now - 301)
        #expect(cold.decision == .scale(to: 0, because: .deactivated))
    }

    @Test func `what is unknown never scales in`() {
        #expect(Self.decide(nil, replicas: 5).decision == .hold(.unknown))
        #expect(Self.decide(nil, replicas: 0).decision == .hold(.unknown))
    }

    @Test func `with a minimum it scales between the bounds while nothing is active`() {
        let policy = Self.policy { $0.minimum = 2 }
        let rules = AutoscalerBehavior(
            scaleDown: AutoscalerRules(stabilization: 0, policies: [.init(.percent(100), per: 15)])
        )
        #expect(Self.decide(0, replicas: 5, policy, behavior: rules).decision == .scale(to: 2, because: .recommended))
        #expect(Self.decide(0, replicas: 1, policy).decision == .scale(to: 2, because: .belowMinimum))
    }

    @Test func `a pause outwards holds a workload at rest`() {
        let paused = Self.policy { $0.pausesScaleOut = true }
        #expect(Self.decide(50, replicas: 0, paused).decision == .hold(.scaleOutPaused))
    }

    @Test func `the fixed limit counts per 15 s, however often it looks`() {
        var history = AutoscalerHistory()
        var replicas = 2
        var steps: [Int] = []
        for second in stride(from: 0.0, through: 30, by: 5) {
            let step = Self.decide(150, replicas: replicas, history: history, at: Self.now + second)
            if case .scale(let wanted, _) = step.decision { replicas = wanted }
            history = step.history(isWritten: true)
            steps.append(replicas)
        }
        #expect(steps == [4, 4, 4, 8, 8, 8, 15])
    }

    @Test func `a move that could not be written is not remembered`() {
        let step = Self.decide(500, replicas: 5)
        #expect(step.history(isWritten: false).rescales.isEmpty)
        #expect(step.history(isWritten: true).rescales.map(\.change) == [5])
    }
}
