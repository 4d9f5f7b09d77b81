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

    @Test(arguments: [
        DecisionRecordTests.evaluation(12, replicas: 3), DecisionRecordTests.evaluation(nil, replicas: 2),
        DecisionRecordTests.evaluation(16, replicas: 2), DecisionRecordTests.evaluation(0, replicas: 2),
        DecisionRecordTests.evaluation(12, replicas: 2, policy: DecisionRecordTests.policy { $0.maximum = 11 }),
    ])
    func `what comes to something else, or for another reason, is an entry of its own`(other: Evaluation) {
        var log = DecisionLog()
        log.note(DecisionRecordTests.evaluation(12, replicas: 2), limit: 4)
        log.note(other, limit: 4)
        #expect(log.entries.count == 2)
    }

    @Test func `another number of a formula is the same, and another state is not`() {
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
        #expect(log.entries.map(\.count) == [2, 1, 1, 1])
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
    }

    @Test func `what is known to be the same is noted as if it had been worked out`() throws {
        var (known, workedOut) = (DecisionLog(), DecisionLog())
        known.noteAgain(at: Self.now, readAt: [])
        #expect(known.entries.isEmpty)
        for second in 0..<3 {
            let time = Self.now + Double(second)
            var evaluation = DecisionRecordTests.evaluation(12, replicas: 2, at: time)
            evaluation.triggers[0].readAt = MicroTimestamp(time)
            workedOut.note(evaluation, limit: 4)
            if second == 0 {
                known.note(evaluation, limit: 4)
            } else {
                known.noteAgain(at: time, readAt: [MicroTimestamp(time)])
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
    }

    @Test(arguments: [(0, 64), (125, 64), (500, 16), (1000, 8), (2000, 4), (1_000_000, 4)])
    func `many objects share what may be kept`(objects: Int, limit: Int) {
        #expect(DecisionLog.limit(amid: objects) == limit)
    }
}
