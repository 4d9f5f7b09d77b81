import Foundation
import KubeModel

/// Brings a Deployment's pods to its template by way of ReplicaSets.
///
/// - Source: Kubernetes, `pkg/controller/deployment`: `sync.go`, `rolling.go`, `recreate.go`. Proportional scaling in
///   the middle of a rollout and progress deadlines are left out.
extension ClusterState {
    /// One look at one Deployment.
    mutating func runDeployment(_ id: ObjectID, now: Date) {
        guard let deployment = self[id], !deployment.isTerminating else { return }
        let plan = RolloutPlan(deployment)
        let sets = controlled(BuiltInKinds.ID.replicaSets, by: deployment)
        let template = deployment[path: "spec", "template"] ?? [:]
        var current = sets.first { Self.template(of: $0.object) == template }?.id
        if current == nil { current = plan.isPaused ? sets.last?.id : makeReplicaSet(for: deployment, sets, now: now) }
        guard let current else { return }
        mark(current, as: deployment, among: sets.map(\.object))
        let old = sets.map(\.id).filter { $0 != current }
        let wishes = plan.wishes(
            new: RolloutPlan.Member(self[current] ?? [:]),
            old: old.map { RolloutPlan.Member(self[$0] ?? [:]) }
        )
        // First in, then out: a pod that goes makes room for one that comes.
        for (set, wish) in zip(old, wishes.old) { resize(set, to: wish, for: deployment, now: now) }
        resize(current, to: wishes.new, for: deployment, now: now)
        dropHistory(old, keeping: deployment.count("spec", "revisionHistoryLimit"), now: now)
        describe(id, current: current, now: now)
    }

    /// A ReplicaSet's template as its Deployment has it.
    private static func template(of set: JSONValue) -> JSONValue {
        var template = set[path: "spec", "template"] ?? [:]
        template[path: "metadata", "labels", hashLabel] = nil
        return template
    }

    /// Tells pods of different templates apart.
    private static let hashLabel = "pod-template-hash"

    /// Counts the templates of a Deployment.
    private static let revisionAnnotation = "deployment.kubernetes.io/revision"

    /// A new, empty ReplicaSet for the present template.
    private mutating func makeReplicaSet(
        for deployment: JSONValue,
        _ sets: [(id: ObjectID, object: JSONValue)],
        now: Date
    ) -> ObjectID? {
        let hash = TemplateHash.text(of: deployment[path: "spec", "template"] ?? [:])
        var set: JSONValue = [
            "metadata": [
                "name": .string("\(deployment.name)-\(hash)"),
                "labels": deployment[path: "spec", "template", "metadata", "labels"] ?? [:],
            ],
            "spec": [
                "replicas": 0, "selector": deployment[path: "spec", "selector"] ?? [:],
                "template": deployment[path: "spec", "template"] ?? [:],
            ],
        ]
        set[path: "metadata", "labels", Self.hashLabel] = .string(hash)
        set[path: "spec", "selector", "matchLabels", Self.hashLabel] = .string(hash)
        set[path: "spec", "template", "metadata", "labels", Self.hashLabel] = .string(hash)
        if let seconds = deployment[path: "spec", "minReadySeconds"] { set[path: "spec", "minReadySeconds"] = seconds }
        return make(set, BuiltInKinds.replicaSets, for: deployment, now: now)
    }

    /// Numbers the ReplicaSet in use, as `kubectl rollout history` shows it.
    private mutating func mark(_ id: ObjectID, as deployment: JSONValue, among sets: [JSONValue]) {
        guard var set = self[id] else { return }
        let numbers = sets.filter { $0.name != set.name }
            .compactMap { Int($0.annotations[Self.revisionAnnotation] ?? "") }
        let number = String((numbers.max() ?? 0) + 1)
        let wanted = String(deployment.count("spec", "replicas"))
        let own = Int(set.annotations[Self.revisionAnnotation] ?? "") ?? 0
        if own <= numbers.max() ?? 0 { set[path: "metadata", "annotations", Self.revisionAnnotation] = .string(number) }
        set[path: "metadata", "annotations", "deployment.kubernetes.io/desired-replicas"] = .string(wanted)
        if set != self[id] { put(set, at: id) }
    }

    /// Changes the size of a ReplicaSet and says so.
    private mutating func resize(_ id: ObjectID, to replicas: Int, for deployment: JSONValue, now: Date) {
        guard let old = self[id], old.count("spec", "replicas") != replicas else { return }
        var set = old
        set[path: "spec", "replicas"] = .integer(Int64(replicas))
        finish(set, from: old, BuiltInKinds.replicaSets, at: id)
        let before = old.count("spec", "replicas")
        let direction = replicas > before ? "up" : "down"
        record(
            RecordedEvent(
                reason: "ScalingReplicaSet",
                message: "Scaled \(direction) replica set \(old.name) from \(before) to \(replicas)",
                component: "deployment-controller"
            ),
            about: deployment,
            now: now
        )
    }

    /// Deletes empty ReplicaSets of templates long gone.
    private mutating func dropHistory(_ old: [ObjectID], keeping limit: Int, now: Date) {
        let empty = old.compactMap { id -> (id: ObjectID, revision: Int)? in
            guard let set = self[id], set.count("spec", "replicas") == 0, set.count("status", "replicas") == 0 else {
                return nil
            }
            return (id, Int(set.annotations[Self.revisionAnnotation] ?? "") ?? 0)
        }
        for set in empty.sorted(by: { $0.revision < $1.revision }).dropLast(limit) { beginDeletion(set.id, now: now) }
    }

    /// Writes the Deployment's status and the number of its template.
    private mutating func describe(_ id: ObjectID, current: ObjectID, now: Date) {
        guard let old = self[id], let new = self[current] else { return }
        var deployment = old
        deployment[path: "metadata", "annotations", Self.revisionAnnotation] =
            new[path: "metadata", "annotations", Self.revisionAnnotation]
        let sets = controlled(BuiltInKinds.ID.replicaSets, by: old).map(\.object)
        deployment["status"] = DeploymentStatus.status(of: old, new: new, all: sets, now: now)
        if deployment != old { put(deployment, at: id) }
    }
}
