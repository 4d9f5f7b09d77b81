import Foundation
import KubeClient
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// The direct engine on the real control plane: no HPA between the metrics and the replicas.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct DirectEngine {
        @Test func `from zero straight to what is wanted, without an HPA, and over to an HPA without a step`()
            async throws
        {
            try await SwellProcess.with(["--webhook-bind-address", "0", "--engine", "direct"]) {
                try await TestCluster.with { cluster in
                    try await Neighbours.deploy("web", replicas: 0, in: cluster)
                    try await Neighbours.create("web", [Neighbours.always(3)], in: cluster)
                    try await eventually("three replicas", within: .seconds(60)) {
                        try await cluster.replicas("web") == 3
                    }
                    let hpas = try await cluster.kubectl("get", "hpa", "-n", cluster.namespace, "-o", "name")
                    #expect(hpas.isEmpty, "\(hpas)")
                    let events = try await cluster.kubectl("get", "events", "-n", cluster.namespace, "-o", "json")
                    #expect(events.contains("from 0 to 3"))
                    let hpa: JSONValue = ["metadata": ["annotations": [ScalingEngine.annotation: "hpa"]]]
                    _ = try await cluster.client.patch(ScaledObject.self, cluster.key("web"), with: hpa)
                    try await eventually("an HPA that looks", within: .seconds(60)) {
                        try await cluster.hpa("web").status?.currentReplicas == 3
                    }
                    #expect(try await cluster.replicas("web") == 3)
                    let direct: JSONValue = ["metadata": ["annotations": [ScalingEngine.annotation: "direct"]]]
                    _ = try await cluster.client.patch(ScaledObject.self, cluster.key("web"), with: direct)
                    try await eventually("no HPA", within: .seconds(60)) {
                        try await cluster.kubectl("get", "hpa", "-n", cluster.namespace, "-o", "name").isEmpty
                    }
                    #expect(try await cluster.replicas("web") == 3)
                }
            }
        }
    }
}
