import Foundation
import KubeClient
import KubeModel
import KubeRuntime
import TestKit
import Testing

extension RealServers {
    /// Our rules against the real HPA controller, look by look.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct HPAAgreement {
        /// The first of the seeds: `SWELL_TEST_SEED` if set, else the one of the traces that are kept.
        static let seed = ProcessInfo.processInfo.environment["SWELL_TEST_SEED"].flatMap(UInt64.init) ?? 1

        /// Whether the traces are to be kept.
        static let keeps = ProcessInfo.processInfo.environment["SWELL_TEST_KEEP_TRACES"] == "1"

        @Test func `fifty random series go as the rules say, on every look`() async throws {
            let series = AgreementSeries.fifty(from: Self.seed)
            let board = AgreementBoard(series)
            try await MetricsAPITestServer.with(board) { server in
                let cluster = server.cluster
                try await server.aggregated {
                    try await AgreementTarget.define(in: cluster)
                    do {
                        try await Self.live(series, board, in: cluster)
                    } catch {
                        try await AgreementTarget.remove(from: cluster)
                        throw error
                    }
                    try await AgreementTarget.remove(from: cluster)
                }
            }
            for (run, written) in board.results {
                let count = min(run.statuses.count, written.count)
                let place = (0..<count).first { run.statuses[$0] != written[$0] } ?? count
                let difference = """
                    seed \(run.series.trace.seed) (\(run.series.trace.theme)), status \(place): expected \
                    \(run.statuses.dropFirst(place).prefix(1)), the controller wrote \(written.dropFirst(place).prefix(1))
                    """
                #expect(written == run.statuses, "\(difference)")
            }
            if Self.keeps, board.results.allSatisfy({ $0.written == $0.run.statuses }) {
                try AutoscalerTrace.keep(board.results.map(\.run.trace))
            }
        }

        /// Lets the controller live through all series.
        private static func live(
            _ series: [AgreementSeries],
            _ board: AgreementBoard,
            in cluster: TestCluster
        ) async throws {
            let type = try await Discovery(cluster.client).horizontalPodAutoscaler()
            let reflector = Reflector<HorizontalPodAutoscaler, Bool>(
                cluster.client,
                in: [cluster.namespace],
                as: type,
                logger: TestCluster.silence
            ) { hpa in
                board.note(hpa)
                return true
            }
            try await withThrowingTaskGroup { group in
                group.addTask { await reflector.run() }
                defer { group.cancelAll() }
                try await eventually("the first list", within: .seconds(60)) { reflector.store.isSynced }
                for series in series { try await create(series, as: type, in: cluster) }
                for series in series {
                    guard let replicas = series.wakesTo else { continue }
                    try await eventually("a look at \(series.name)", within: .seconds(60)) {
                        board.hasSeen(series.name)
                    }
                    let key = cluster.key(series.name)
                    _ = try await cluster.client.setScale(of: AgreementTarget.type, key, to: replicas)
                }
                do {
                    try await eventually("the end of all series", within: .seconds(120)) { board.unfinished.isEmpty }
                } catch is NeverHappened {
                    Issue.record("these did not come to their end as they must: \(board.unfinished)")
                }
            }
        }

        /// Creates a series' pods, target and HPA.
        private static func create(
            _ series: AgreementSeries,
            as type: ResourceType,
            in cluster: TestCluster
        ) async throws {
            let pods = ResourceType(GroupVersion("", "v1"), kind: "Pod", plural: "pods")
            for (index, isReady) in series.trace.pods.enumerated() {
                let pod = AgreementTarget.pod(index, of: series)
                _ = try await cluster.client.send(.create(pod, as: pods, in: cluster.namespace))
                let key = cluster.key("\(series.name)-\(index)")
                let status = AgreementTarget.podStatus(isReady: isReady)
                _ = try await cluster.client.send(.patch(pods, key, subresource: "status", with: status))
            }
            let target = AgreementTarget.object(for: series)
            _ = try await cluster.client.send(.create(target, as: AgreementTarget.type, in: cluster.namespace))
            let hpa = HorizontalPodAutoscaler(
                apiVersion: type.groupVersion.description,
                metadata: ObjectMeta(name: series.name, namespace: cluster.namespace),
                spec: series.trace.spec
            )
            _ = try await cluster.client.send(.create(hpa, as: type, in: cluster.namespace))
        }
    }
}
