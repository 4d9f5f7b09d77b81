import Foundation
import KubeModel
import Testing

@testable import Scaling

@Suite struct DecisionLogTests {
    static let now = DecisionRecordTests.now

    @Test func `those that come to the same are one entry with the numbers of the last`() {
        var log = DecisionLog()
        for second in 0..<4 {
            let value = 12 + Double(second)
            log.note(DecisionRecordTests.evaluation(value, replicas: 2, at: Self.now + Double(second)), limit: 4)
        }
        log.note(DecisionRecordTests.evaluation(16, replicas: 2, at: Self.now + 9), limit: 4)
        #expect(log.entries.map(\.count) == [4, 1], "three pods for up to 15, with 5 for each")
        #expect(log.entries.map { $0.evaluation.triggers[0].metrics[0].value } == [15, 16])
        let report = DecisionReport(of: ObjectKey(namespace: "shop", name: "web"), log)
        #expect(report.entries[0].first.date == Self.now && report.entries[0].last.date == Self.now + 3)
        #expect(report.metadata.namespace == "shop" && report.apiVersion == "decisions.swell.dev/v1alpha1")
    }

    /// Evaluations that come to something else, or for another reason: each pair differs in one thing.
    static let different: [(Evaluation, Evaluation)] = [
        (at(12), DecisionRecordTests.evaluation(12, replicas: 3)),
        (
            at(12),
            DecisionRecordTests.evaluation(12, replicas: 2, policy: DecisionRecordTests.policy { $0.maximum = 11 })
        ),
        (at(12), at(nil)), (at(12), at(16)), (at(12), at(0)),
        // 4 pods each, and the second would be 6 but for the limit of growth.
        (at(20), at(30)),
        // 2 pods each, the first because that is close enough.
        (at(9.5), at(8)),
        (at(12), at(12) { $0.engine = .direct }),
        (at(12), at(12) { $0.mode = .recommend }),
        (at(12), at(12) { $0.triggers[0].metrics[0].target = .averageValue(Quantity(milli: 5100)) }),
        (at(12), at(12) { $0.triggers[0].metrics[0].name = "s0-other" }),
        (at(nil), at(nil) { $0.seen.triggers = [.failed(reason: "trigger 0: no route")] }),
        (at(12) { $0.outcome = outcome(12, 6) }, at(12) { $0.outcome = outcome(6, 12) }),
    ]

    /// An evaluation at 2 pods.
    static func at(_ value: Double?, _ change: (inout Evaluation) -> Void = { _ in }) -> Evaluation {
        var evaluation = DecisionRecordTests.evaluation(value, replicas: 2)
        change(&evaluation)
        return evaluation
    }

    /// What the HPA's algorithm makes of two metrics at 2 pods.
    static func outcome(_ values: Int64...) -> AutoscalerOutcome {
        autoscale(
            AutoscalerSpec(
                maxReplicas: 10,
                metrics: ["a", "b"].map { .external(name: $0, target: .averageValue(5000)) }
            ),
            AutoscalerObservation(replicas: 2, readings: values.map { .totals([$0 * 1000]) }),
            history: AutoscalerHistory(),
            now: now
        )
    }

    @Test(arguments: different)
    func `what comes to something else, or for another reason, is an entry of its own`(
        one: Evaluation,
        other: Evaluation
    ) {
        var log = DecisionLog()
        for evaluation in [one, one, other] { log.note(evaluation, limit: 4) }
        #expect(log.entries.map(\.count) == [2, 1])
    }

    @Test func `another number of a formula is the same, and another state or target is not`() throws {
        var log = DecisionLog()
        for (value, isActive, failure, isFallback) in [
            (12, true, nil, false), (13, true, nil, false), (13, false, nil, false), (13, false, "no number", false),
            (13, false, "no number", true),
        ] as [(Double, Bool, String?, Bool)] {
            var evaluation = DecisionRecordTests.evaluation(12, replicas: 2)
            evaluation.composite = CompositeRecord(
                metric: MetricRecord(name: "composite-metric", value: value, target: nil),
                isActive: isActive,
                failure: failure,
                isFallback: isFallback
            )
            log.note(evaluation, limit: 8)
        }
        var evaluation = try #require(log.entries.last?.evaluation)
        evaluation.composite?.metric.target = .averageValue(Quantity(7))
        log.note(evaluation, limit: 8)
        #expect(log.entries.map(\.count) == [2, 1, 1, 1, 1])
    }

    @Test func `an outcome is kept without what the next pass is to remember`() throws {
        var log = DecisionLog()
        for second in 0..<2 {
            let evaluation = DecisionRecordTests.evaluation(12, replicas: 2 + second, at: Self.now + Double(second))
            let outcome = try #require(evaluation.outcome)
            #expect(outcome.history != AutoscalerHistory())
            log.note(evaluation, limit: 4)
            let kept = try #require(log.entries.last?.evaluation)
            #expect(kept.outcome?.history == AutoscalerHistory())
            #expect(DecisionRecord(kept) == DecisionRecord(evaluation))
        }
        #expect(log.entries.count == 2)
        let places = log.entries.map { $0.evaluation.outcome?.conditions.withUnsafeBufferPointer(\.baseAddress) }
        #expect(places[0] == places[1], "conditions that stay the same are kept once")
    }

    @Test func `what is known to be the same is noted as if it had been worked out`() throws {
        var (known, workedOut) = (DecisionLog(), DecisionLog())
        known.noteAgain(at: Self.now, readAt: [], limit: 4)
        #expect(known.entries.isEmpty)
        for second in 0..<3 {
            let time = Self.now + Double(second)
            var evaluation = DecisionRecordTests.evaluation(12, replicas: 2, at: time)
            evaluation.triggers[0].readAt = MicroTimestamp(time)
            workedOut.note(evaluation, limit: 4)
            if second == 0 {
                known.note(evaluation, limit: 4)
            } else {
                known.noteAgain(at: time, readAt: [MicroTimestamp(time)], limit: 4)
            }
        }
        #expect(known.entries.map(\.count) == [3] && known.entries.map(\.first) == [Self.now])
        let (one, other) = (try #require(known.entries.last), try #require(workedOut.entries.last))
        #expect(one.evaluation.time == other.evaluation.time && one.evaluation.triggers == other.evaluation.triggers)
    }

    @Test func `it keeps the newest, and no more than its limit`() {
        var log = DecisionLog()
        for replicas in 0..<100 {
            log.note(DecisionRecordTests.evaluation(12, replicas: replicas), limit: replicas < 50 ? 8 : 4)
        }
        #expect(log.entries.map(\.evaluation.seen.replicas) == [96, 97, 98, 99])
        log.note(DecisionRecordTests.evaluation(12, replicas: 99), limit: 2)
        #expect(log.entries.map(\.evaluation.seen.replicas) == [98, 99] && log.entries.map(\.count) == [1, 2])
        log.noteAgain(at: Self.now + 1, readAt: [], limit: 1)
        #expect(log.entries.map(\.evaluation.seen.replicas) == [99] && log.entries.map(\.count) == [3])
    }

    @Test(arguments: [(0, 64), (125, 64), (500, 16), (1000, 8), (2000, 4), (1_000_000, 4)])
    func `many objects share what may be kept`(objects: Int, limit: Int) {
        #expect(DecisionLog.limit(amid: objects) == limit)
    }
}
