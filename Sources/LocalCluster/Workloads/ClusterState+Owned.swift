import Foundation
import KubeModel

/// What the loops share: objects made, changed and found by their controller.
extension ClusterState {
    /// Objects of a kind that an object controls, by name.
    func controlled(_ kind: Kind.ID, by owner: JSONValue) -> [(id: ObjectID, object: JSONValue)] {
        (dependents[owner.uid] ?? [])
            .filter { $0.kind == kind }
            .sorted { $0.key < $1.key }
            .compactMap { id in
                guard let object = self[id], object.controller?["uid"]?.string == owner.uid else { return nil }
                return (id, object)
            }
    }

    /// The pods of a ReplicaSet or StatefulSet that are, or may yet be, at work.
    func livePods(of owner: JSONValue) -> [(id: ObjectID, object: JSONValue)] {
        controlled(BuiltInKinds.ID.pods, by: owner)
            .filter { pod in
                !pod.object.isTerminating
                    && !["Failed", "Succeeded"].contains(pod.object[path: "status", "phase"]?.string)
            }
    }

    /// Stores a new object that a controller makes.
    ///
    /// - Returns: where it is; `nil` where the name is taken, the namespace is going or a bound is reached.
    @discardableResult
    mutating func make(_ object: JSONValue, _ kind: Kind, for owner: JSONValue, now: Date) -> ObjectID? {
        let id = ObjectID(kind: kind.id, key: ObjectKey(namespace: owner.namespace, name: object.name))
        let namespace = ObjectID(
            kind: BuiltInKinds.ID.namespaces,
            key: ObjectKey(namespace: "", name: owner.namespace)
        )
        guard self[id] == nil, self[namespace]?.isTerminating == false, objectCount < settings.objectCapacity else {
            return nil
        }
        var object = object
        object["apiVersion"] = .string(kind.storedVersion.description)
        object["kind"] = .string(kind.names.kind)
        object[meta: "namespace"] = .string(owner.namespace)
        object[meta: "ownerReferences"] = [
            [
                "apiVersion": owner["apiVersion"] ?? "", "kind": owner["kind"] ?? "", "name": .string(owner.name),
                "uid": .string(owner.uid), "controller": true, "blockOwnerDeletion": true,
            ]
        ]
        kind.fill(&object)
        put(born(object, kind, now: now), at: id)
        return id
    }

    /// Makes a pod from a template.
    ///
    /// - Returns: whether there was room for it.
    mutating func makePod(
        named name: String,
        from template: JSONValue,
        adding labels: [String: String] = [:],
        spec extra: [String: JSONValue] = [:],
        for owner: JSONValue,
        now: Date
    ) -> Bool {
        guard shelf(BuiltInKinds.ID.pods).objects.count < settings.podCapacity else {
            let message =
                "Error creating: pods \"\(name)\" is forbidden: the local cluster has room for "
                + "\(settings.podCapacity) pods"
            record(.init(type: "Warning", reason: "FailedCreate", message: message), about: owner, now: now)
            return false
        }
        var pod = template
        pod[meta: "name"] = .string(name)
        pod[meta: "creationTimestamp"] = nil
        for (label, value) in labels { pod[path: "metadata", "labels", label] = .string(value) }
        for (field, value) in extra { pod[path: "spec", field] = value }
        return make(pod, BuiltInKinds.pods, for: owner, now: now) != nil
    }

    /// Sets `status` if it differs.
    mutating func setStatus(_ status: JSONValue, of id: ObjectID) {
        guard var object = self[id], object["status"] != status else { return }
        object["status"] = status
        put(object, at: id)
    }

    /// How many of some pods are Ready, and how many have been for long enough to count as available.
    ///
    /// The object at `id` is looked at again once another pod has been Ready for long enough.
    mutating func readiness(
        of pods: [(id: ObjectID, object: JSONValue)],
        for minimum: Int,
        _ id: ObjectID,
        now: Date
    ) -> (ready: Int, available: Int) {
        var (ready, available) = (0, 0)
        for pod in pods {
            guard let since = PodLife.readySince(pod.object) else { continue }
            ready += 1
            let time = since.addingTimeInterval(TimeInterval(minimum))
            if time <= now || minimum == 0 { available += 1 } else { wake(id, at: time) }
        }
        return (ready, available)
    }
}

/// Go's `omitempty` for counts: a zero is left out.
func counts(_ values: KeyValuePairs<String, Int>) -> JSONValue {
    .object(
        Dictionary(values.filter { $0.value != 0 }.map { ($0.key, .integer(Int64($0.value))) }) { _, last in last }
    )
}

/// A short name for a template: equal templates have equal ones.
///
/// - Source: Kubernetes, `pkg/controller/controller_utils.go`, `ComputeHash`, in form; the values differ.
enum TemplateHash {
    /// Eight to ten characters.
    static func text(of template: JSONValue) -> String {
        String(String(number(template.encoded())).utf8.map { NameMaker.letters[Int($0) % NameMaker.letters.count] })
    }

    /// FNV-1a, 32 bits.
    static func number(_ bytes: [UInt8]) -> UInt32 {
        bytes.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
