import Foundation
import KubeModel
import Testing

@testable import Scaling

@Suite struct DecisionLogTests {
    static let now = DecisionRecordTests.now

    @Test func `equal ones are one entry, from the first to the last`() {
        var log = DecisionLog()
        for second in 0..<5 {
            log.note(DecisionRecordTests.evaluation(12, replicas: 2, at: Self.now + Double(second)), limit: 4)
        }
        log.note(DecisionRecordTests.evaluation(13, replicas: 2, at: Self.now + 9), limit: 4)
        #expect(log.entries.map(\.count) == [5, 1])
        let report = DecisionReport(of: ObjectKey(namespace: "shop", name: "web"), log)
        #expect(report.entries[0].first.date == Self.now && report.entries[0].last.date == Self.now + 4)
        #expect(report.metadata.namespace == "shop" && report.apiVersion == "decisions.swell.dev/v1alpha1")
    }

    @Test(arguments: [
        DecisionRecordTests.evaluation(12, replicas: 3), DecisionRecordTests.evaluation(nil, replicas: 2),
        DecisionRecordTests.evaluation(12, replicas: 2, policy: DecisionRecordTests.policy { $0.maximum = 11 }),
    ])
    func `what differs in anything but time is an entry of its own`(other: Evaluation) {
        var log = DecisionLog()
        log.note(DecisionRecordTests.evaluation(12, replicas: 2), limit: 4)
        log.note(other, limit: 4)
        #expect(log.entries.count == 2)
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
        for value in 0..<100 {
            log.note(DecisionRecordTests.evaluation(Double(value), replicas: 2), limit: value < 50 ? 8 : 4)
        }
        #expect(log.entries.map { $0.evaluation.triggers[0].metrics[0].value } == [96, 97, 98, 99])
    }

    @Test(arguments: [(0, 64), (1, 64), (500, 40), (1000, 20), (10_000, 4), (1_000_000, 4)])
    func `many objects share what may be kept`(objects: Int, limit: Int) {
        #expect(DecisionLog.limit(amid: objects) == limit)
    }
}
