import Foundation
import KubeModel
import Testing

@testable import Scaling

@Suite struct DecisionRecordTests {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    /// A policy of 0 to 10 pods with the usual waits.
    static func policy(_ change: (inout ScalePolicy) -> Void = { _ in }) -> ScalePolicy {
        var policy = ScalePolicy(ScaledObject.Spec(scaleTargetRef: .init(name: "web"), triggers: []))
        policy.maximum = 10
        change(&policy)
        return policy
    }

    /// One trigger with one metric.
    static func trigger(_ value: Double?, failure: String? = nil) -> TriggerRecord {
        TriggerRecord(
            index: 0,
            type: "prometheus",
            name: nil,
            isActive: (value ?? 0) > 0,
            readAt: MicroTimestamp(now),
            metrics: [MetricRecord(name: "s0-prometheus", value: value, target: .averageValue(Quantity(5)))],
            failure: failure
        )
    }

    /// An evaluation of one trigger by the rules that the operator uses.
    static func evaluation(
        _ value: Double?,
        replicas: Int,
        policy: ScalePolicy = policy(),
        lastActive: Date? = now - 1000,
        behavior: AutoscalerBehavior? = nil,
        at time: Date = now
    ) -> Evaluation {
        let outcome: TriggerOutcome =
            value.map { .read(metrics: ["s0-prometheus"], isActive: $0 > 0) } ?? .failed(reason: "trigger 0: down")
        let seen = Observation(replicas: replicas, triggers: [outcome], lastActive: lastActive, created: now - 5000)
        let spec = AutoscalerSpec(
            minReplicas: policy.awake,
            maxReplicas: policy.maximum,
            metrics: [.external(name: "s0-prometheus", target: .averageValue(5000))],
            behavior: behavior
        )
        let reading: AutoscalerReading = value.map { .totals([Int64($0 * 1000)]) } ?? .failure("trigger 0: down")
        return Evaluation(
            at: time,
            policy,
            seen,
            triggers: [trigger(value, failure: value == nil ? "trigger 0: down" : nil)],
            decision: decide(policy, seen, now: time),
            autoscaler: autoscale(
                spec,
                AutoscalerObservation(replicas: replicas, readings: [reading]),
                history: AutoscalerHistory(),
                now: time
            )
        )
    }

    /// The rules that had a say, by name.
    static func rules(_ evaluation: Evaluation) -> [RuleRecord.Rule] { DecisionRecord(evaluation).rules.map(\.rule) }

    @Test func `a workload that wakes: what was read, what was done, what comes next`() {
        let record = DecisionRecord(Self.evaluation(12, replicas: 0))
        #expect(record.replicas == 0 && record.isActive)
        #expect(record.triggers[0].metrics[0].share == 2.4)
        #expect(record.result == ResultRecord(.scale, replicas: 1, reason: "activated", text: record.result.text))
        #expect(record.result.text == "a trigger is active: 1 to begin with")
        #expect(record.next == ["from 1 on, the HPA scales up to 10"])
        #expect(record.autoscaler?.replicas == 0, "the HPA is off at 0")
        #expect(record.rules.isEmpty)
    }

    @Test(
        arguments: [
            (.utilization(60), 90, 1.5), (.averageValue(Quantity(milli: 60)), 0.09, 1.5),
        ] as [(MetricTarget, Double, Double)]
    )
    func `what pods use is shown in the unit of its target`(target: MetricTarget, value: Double, share: Double) throws {
        let metric = try #require(AutoscalerMetric(.resource(.init(name: "cpu", target: target))))
        let rules = AutoscalerSpec(maxReplicas: 9, metrics: [metric])
        let samples = ["p0": sample(90), "p1": sample(90)]
        let outcome = autoscale(
            rules,
            AutoscalerObservation(replicas: 2, pods: readyPods(2), readings: [.samples(samples)]),
            history: AutoscalerHistory(),
            now: noon
        )
        var evaluation = Self.evaluation(12, replicas: 2)
        evaluation.triggers[0].metrics[0].target = target
        evaluation.note(outcome.proposals[0], of: 0, metric: 0, "trigger 0 (cpu)")
        let record = DecisionRecord(evaluation)
        #expect(record.triggers[0].metrics[0].value == value)
        #expect(record.triggers[0].metrics[0].share == share)
        #expect(record.triggers[0].failure == nil)
    }

    @Test(
        arguments: [
            (.resource, false, "trigger 0 (cpu): it is gone"), (.resource, true, nil),
            (.failed(reason: "no such metric type", .unbuilt), false, "no such metric type"),
        ] as [(TriggerOutcome, Bool, String?)]
    )
    func `pods that cannot be measured are a trouble of their trigger, unless they start`(
        outcome: TriggerOutcome,
        isOfStart: Bool,
        told: String?
    ) {
        var evaluation = Self.evaluation(12, replicas: 2)
        evaluation.seen.triggers = [outcome]
        evaluation.triggers[0].failure = outcome.failure
        let failure = AutoscalerFailure("it is gone", isOfStart: isOfStart)
        evaluation.note(.failure(failure), of: 0, metric: 0, "trigger 0 (cpu)")
        #expect(DecisionRecord(evaluation).triggers[0].failure == told)
        #expect(evaluation.seen.troubles == [told].compactMap { $0 })
    }

    @Test func `a metric of one container bears its name`() {
        let target = AutoscalerMetric.PodTarget.utilization(percent: 50)
        #expect(AutoscalerMetric.resource(name: "cpu", target: target).name == "cpu")
        #expect(AutoscalerMetric.resource(name: "cpu", container: "main", target: target).name == "cpu of main")
    }

    @Test func `a workload that is awake: what each metric asks for, and which one decides`() {
        let record = DecisionRecord(Self.evaluation(12, replicas: 2))
        #expect(record.result.reason == "active" && record.result.action == .hold && record.result.replicas == 2)
        #expect(record.autoscaler?.replicas == 3 && record.autoscaler?.winner == "s0-prometheus")
        #expect(record.autoscaler?.proposals.map(\.replicas) == [3])
        #expect(record.autoscaler?.proposals[0].ratio == 1.2)
        #expect(record.next == ["the HPA scales between 1 and 10", "300 s without activity take it to 0"])
    }

    @Test func `each rule that changes the result is named`() {
        #expect(Self.rules(Self.evaluation(10.2, replicas: 2)) == [.tolerance])
        #expect(Self.rules(Self.evaluation(100, replicas: 2)) == [.policy])
        #expect(Self.rules(Self.evaluation(100, replicas: 8)) == [.maximum])
        #expect(Self.rules(Self.evaluation(100, replicas: 12)) == [.maximum])
        #expect(Self.rules(Self.evaluation(1, replicas: 4)) == [.stabilization])
        let cooling = Self.evaluation(0, replicas: 2, lastActive: Self.now - 100)
        #expect(Self.rules(cooling).first == .cooldown)
        #expect(DecisionRecord(cooling).rules[0].until == Timestamp(Self.now + 200))
        #expect(Self.rules(Self.evaluation(nil, replicas: 2)).first == .missingData)
        let idle = Self.evaluation(0, replicas: 3, policy: Self.policy { ($0.minimum, $0.idle) = (2, 1) })
        #expect(Self.rules(idle).first == .idle)
        let forced = Self.evaluation(0, replicas: 0, policy: Self.policy { $0.isForced = true })
        #expect(Self.rules(forced) == [.forced])
        let paused = Self.evaluation(9, replicas: 0, policy: Self.policy { $0.pausesScaleOut = true })
        #expect(Self.rules(paused) == [.pause])
        let few = Self.evaluation(0, replicas: 1, policy: Self.policy { $0.minimum = 2 })
        #expect(Self.rules(few).contains(.minimum))
    }

    @Test func `a fallback is named, with the reason`() {
        var evaluation = Self.evaluation(12, replicas: 2)
        evaluation.seen.triggers = [.fallback(metrics: ["s0-prometheus"], reason: "trigger 0: down")]
        #expect(DecisionRecord(evaluation).rules[0] == RuleRecord(.fallback, "the fallback stands in: trigger 0: down"))
    }

    @Test func `what cannot be read is said once for each place`() {
        let record = DecisionRecord(Self.evaluation(nil, replicas: 2))
        #expect(record.result.reason == "unknown" && record.triggers[0].failure == "trigger 0: down")
        #expect(record.autoscaler?.winner == nil && record.autoscaler?.replicas == 2)
        #expect(record.autoscaler?.proposals[0].failure != nil)
    }

    @Test func `it comes back from JSON as it was`() throws {
        let record = DecisionRecord(Self.evaluation(12, replicas: 2))
        let bytes = try KubeJSON.encode(record)
        #expect(try KubeJSON.decode(DecisionRecord.self, from: bytes) == record)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains(#""active":true"#) && text.contains(#""time":"2027-01-15T08:00:00.000000Z""#))
    }

    @Test(
        arguments: [
            (0.0, 0, 0, "recommends 0, as are in place"), (12, 0, 1, "recommends 1, in place are 0"),
            (12, 2, 3, "recommends 3, in place are 2"), (12, 3, 3, "recommends 3, as are in place"),
            (0, 2, 0, "recommends 0, in place are 2"), (nil, 2, 2, "recommends 2, as are in place"),
        ] as [(Double?, Int, Int, String)]
    )
    func `a recommendation is the decision between rest and waking, and the HPA's algorithm between`(
        value: Double?,
        replicas: Int,
        recommended: Int,
        text: String
    ) {
        var evaluation = Self.evaluation(value, replicas: replicas)
        #expect(DecisionRecord(evaluation).recommendation == nil, "it is done where Swell manages")
        evaluation.mode = .recommend
        let recommendation = DecisionRecord(evaluation).recommendation
        #expect(recommendation?.replicas == recommended)
        #expect(recommendation?.text == text)
    }

    @Test func `the direct engine recommends what it decides`() {
        var evaluation = Self.evaluation(12, replicas: 2)
        (evaluation.mode, evaluation.engine) = (.recommend, .direct)
        evaluation.decision = .scale(to: 7, because: .recommended)
        #expect(evaluation.recommendation == 7)
        evaluation.decision = .hold(.active)
        #expect(evaluation.recommendation == 2)
    }

    @Test func `a decision that is done is another one than the same that is told`() {
        let managed = Self.evaluation(12, replicas: 2)
        var told = managed
        told.mode = .recommend
        #expect(!managed.isRepeated(by: told))
    }
}
