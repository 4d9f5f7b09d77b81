import Foundation
import KubeModel

/// The kubelet's part: pods start a while after they were made, and are then Ready for ever.
enum PodLife {
    /// The status of a pod that runs.
    static func running(_ pod: JSONValue, ordinal: UInt32, now: Date) -> JSONValue {
        let time = JSONValue.string(RFC3339.seconds(now))
        let conditions = ["Initialized", "Ready", "ContainersReady", "PodScheduled"]
            .map { type in
                JSONValue.object(["type": .string(type), "status": "True", "lastTransitionTime": time])
            }
        let containers = (pod[path: "spec", "containers"]?.array ?? [])
            .map { container -> JSONValue in
                [
                    "name": container["name"] ?? "", "image": container["image"] ?? "", "imageID": "", "ready": true,
                    "started": true, "restartCount": 0, "state": ["running": ["startedAt": time]],
                ]
            }
        let address = "10.\(ordinal >> 16 & 0xFF).\(ordinal >> 8 & 0xFF).\(ordinal & 0xFF)"
        return [
            "phase": "Running", "qosClass": pod[path: "status", "qosClass"] ?? "BestEffort", "startTime": time,
            "hostIP": "127.0.0.1", "podIP": .string(address), "conditions": .array(conditions),
            "containerStatuses": .array(containers),
        ]
    }

    /// Since when a pod is Ready; `nil` if it is not.
    static func readySince(_ pod: JSONValue) -> Date? {
        let conditions = pod[path: "status", "conditions"]?.array ?? []
        guard let ready = conditions.first(where: { $0["type"] == "Ready" && $0["status"] == "True" }) else {
            return nil
        }
        return ready["lastTransitionTime"]?.string.flatMap(RFC3339.date) ?? .distantPast
    }
}

extension ClusterState {
    /// Starts a pod when its time has come.
    ///
    /// A pod that somebody else has brought to life is left alone.
    mutating func runPod(_ id: ObjectID, now: Date) {
        guard var pod = self[id], !pod.isTerminating, pod[path: "status", "phase"] == "Pending" else { return }
        let start = podStarts[pod.uid] ?? now.addingTimeInterval(settings.podStartDelay)
        guard start <= now else {
            podStarts[pod.uid] = start
            wake(id, at: start)
            return
        }
        podStarts[pod.uid] = nil
        pod[path: "spec", "nodeName"] = "local"
        pod["status"] = PodLife.running(pod, ordinal: TemplateHash.number([UInt8](pod.uid.utf8)), now: now)
        put(pod, at: id)
    }
}
