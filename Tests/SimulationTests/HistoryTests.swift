import Foundation
import KubeModel
import Manifests
import Outbound
import Scaling
import Simulation
import Synchronization
import TestKit
import Testing

/// Samples that a Prometheus kept.
@Suite struct HistoryTests {
    /// A queue that Prometheus does not count itself.
    static let jobs = """
        apiVersion: keda.sh/v1alpha1
        kind: ScaledObject
        metadata: {name: worker, namespace: shop}
        spec:
          scaleTargetRef: {name: worker}
          pollingInterval: 10
          triggers:
            - {type: cron, metadata: {timezone: UTC, start: 0 9 * * *, end: 0 18 * * *, desiredReplicas: "2"}}
            - {type: postgresql, metadata: {query: SELECT 1, targetQueryValue: "10", connection: x}}
            - {type: cpu, metricType: Utilization, metadata: {value: "50"}}
        """

    /// What a query's answer looks like: values for moments in seconds from ``monday``.
    static func matrix(_ samples: [(Double, String)]...) -> String {
        let elements = samples.map { element in
            #"{"metric":{},"values":[\#(element.map { "[\(monday + $0),\"\($1)\"]" }.joined(separator: ","))]}"#
        }
        return #"{"status":"success","data":{"resultType":"matrix","result":[\#(elements.joined(separator: ","))]}}"#
    }

    /// The samples of a manifest's triggers.
    static func history(
        _ manifest: String,
        from transport: ScriptedTransport,
        over range: SimulatedRange,
        without keys: Set<String> = [],
        longestHold: Duration? = nil,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> [String: Series] {
        var reading = ManifestReading()
        reading.add(manifest, from: "test.yaml")
        let declared = try #require(try reading.scaledObjects().first)
        let server = try WebAddress.parse("http://me:secret@prometheus:9090/base")
        let kept = PrometheusHistory(server, over: transport, longestHold: longestHold, progress: progress)
        return try await kept.series(for: declared.object, without: keys, over: range)
    }

    @Test func `a prometheus trigger is replayed by its own query, and nothing counts as 0 as it does there`()
        async throws
    {
        let transport = ScriptedTransport { _ in .json(Self.matrix([(0, "3"), (15, "NaN"), (45, "7.5")])) }
        let all = try await Self.history(queue(), from: transport, over: range(60))
        #expect(all == ["queue": series([(0, 3), (15, 0), (30, 0), (45, 7.5)])])
        let request = try #require(transport.requests.first)
        #expect(transport.requests.count == 1 && request.method == .get)
        #expect(
            request.url.target
                == "/base/api/v1/query_range?query=up&start=1793577600.0&end=1793577645.0&step=15.0"
        )
        guard case .basic(let user, _) = request.authorization else {
            Issue.record("no credentials")
            return
        }
        #expect(user == "me")
    }

    @Test func `any other trigger is replayed by what the operator told of it`() async throws {
        let transport = ScriptedTransport { _ in .json(Self.matrix([(0, "3"), (10, "4"), (20, "5")])) }
        let all = try await Self.history(Self.jobs, from: transport, over: range(25))
        #expect(all == ["1": series([(0, 3), (10, 4), (20, 5)])])
        let query = try #require(transport.requests.first?.url.target.removingPercentEncoding)
        #expect(transport.requests.count == 1)
        #expect(query.contains(#"scaledObject="worker",triggerIndex="1",exported_namespace="shop"}"#), "\(query)")
        #expect(query.contains(#"exported_namespace="",namespace="shop"}"#), "\(query)")
    }

    @Test(arguments: [["queue"], ["0"]] as [Set<String>])
    func `what has a file is not asked for`(keys: Set<String>) async throws {
        let transport = ScriptedTransport()
        let all = try await Self.history(queue(), from: transport, over: range(60), without: keys)
        #expect(all.isEmpty && transport.requests.isEmpty)
    }

    @Test func `a long range is asked for in pieces that Prometheus takes, and that is told`() async throws {
        let told = Mutex([String]())
        let transport = ScriptedTransport { _ in .json(Self.matrix([(0, "1")])) }
        let week = try await Self.history(queue(), from: transport, over: range(604_800)) { line in
            told.withLock { $0.append(line) }
        }
        let moments = 604_800 / 15
        #expect(week["queue"]?.times.count == moments)
        #expect(transport.requests.count == 5)
        #expect(transport.requests.last?.url.target.contains("end=\(monday + 604_785)") == true)
        #expect(told.withLock { $0 }.last == "asking Prometheus for trigger queue (prometheus), part 5 of 5")
    }

    @Test(arguments: [
        (ScriptedTransport.Answer.json(matrix()), "there is nothing in the whole range"),
        (.json(matrix([(0, "1")], [(0, "2")])), "the query gave 2 elements and must give one"),
        (.json(#"{"status":"error","error":"parse error"}"#, status: 400), "it answered with status 400: parse error"),
        (.json("<html>", status: 404), "the answer (status 404) is not Prometheus's"),
        (.json(matrix([(0, "many")])), "is not Prometheus's"),
        (.json(matrix([(0, "1"), (10, "+Inf"), (20, "1")])), "the query gave inf at 2026-11-02T00:00:10Z"),
        (.json(matrix([(10, "1")])), "a gap: there is nothing before 2026-11-02T00:00:10Z"),
        (.json(matrix([(0, "1"), (10, "1"), (80, "1")])), "a gap: nothing for 70 s from 2026-11-02T00:00:10Z on"),
        (.json(matrix([(0, "1"), (10, "1")])), "a gap: nothing for 90 s from 2026-11-02T00:00:10Z on"),
        (.failure(OutboundError(.cannotConnect, "nobody is there")), "nobody is there"),
    ])
    func `what is missing or makes no sense is told, with the trigger`(
        answer: ScriptedTransport.Answer,
        text: String
    ) async throws {
        let error = await #expect(throws: SimulationError.self) {
            try await Self.history(Self.jobs, from: ScriptedTransport { _ in answer }, over: range(100))
        }
        let told = try #require(error?.description)
        #expect(told.hasPrefix("trigger 1 (postgresql): Prometheus http://prometheus:9090/base: "), "\(told)")
        #expect(told.contains(text), "\(told)")
    }

    @Test func `a sample may be let hold longer`() async throws {
        let transport = ScriptedTransport { _ in .json(Self.matrix([(0, "1"), (80, "2")])) }
        let all = try await Self.history(Self.jobs, from: transport, over: range(100), longestHold: .seconds(80))
        #expect(all == ["1": series([(0, 1), (80, 2)])])
    }

    @Test func `too many moments are refused before anything is asked`() async throws {
        let often = queue("  pollingInterval: 1")
        let transport = ScriptedTransport()
        let error = await #expect(throws: SimulationError.self) {
            try await Self.history(often, from: transport, over: range(600_001))
        }
        #expect(error?.description.contains("600001 moments are too many") == true)
        #expect(transport.requests.isEmpty)
    }
}
