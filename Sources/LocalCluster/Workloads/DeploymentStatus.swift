import Foundation
import KubeModel

/// What a Deployment says of itself.
///
/// - Source: Kubernetes, `pkg/controller/deployment/sync.go`, `calculateStatus`; `progress.go`.
enum DeploymentStatus {
    /// The status that follows from the Deployment's ReplicaSets.
    static func status(of deployment: JSONValue, new: JSONValue, all sets: [JSONValue], now: Date) -> JSONValue {
        func sum(_ field: String) -> Int { sets.reduce(0) { $0 + $1.count("status", field) } }
        let (wanted, available) = (deployment.count("spec", "replicas"), sum("availableReplicas"))
        let (total, updated) = (sum("replicas"), new.count("status", "replicas"))
        var status = counts([
            "replicas": total, "updatedReplicas": updated, "readyReplicas": sum("readyReplicas"),
            "availableReplicas": available, "unavailableReplicas": max(0, max(total, wanted) - available),
        ])
        status["observedGeneration"] = .integer(deployment.generation)
        let isComplete = updated == wanted && total == wanted && available == wanted
        let isEnough = available >= wanted - RolloutPlan(deployment).slack
        let known = deployment[path: "status", "conditions"]?.array ?? []
        status["conditions"] = [
            condition(
                "Available",
                isEnough,
                isEnough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                "Deployment \(isEnough ? "has" : "does not have") minimum availability.",
                known,
                now
            ),
            condition(
                "Progressing",
                true,
                isComplete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                "ReplicaSet \"\(new.name)\" \(isComplete ? "has successfully progressed" : "is progressing").",
                known,
                now
            ),
        ]
        return status
    }

    /// A condition; its times stay while nothing changes.
    private static func condition(
        _ type: String,
        _ holds: Bool,
        _ reason: String,
        _ message: String,
        _ known: [JSONValue],
        _ now: Date
    ) -> JSONValue {
        let time = JSONValue.string(RFC3339.seconds(now))
        let old = known.first { $0["type"] == .string(type) }
        let status: JSONValue = holds ? "True" : "False"
        let isSame =
            old?["status"] == status && old?["reason"] == .string(reason) && old?["message"] == .string(message)
        return [
            "type": .string(type), "status": status, "reason": .string(reason), "message": .string(message),
            "lastUpdateTime": isSame ? old?["lastUpdateTime"] ?? time : time,
            "lastTransitionTime": old?["status"] == status ? old?["lastTransitionTime"] ?? time : time,
        ]
    }
}
