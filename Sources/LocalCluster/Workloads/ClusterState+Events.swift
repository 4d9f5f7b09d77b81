import Foundation
import KubeModel

/// Something that a loop tells people about an object.
struct RecordedEvent: Sendable {
    /// `Normal` or `Warning`.
    var type = "Normal"
    /// For programs.
    var reason: String
    /// For people.
    var message: String
    /// Who says so.
    var component = "replicaset-controller"
}

extension ClusterState {
    /// Writes an event, or counts it once more if it has been said before.
    mutating func record(_ event: RecordedEvent, about object: JSONValue, now: Date) {
        let namespace = object.namespace.isEmpty ? "default" : object.namespace
        let digest = TemplateHash.number([UInt8]("\(object.uid)/\(event.reason)/\(event.message)".utf8))
        let key = ObjectKey(namespace: namespace, name: "\(object.name).\(String(digest, radix: 16))")
        let id = ObjectID(kind: BuiltInKinds.ID.events, key: key)
        let time = JSONValue.string(RFC3339.seconds(now))
        if var known = self[id] {
            known["count"] = .integer((known["count"]?.integer ?? 1) + 1)
            known["lastTimestamp"] = time
            put(known, at: id)
            return
        }
        guard objectCount < settings.objectCapacity else { return }
        let told: JSONValue = [
            "apiVersion": "v1", "kind": "Event",
            "metadata": ["name": .string(key.name), "namespace": .string(namespace)],
            "involvedObject": [
                "apiVersion": object["apiVersion"] ?? "", "kind": object["kind"] ?? "", "name": .string(object.name),
                "namespace": .string(object.namespace), "uid": .string(object.uid),
                "resourceVersion": .string(object.resourceVersion ?? ""),
            ],
            "type": .string(event.type), "reason": .string(event.reason), "message": .string(event.message),
            "source": ["component": .string(event.component)], "reportingComponent": .string(event.component),
            "reportingInstance": "", "firstTimestamp": time, "lastTimestamp": time, "count": 1,
        ]
        put(born(told, BuiltInKinds.events, now: now), at: id)
    }

    /// Removes the oldest tenth when there are too many.
    mutating func boundEvents() {
        let events = shelf(BuiltInKinds.ID.events).objects
        guard events.count > settings.eventCapacity else { return }
        let oldest = events.sorted { Self.lastSeen($0.value) < Self.lastSeen($1.value) }
        for (key, _) in oldest.prefix(max(1, settings.eventCapacity / 10)) {
            remove(ObjectID(kind: BuiltInKinds.ID.events, key: key))
        }
    }

    /// Removes events whose time is over.
    mutating func expireEvents(now: Date) {
        let limit = RFC3339.seconds(now.addingTimeInterval(-settings.eventLife))
        for (key, event) in shelf(BuiltInKinds.ID.events).objects where Self.lastSeen(event) < limit {
            remove(ObjectID(kind: BuiltInKinds.ID.events, key: key))
        }
    }

    /// When an event was last seen; times as text sort as times do.
    private static func lastSeen(_ event: JSONValue) -> String {
        let times = [
            event["lastTimestamp"], event[path: "series", "lastObservedTime"], event[meta: "creationTimestamp"],
        ]
        return times.compactMap { $0?.string }.max() ?? ""
    }
}
