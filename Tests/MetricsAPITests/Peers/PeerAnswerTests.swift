import Foundation
import KubeModel
import Scaling
import Serving
import Testing

@testable import MetricsAPI

@Suite struct PeerAnswerTests {
    static let key = ObjectKey(namespace: "shop", name: "web")
    static let reading = MetricReading(
        metric: "s0-cron",
        value: Quantity(milli: 4500),
        time: Date(timeIntervalSince1970: 1_781_606_897.25)
    )

    /// What one replica reads of what another writes.
    static func passed(_ answer: PeerAnswer) throws -> Result<[MetricReading], MetricSourceError> {
        let read: PeerAnswer = try KubeJSON.decode(from: KubeJSON.encode(answer))
        return Result { () throws(MetricSourceError) in try read.readings(for: key) }
    }

    /// What one replica reads of what another writes, when decisions were asked for.
    static func passedReport(_ answer: PeerAnswer) throws -> Result<DecisionReport, DecisionSourceError> {
        let read: PeerAnswer = try KubeJSON.decode(from: KubeJSON.encode(answer))
        return Result { () throws(DecisionSourceError) in try read.report(on: key) }
    }

    @Test func `decisions arrive as they were`() throws {
        let report = FixedDecisions.report(on: Self.key)
        #expect(try Self.passedReport(PeerAnswer(report)) == .success(report))
    }

    @Test(arguments: [
        (DecisionSourceError.objectNotFound(key), 404), (.notPolled(key), 404), (.unavailable("not listed yet"), 503),
    ])
    func `why there are no decisions arrives as it was`(error: DecisionSourceError, status: Int) throws {
        let answer = PeerAnswer(error)
        #expect(try Self.passedReport(answer) == .failure(error))
        #expect(answer.status == status)
    }

    @Test(arguments: [
        (PeerAnswer(.notPolling, "because"), "another replica does not answer: because"),
        (PeerAnswer(.readFailed, "because"), "because"),
        (PeerAnswer([]), "the other replica's answer has no decisions"),
    ])
    func `an answer without decisions is unavailable`(answer: PeerAnswer, reason: String) throws {
        #expect(try Self.passedReport(answer) == .failure(.unavailable(reason)))
    }

    @Test func `readings arrive as they were`() throws {
        for readings in [[Self.reading], [Self.reading, Self.reading], []] {
            #expect(try Self.passed(PeerAnswer(readings)) == .success(readings))
        }
    }

    @Test(arguments: [
        (MetricSourceError.objectNotFound(key), 404), (.metricNotFound("s9-none"), 404),
        (.readFailed(metric: "s0-cron", reason: "no answer"), 502), (.unavailable("not polled yet"), 503),
    ])
    func `errors arrive as they were`(error: MetricSourceError, status: Int) throws {
        let answer = PeerAnswer(error)
        #expect(try Self.passed(answer) == .failure(error))
        #expect(answer.status == status)
    }

    @Test(arguments: [(PeerAnswer.Kind.notPolling, 421), (.notTrusted, 401)])
    func `who does not answer is unavailable`(kind: PeerAnswer.Kind, status: Int) throws {
        let answer = PeerAnswer(kind, "because")
        #expect(try Self.passed(answer) == .failure(.unavailable("another replica does not answer: because")))
        #expect(answer.status == status)
    }

    @Test func `what a newer replica says is unavailable, in its words`() throws {
        let text = #"{"failure":{"kind":"tooHot","text":"too hot"},"more":1}"#
        let answer: PeerAnswer = try KubeJSON.decode(from: Array(text.utf8))
        #expect(try Self.passed(answer) == .failure(.unavailable("too hot")))
    }

    @Test(
        arguments: [
            (nil, nil, nil), ("", "10.0.0.1:9666", nil),
            ("one", "10.0.0.1:9666", PollingReplica(name: "one", address: .at(host: "10.0.0.1", port: 9666))),
            ("one", "[fd00::1]:9666", PollingReplica(name: "one", address: .at(host: "fd00::1", port: 9666))),
            ("one", "nonsense", PollingReplica(name: "one", address: nil)),
            ("one", nil, PollingReplica(name: "one", address: nil)),
        ] as [(String?, String?, PollingReplica?)]
    )
    func `a Lease says who leads and where`(holder: String?, address: String?, leader: PollingReplica?) {
        let lease = Lease(
            metadata: ObjectMeta(name: "l", annotations: address.map { [PollingReplica.annotation: $0] }),
            spec: Lease.Spec(
                holderIdentity: holder,
                leaseDurationSeconds: nil,
                acquireTime: nil,
                renewTime: nil,
                leaseTransitions: nil
            )
        )
        #expect(PollingReplica(lease) == leader)
        #expect(PollingReplica(nil) == nil)
    }
}
