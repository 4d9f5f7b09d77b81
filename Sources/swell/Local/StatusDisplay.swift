import Foundation
import KubeClient
import KubeModel
import Operator
import Outbound
import ServiceLifecycle

/// Shows the table, drawn anew each second on a terminal, and after each change where the output goes elsewhere.
struct StatusDisplay: Service {
    /// Who knows what happens.
    let scaling: ScalingOperator
    /// The cluster.
    let client: KubeClient
    /// Where HPAs are.
    let hpaType: ResourceType
    /// How long to show; `nil` until shutdown.
    let duration: Duration?
    /// Whether the output can be drawn over.
    let isTerminal: Bool
    /// The clocks.
    let time: TimeSource
    /// Takes a text.
    let write: @Sendable (String) -> Void

    /// Shows until the duration is over, or until shutdown.
    func run() async throws {
        let start = time.uptime()
        try await cancelWhenGracefulShutdown {
            var shown: StatusTable?
            while duration.map({ time.uptime() - start < $0 }) ?? true {
                let table = try await table()
                if isTerminal {
                    write("\u{1B}[H\u{1B}[J" + heading(since: start) + "\n" + table.text + "\n")
                } else if table != shown {
                    write(heading(since: start) + "\n" + table.text + "\n\n")
                }
                shown = table
                // Only shutdown ends a sleep early, and it ends the loop.
                guard (try? await time.sleep(.seconds(1))) != nil else { return }
            }
        }
    }

    /// The line above the table.
    private func heading(since start: Duration) -> String {
        let seconds = (time.uptime() - start).components.seconds
        let end = duration.map { " of \($0.components.seconds)" } ?? ""
        return "swell local, \(seconds)\(end) s"
    }

    /// The table of now.
    private func table() async throws -> StatusTable {
        let objects = scaling.overview
        var (replicas, wanted): ([ObjectKey: Int], [ObjectKey: Int]) = ([:], [:])
        let hpas = try await client.answer(to: .list(hpaType), as: KubeList<HorizontalPodAutoscaler>.self).items
        for object in objects {
            // A target that is gone has no number; the table says "-".
            replicas[object.object] = try? await client.scale(of: object.targetType, object.target).replicas
            let hpa = hpas.first {
                $0.key.namespace == object.object.namespace
                    && $0.metadata.ownerReferences?.contains { $0.name == object.object.name } == true
            }
            wanted[object.object] = hpa?.status?.desiredReplicas
        }
        return StatusTable(objects, replicas: replicas, wanted: wanted)
    }
}
