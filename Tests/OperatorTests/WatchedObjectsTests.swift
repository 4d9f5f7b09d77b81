import KubeClient
import KubeModel
import Logging
import Outbound
import ScalerKit
import Scalers
import ServiceLifecycle
import TestKit
import Testing

@testable import Operator

@Suite struct WatchedObjectsTests {
    @Test func `only objects with the labels that were asked for are listed`() async throws {
        let transport = ScriptedTransport { _ in .json("{}", status: 500) }
        let client = KubeClient(
            KubeConfiguration(server: WebAddress(scheme: "http", host: "k", port: 80)),
            over: transport
        )
        var settings = ScalingOperator.Settings(version: "1", instance: "x")
        settings.watchedObjects = try LabelSelector(parsing: "tier in (gold,silver)")
        let scaling = ScalingOperator(
            settings,
            registry: .builtIn,
            outside: ScalingOperator.Outside(
                client: client,
                hpaType: HorizontalPodAutoscaler.resourceType,
                http: ScriptedTransport(),
                sql: AnsweringSQL { _ in throw OutboundError(.cannotConnect, "no database") },
                time: .system
            ),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in scaling.watches { group.addTask { try await service.run() } }
            try await eventually("the lists") {
                ["/scaledobjects?", "/scaledjobs?"]
                    .allSatisfy { kind in transport.lines.contains { $0.contains(kind) } }
            }
            group.cancelAll()
        }
        for kind in ["/scaledobjects?", "/scaledjobs?"] {
            let lists = transport.lines.filter { $0.contains(kind) }
            #expect(lists.allSatisfy { $0.contains("labelSelector=tier%20in%20%28gold%2Csilver%29") }, "\(lists)")
        }
    }
}
