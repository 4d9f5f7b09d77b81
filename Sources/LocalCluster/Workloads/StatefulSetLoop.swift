import Foundation
import KubeModel

/// Keeps the pods `<name>-0` to `<name>-<n-1>` of a StatefulSet.
///
/// No volumes are made for claim templates.
///
/// - Source: Kubernetes, `pkg/controller/statefulset/stateful_set_control.go`.
extension ClusterState {
    /// One look at one StatefulSet.
    mutating func runStatefulSet(_ id: ObjectID, now: Date) {
        guard let set = self[id], !set.isTerminating else { return }
        let revision = "\(set.name)-\(TemplateHash.text(of: set[path: "spec", "template"] ?? [:]))"
        let isOrdered = set[path: "spec", "podManagementPolicy"] != "Parallel"
        let wanted = max(0, set.count("spec", "replicas"))
        let isSteady =
            shrink(set, to: wanted, isOrdered: isOrdered, now: now)
            && grow(set, to: wanted, revision, isOrdered: isOrdered, now: now)
        if isSteady { replaceOutdated(set, revision, now: now) }
        describe(id, set, revision, now: now)
    }

    /// A pod's number.
    private static func ordinal(of pod: JSONValue, in set: JSONValue) -> Int? {
        Int(pod.name.dropFirst(set.name.count + 1))
    }

    /// The pods by number.
    private func pods(of set: JSONValue) -> [Int: JSONValue] {
        Dictionary(
            livePods(of: set).compactMap { pod in Self.ordinal(of: pod.object, in: set).map { ($0, pod.object) } }
        ) { first, _ in first }
    }

    /// Removes pods from the highest number down.
    ///
    /// - Returns: whether there was none to remove.
    private mutating func shrink(_ set: JSONValue, to wanted: Int, isOrdered: Bool, now: Date) -> Bool {
        let surplus = pods(of: set).filter { $0.key >= wanted }.sorted { $0.key > $1.key }
        for (_, pod) in surplus.prefix(isOrdered ? 1 : surplus.count) { delete(pod, of: set, now: now) }
        return surplus.isEmpty
    }

    /// Makes missing pods from the lowest number up; in order, each waits for those before it to be Ready.
    ///
    /// - Returns: whether none was missing or waited for.
    private mutating func grow(
        _ set: JSONValue,
        to wanted: Int,
        _ revision: String,
        isOrdered: Bool,
        now: Date
    ) -> Bool {
        let present = pods(of: set)
        for number in 0..<wanted {
            if let pod = present[number] {
                if isOrdered, PodLife.readySince(pod) == nil { return false }
                continue
            }
            let name = "\(set.name)-\(number)"
            let isMade = makePod(
                named: name,
                from: set[path: "spec", "template"] ?? [:],
                adding: [
                    "statefulset.kubernetes.io/pod-name": name, "apps.kubernetes.io/pod-index": String(number),
                    Self.revisionLabel: revision,
                ],
                spec: ["hostname": .string(name), "subdomain": set[path: "spec", "serviceName"] ?? ""],
                for: set,
                now: now
            )
            guard isMade else { return false }
            note("SuccessfulCreate", "create", name, set, now: now)
            if isOrdered { return false }
        }
        return true
    }

    /// Deletes the outdated pod with the highest number, one at a time; it comes back from the new template.
    private mutating func replaceOutdated(_ set: JSONValue, _ revision: String, now: Date) {
        guard set[path: "spec", "updateStrategy", "type"] != "OnDelete" else { return }
        let partition = set.count("spec", "updateStrategy", "rollingUpdate", "partition")
        let present = pods(of: set)
        guard present.values.allSatisfy({ PodLife.readySince($0) != nil }) else { return }
        let outdated = present.filter { $0.key >= partition && $0.value.labels[Self.revisionLabel] != revision }
        if let pod = outdated.max(by: { $0.key < $1.key })?.value { delete(pod, of: set, now: now) }
    }

    /// Deletes a pod and says so.
    private mutating func delete(_ pod: JSONValue, of set: JSONValue, now: Date) {
        let id = ObjectID(kind: BuiltInKinds.ID.pods, key: ObjectKey(namespace: set.namespace, name: pod.name))
        beginDeletion(id, now: now)
        note("SuccessfulDelete", "delete", pod.name, set, now: now)
    }

    /// Tells of a pod that came or went.
    private mutating func note(_ reason: String, _ verb: String, _ pod: String, _ set: JSONValue, now: Date) {
        record(
            RecordedEvent(
                reason: reason,
                message: "\(verb) Pod \(pod) in StatefulSet \(set.name) successful",
                component: "statefulset-controller"
            ),
            about: set,
            now: now
        )
    }

    /// Writes the status.
    private mutating func describe(_ id: ObjectID, _ set: JSONValue, _ revision: String, now: Date) {
        let present = livePods(of: set)
        let (ready, available) = readiness(of: present, for: set.count("spec", "minReadySeconds"), id, now: now)
        let updated = present.count { $0.object.labels[Self.revisionLabel] == revision }
        let former = set[path: "status", "currentRevision"]?.string ?? revision
        let isDone = updated == present.count
        var status = counts([
            "readyReplicas": ready, "updatedReplicas": updated,
            "currentReplicas": isDone ? updated : present.count - updated,
        ])
        status["replicas"] = .integer(Int64(present.count))
        status["availableReplicas"] = .integer(Int64(available))
        status["observedGeneration"] = .integer(set.generation)
        status["collisionCount"] = 0
        status["updateRevision"] = .string(revision)
        status["currentRevision"] = .string(isDone ? revision : former)
        setStatus(status, of: id)
    }

    /// From which template a pod was made.
    private static let revisionLabel = "controller-revision-hash"
}
