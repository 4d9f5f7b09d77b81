import Foundation
import KubeModel
import Scaling
import Testing

@testable import swell

@Suite struct DecisionTextTests {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    /// An evaluation of a Prometheus trigger, and of a cron trigger that fails where that is wanted.
    static func evaluation(_ value: Double, replicas: Int, cronFails: Bool = false, at time: Date) -> Evaluation {
        var policy = ScalePolicy(ScaledObject.Spec(scaleTargetRef: .init(name: "web"), triggers: []))
        policy.maximum = 10
        var outcomes: [TriggerOutcome] = [.read(metrics: ["s0-prometheus"], isActive: value > 0)]
        var triggers = [
            TriggerRecord(
                index: 0,
                type: "prometheus",
                name: "load",
                isActive: value > 0,
                readAt: MicroTimestamp(time),
                metrics: [MetricRecord(name: "s0-prometheus", value: value, target: .averageValue(Quantity(5)))]
            )
        ]
        var readings: [AutoscalerReading] = [.totals([Int64(value * 1000)])]
        if cronFails {
            outcomes.append(.failed(reason: "trigger 1 (cron): no such zone"))
            triggers.append(
                TriggerRecord(
                    index: 1,
                    type: "cron",
                    name: nil,
                    isActive: false,
                    readAt: nil,
                    metrics: [],
                    failure: "trigger 1 (cron): no such zone"
                )
            )
            readings.append(.failure("trigger 1 (cron): no such zone"))
        }
        let seen = Observation(
            replicas: replicas,
            triggers: outcomes,
            lastActive: now - 100,
            created: now - 5000
        )
        let metrics: [AutoscalerMetric] = ["s0-prometheus", "s1-cron"].prefix(readings.count)
            .map { .external(name: $0, target: .averageValue(5000)) }
        let outcome = autoscale(
            AutoscalerSpec(minReplicas: 1, maxReplicas: 10, metrics: metrics),
            AutoscalerObservation(replicas: replicas, readings: readings),
            history: AutoscalerHistory(),
            now: time
        )
        return Evaluation(
            at: time,
            policy,
            seen,
            triggers: triggers,
            decision: decide(policy, seen, now: time),
            autoscaler: outcome
        )
    }

    /// What people read of evaluations.
    static func text(_ evaluations: [Evaluation], since: Date = now - 600) -> String {
        var log = DecisionLog()
        for evaluation in evaluations { log.note(evaluation, limit: 10) }
        return DecisionText(report: DecisionReport(of: ObjectKey(namespace: "shop", name: "web"), log), since: since)
            .text
    }

    @Test func `one screen answers why, and what comes next`() {
        let text = Self.text([
            Self.evaluation(12, replicas: 0, at: Self.now - 60), Self.evaluation(12, replicas: 2, at: Self.now - 30),
            Self.evaluation(12, replicas: 2, at: Self.now),
        ])
        #expect(
            text == """
                ScaledObject shop/web: 2 pods
                active: the HPA scales
                decided at 08:00:00Z, and the same since 07:59:30Z, 2 times

                TRIGGERS
                  TRIGGER              METRIC         VALUE  TARGET   SHARE  ACTIVE  READ AT
                  0 load (prometheus)  s0-prometheus  12     5 a pod  2.4    yes     08:00:00Z

                THE HPA'S ALGORITHM
                  it makes 3 pods of what it is told
                  s0-prometheus  3 pods  usage is 1.2 of the target  decides

                NEXT
                  the HPA scales between 1 and 10
                  300 s without activity take it to 0

                BEFORE
                  07:59:00Z    0 pods  a trigger is active: 1 to begin with

                """
        )
    }

    @Test func `what fails and what holds back is told`() {
        let text = Self.text([Self.evaluation(0, replicas: 2, cronFails: true, at: Self.now)])
        for line in [
            "not every trigger is known: nothing is scaled in", "1 cron", "unknown", "trigger 1 (cron): no such zone",
            "missingData: what is unknown never scales in",
        ] { #expect(text.contains(line), "\(line) is not in\n\(text)") }
    }

    @Test func `earlier decisions are told as far back as is asked`() {
        let evaluations = [
            Self.evaluation(3, replicas: 1, at: Self.now - 300), Self.evaluation(12, replicas: 2, at: Self.now),
        ]
        #expect(Self.text(evaluations).contains("07:55:00Z"))
        #expect(!Self.text(evaluations, since: Self.now - 60).contains("BEFORE"))
    }

    @Test func `an object that was not polled yet says so`() {
        #expect(Self.text([]) == "ScaledObject shop/web has not been polled yet.\n")
    }

    @Test func `a recommendation stands beside what is in place, and is not told as done`() {
        var evaluations = [
            Self.evaluation(12, replicas: 0, at: Self.now - 60), Self.evaluation(12, replicas: 2, at: Self.now),
        ]
        for index in evaluations.indices { evaluations[index].mode = .recommend }
        let text = Self.text(evaluations)
        #expect(text.hasPrefix("ScaledObject shop/web: recommends 3, in place are 2 (nothing is written)\n"))
        #expect(text.contains("07:59:00Z    recommends 1, in place are 0  a trigger is active"), "\(text)")
        #expect(!text.contains("set to"))
    }
}
