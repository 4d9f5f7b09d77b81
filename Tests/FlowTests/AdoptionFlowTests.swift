import KubeClient
import KubeModel
import Scaling
import Synchronization
import TestKit
import Testing

@testable import Operator

@Suite struct AdoptionFlowTests {
    /// The annotation of `kubectl apply`, which KEDA copies to the HPA like all others.
    static let applied: JSONValue = ["kubectl.kubernetes.io/last-applied-configuration": "{}"]

    /// What KEDA 2.20.1 leaves of a ScaledObject that is awake with three pods.
    func left() async throws -> Flow {
        let flow = try await Flow(replicas: 3) { $0.maxReplicaCount = 10 }
        let object = try await flow.client.patch(
            ScaledObject.self,
            Flow.key,
            with: [
                "metadata": [
                    "finalizers": ["finalizer.keda.sh"], "labels": ["scaledobject.keda.sh/name": "web"],
                    "annotations": Self.applied,
                ]
            ]
        )
        _ = try await flow.client.patch(
            ScaledObject.self,
            Flow.key,
            subresource: "status",
            with: ["status": try status(since: Timestamp(flow.clock.now))]
        )
        let hpa = try hpa(owner: try #require(object.metadata.uid))
        _ = try await flow.client.send(.create(hpa, as: HorizontalPodAutoscaler.resourceType, in: "default"))
        flow.writes.withLock { $0 = [] }
        return flow
    }

    /// The status that KEDA has written.
    func status(since moment: Timestamp) throws -> JSONValue {
        [
            "scaleTargetKind": "apps/v1.Deployment",
            "scaleTargetGVKR": ["group": "apps", "version": "v1", "kind": "Deployment", "resource": "deployments"],
            "originalReplicaCount": 1, "lastActiveTime": try KubeJSON.value(of: moment),
            "externalMetricNames": ["s0-prometheus"], "hpaName": "keda-hpa-web", "triggersTypes": "prometheus",
            "authenticationsTypes": "", "triggersActivity": ["s0-prometheus": ["isActive": true]],
            "conditions": [
                [
                    "type": "Ready", "status": "True", "reason": "ScaledObjectReady",
                    "message": "ScaledObject is defined correctly and is ready for scaling",
                ],
                [
                    "type": "Active", "status": "True", "reason": "ScalerActive",
                    "message": "Scaling is performed because triggers are active",
                ],
                ["type": "Fallback", "status": "False", "reason": "NoFallbackFound"],
                ["type": "Paused", "status": "False"],
            ],
        ]
    }

    /// The HPA that KEDA has made, with the API server's defaults.
    func hpa(owner uid: String) throws -> JSONValue {
        let metric: JSONValue = [
            "type": "External",
            "external": [
                "metric": [
                    "name": "s0-prometheus",
                    "selector": ["matchLabels": ["scaledobject.keda.sh/name": "web"]],
                ],
                "target": ["type": "AverageValue", "averageValue": "10"],
            ],
        ]
        let owner: JSONValue = [
            "apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "name": "web", "uid": .string(uid),
            "controller": true, "blockOwnerDeletion": true,
        ]
        return [
            "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
            "metadata": [
                "name": "keda-hpa-web", "annotations": Self.applied, "ownerReferences": [owner],
                "labels": [
                    "app.kubernetes.io/managed-by": "keda-operator", "app.kubernetes.io/name": "keda-hpa-web",
                    "app.kubernetes.io/part-of": "web", "app.kubernetes.io/version": "2.20.1",
                    "scaledobject.keda.sh/name": "web",
                ],
            ],
            "spec": [
                "minReplicas": 1, "maxReplicas": 10, "metrics": [metric],
                "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": "web"],
            ],
        ]
    }

    @Test func `what KEDA left is taken over in place, without a rescale`() async throws {
        let flow = try await left()
        let (hpa, status) = (try #require(try await flow.hpa), try #require(try await flow.status))
        flow.set(.value(25))
        try await flow.pass()
        let taken = try #require(try await flow.hpa)
        #expect(taken.metadata.uid == hpa.metadata.uid)
        #expect(taken.metadata.labels?["app.kubernetes.io/version"] == "1.0.0")
        #expect(taken.spec == hpa.spec)
        #expect(taken.metadata.annotations == hpa.metadata.annotations)
        #expect(taken.metadata.ownerReferences == hpa.metadata.ownerReferences)
        let writes = flow.writes.withLock { $0 }
        #expect(writes.allSatisfy { !$0.hasSuffix("/scale") && !$0.hasPrefix("DELETE") && !$0.hasPrefix("POST") })
        #expect(try await flow.replicas == 3)
        #expect(try await flow.status?.originalReplicaCount == status.originalReplicaCount)
        #expect(try await flow.status?[.ready] == status[.ready])
        try await flow.ticks(1)
        flow.writes.withLock { $0 = [] }
        try await flow.ticks(5)
        #expect(flow.writes.withLock { $0 } == [])
    }

    @Test func `what we leave is what KEDA expects`() async throws {
        let flow = try await left()
        flow.set(.value(25))
        try await flow.pass()
        let object = try await flow.client.get(ScaledObject.self, Flow.key)
        #expect(object.metadata.finalizers == ["finalizer.keda.sh"])
        #expect(object.metadata.labels?["scaledobject.keda.sh/name"] == "web")
        // KEDA finds the HPA by the first, the target by the second, and scales only with both.
        #expect(object.status?.hpaName == "keda-hpa-web")
        #expect(object.status?.scaleTargetGVKR == .init(Flow.deployments))
        let conditions = try #require(object.status?.conditions)
        #expect(conditions.map(\.type).prefix(4) == [.ready, .active, .fallback, .paused])
        let hpa = try #require(try await flow.hpa)
        #expect(hpa.metadata.ownerReferences?.map(\.kind) == ["ScaledObject"])
        #expect(hpa.metadata.labels?["app.kubernetes.io/managed-by"] == "keda-operator")
    }
}
