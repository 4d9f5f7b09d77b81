import KubeClient
import KubeModel
import Scaling
import TestKit

extension TestCluster {
    /// Creates a Deployment at rest and a ScaledObject for it, polled each second; `spec` wins over what it would have.
    func scaled(
        _ name: String,
        by triggers: [JSONValue],
        spec: JSONValue = [:],
        annotations: JSONValue = [:],
        labels: JSONValue = [:]
    ) async throws {
        try await deploy(name, replicas: 0)
        var whole: JSONValue = [
            "scaleTargetRef": ["name": .string(name)], "pollingInterval": 1, "cooldownPeriod": 1,
            "triggers": .array(triggers),
        ]
        for (key, value) in spec.object ?? [:] { whole[key] = value }
        let object: JSONValue = [
            "apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject",
            "metadata": ["name": .string(name), "annotations": annotations, "labels": labels], "spec": whole,
        ]
        _ = try await client.send(.create(object, as: ScaledObject.resourceType, in: namespace))
    }

    /// Changes the spec of a ScaledObject.
    func respec(_ name: String, _ changes: JSONValue) async throws {
        _ = try await client.patch(ScaledObject.self, key(name), with: ["spec": changes])
    }

    /// Sets an annotation of a ScaledObject, or takes it off.
    func annotate(_ name: String, _ annotation: String, _ value: String?) async throws {
        let changes: JSONValue = ["annotations": [annotation: value.map { .string($0) } ?? .null]]
        _ = try await client.patch(ScaledObject.self, key(name), with: ["metadata": changes])
    }

    /// An HPA of any name, if it exists.
    func autoscaler(_ name: String) async throws -> HorizontalPodAutoscaler? {
        let type = try await Discovery(client).horizontalPodAutoscaler()
        do {
            return try await client.get(HorizontalPodAutoscaler.self, key(name), as: type)
        } catch {
            guard error.isNotFound else { throw error }
            return nil
        }
    }

    /// Changes an HPA behind the operator's back.
    func tamper(with name: String, _ changes: JSONValue) async throws {
        let type = try await Discovery(client).horizontalPodAutoscaler()
        _ = try await client.patch(HorizontalPodAutoscaler.self, key(name), with: changes, as: type)
    }

    /// Waits until a Deployment wants so many pods.
    func reach(_ pods: Int, _ name: String) async throws {
        try await eventually("\(pods) pods of \(name)", within: .seconds(60)) { try await replicas(name) == pods }
    }

    /// Waits until a condition has a status and, if that is given, a reason.
    func reach(
        _ kind: ScaledObjectStatus.Condition.Kind,
        _ status: ScaledObjectStatus.Condition.Truth,
        _ reason: String? = nil,
        of name: String
    ) async throws {
        try await eventually("\(kind) \(status) \(reason ?? "")", within: .seconds(60)) {
            let condition = try await condition(kind, of: name)
            return condition?.status == status && (reason == nil || condition?.reason == reason)
        }
    }

    /// Waits until an event of a reason has been told of an object.
    func reach(event reason: String, about name: String) async throws {
        try await eventually("the event \(reason)", within: .seconds(60)) {
            try await !events(reason, about: name).isEmpty
        }
    }
}
