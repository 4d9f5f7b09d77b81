import Foundation
import KubeModel

/// Keeps as many pods as a ReplicaSet wants.
///
/// Pods that nobody controls are not adopted.
///
/// - Source: Kubernetes, `pkg/controller/replicaset/replica_set.go`.
extension ClusterState {
    /// One look at one ReplicaSet.
    mutating func runReplicaSet(_ id: ObjectID, now: Date) {
        guard let set = self[id], !set.isTerminating else { return }
        let (pods, wanted) = (livePods(of: set), set.count("spec", "replicas"))
        if pods.count > wanted {
            for pod in Self.firstToGo(pods).prefix(pods.count - wanted) { beginDeletion(pod.id, now: now) }
        }
        for _ in 0..<max(0, wanted - pods.count) {
            let name = "\(set.name)-\(names.suffix())"
            guard makePod(named: name, from: set[path: "spec", "template"] ?? [:], for: set, now: now) else {
                wake(id, at: now.addingTimeInterval(Self.retryDelay))
                break
            }
        }
        let present = livePods(of: set)
        let (ready, available) = readiness(of: present, for: set.count("spec", "minReadySeconds"), id, now: now)
        var status = counts([
            "fullyLabeledReplicas": present.count, "readyReplicas": ready, "availableReplicas": available,
        ])
        status["replicas"] = .integer(Int64(present.count))
        status["observedGeneration"] = .integer(set.generation)
        setStatus(status, of: id)
    }

    /// Seconds until another try where a pod found no room.
    private static let retryDelay: TimeInterval = 10

    /// Pods in the order in which they are given up: those not Ready, then the newest.
    private static func firstToGo(_ pods: [(id: ObjectID, object: JSONValue)]) -> [(id: ObjectID, object: JSONValue)] {
        func rank(_ pod: JSONValue) -> (Int, String, String) {
            (PodLife.readySince(pod) == nil ? 1 : 0, pod[meta: "creationTimestamp"]?.string ?? "", pod.name)
        }
        return pods.sorted { rank($0.object) > rank($1.object) }
    }
}
