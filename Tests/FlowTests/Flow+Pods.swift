import Foundation
import KubeClient
import KubeModel
import Outbound
import Synchronization
import TestKit

@testable import Operator

extension Flow {
    /// Puts pods of the Deployment into the cluster that have been running and ready for an hour.
    func run(_ names: String..., requests: JSONValue = ["cpu": "1", "memory": "1Gi"]) async throws {
        let before = JSONValue.string(RFC3339.seconds(clock.source.now().addingTimeInterval(-3600)))
        for name in names {
            try await plant(name, requests: requests)
            try await tell(
                name,
                [
                    "phase": "Running", "startTime": before,
                    "conditions": [["type": "Ready", "status": "True", "lastTransitionTime": before]],
                ]
            )
        }
    }

    /// Puts a pod of the Deployment into the cluster that nobody runs yet.
    func plant(_ name: String, requests: JSONValue = ["cpu": "1", "memory": "1Gi"]) async throws {
        let pod: JSONValue = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "labels": ["app": "web"]],
            "spec": ["containers": [["name": "main", "image": "none", "resources": ["requests": requests]]]],
        ]
        _ = try await client.send(.create(pod, as: Pod.resourceType, in: "default"))
    }

    /// Says how a pod is.
    private func tell(_ name: String, _ status: JSONValue) async throws {
        let key = ObjectKey(namespace: "default", name: name)
        _ = try await client.patch(Pod.self, key, subresource: "status", with: ["status": status])
    }

    /// Says what pods use from now on, cpu and memory of the one container of each.
    func measure(_ usage: [String: (cpu: String, memory: String)]) throws {
        let time = JSONValue.string(RFC3339.seconds(clock.source.now()))
        let items = usage.map { name, usage -> JSONValue in
            let used: JSONValue = ["cpu": .string(usage.cpu), "memory": .string(usage.memory)]
            return [
                "metadata": ["name": .string(name), "namespace": "default"], "timestamp": time, "window": "30s",
                "containers": [["name": "main", "usage": used]],
            ]
        }
        let list: JSONValue = ["kind": "PodMetricsList", "metadata": [:], "items": .array(items)]
        let body = try KubeJSON.encode(list)
        measured.withLock { $0.answer = HTTPResponse(status: 200, body: body) }
    }

    /// Takes away who measures pods.
    func measureNothing(status: Int = 503) {
        let text = #"{"kind":"Status","code":\#(status),"message":"metrics are out for a while"}"#
        measured.withLock { $0.answer = HTTPResponse(status: status, body: Array(text.utf8)) }
    }
}
