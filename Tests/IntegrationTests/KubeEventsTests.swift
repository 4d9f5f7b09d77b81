import KubeClient
import KubeModel
import KubeRuntime
import TestKit
import Testing

extension RealServers {
    @Suite(.timeLimit(.minutes(5))) struct KubeEvents {
        @Test func `what is recorded is seen by kubectl, and repetitions are counted`() async throws {
            try await TestCluster.with { cluster in
                let map = try await cluster.client.create(cluster.map("m", "1"))
                let recorder = EventRecorder(
                    cluster.client,
                    controller: "keda-operator",
                    instance: "pod-1",
                    logger: TestCluster.silence
                )
                let regarding = EventObject.Reference(
                    apiVersion: "v1",
                    kind: "ConfigMap",
                    namespace: cluster.namespace,
                    name: "m",
                    uid: map.metadata.uid
                )
                let occurrence = Occurrence(
                    .warning,
                    reason: "KEDAScalerFailed",
                    action: "Poll",
                    note: "no answer \(String(repeating: "é", count: 1000))",
                    regarding: regarding
                )
                // Ended in good order, for a write whose answer is on its way when it is called off counts as dropped.
                try await withServices([recorder]) {
                    recorder.record(occurrence)
                    try await eventually("the event", within: .seconds(30)) {
                        try await cluster.events("KEDAScalerFailed", about: "m") == [occurrence.note]
                    }
                    recorder.record(occurrence)
                    recorder.record(occurrence)
                    try await eventually("the count", within: .seconds(30)) {
                        let list = try await cluster.client.list(
                            EventObject.self,
                            Selection(namespace: cluster.namespace)
                        )
                        return list.items.map(\.series?.count) == [3]
                    }
                }
                #expect(recorder.dropped == 0)
                let shown = try await cluster.kubectl("get", "events", "-n", cluster.namespace)
                #expect(
                    shown.contains("Warning") && shown.contains("KEDAScalerFailed") && shown.contains("configmap/m")
                )
            }
        }
    }
}
