import Foundation
import KubeModel

/// How large each ReplicaSet of a Deployment is to be next, as pure arithmetic.
///
/// - Source: Kubernetes, `pkg/controller/deployment/rolling.go` and `recreate.go`.
struct RolloutPlan: Sendable {
    /// Pods wanted in all.
    let desired: Int
    /// Pods above ``desired`` at most while a rollout goes on.
    let surge: Int
    /// Pods below ``desired`` at most while a rollout goes on.
    let slack: Int
    /// Whether old pods go before new ones come.
    let recreates: Bool
    /// Whether changes of the template wait.
    let isPaused: Bool

    /// One ReplicaSet.
    struct Member: Sendable {
        /// Its wish.
        let wanted: Int
        /// Its pods.
        let present: Int
        /// Those of them that count.
        let available: Int

        /// Reads a ReplicaSet.
        init(_ set: JSONValue) {
            self.wanted = set.count("spec", "replicas")
            self.present = set.count("status", "replicas")
            self.available = set.count("status", "availableReplicas")
        }

        /// Makes a member from its numbers.
        init(wanted: Int, present: Int, available: Int) {
            (self.wanted, self.present, self.available) = (wanted, present, available)
        }
    }

    /// Reads a Deployment.
    init(_ deployment: JSONValue) {
        let spec = deployment["spec"] ?? [:]
        self.desired = max(0, deployment.count("spec", "replicas"))
        self.recreates = spec[path: "strategy", "type"] == "Recreate"
        self.isPaused = spec["paused"] == true
        let rolling = spec[path: "strategy", "rollingUpdate"]
        let surge = Self.share(rolling?["maxSurge"], of: desired, rounding: .up)
        let slack = Self.share(rolling?["maxUnavailable"], of: desired, rounding: .down)
        self.surge = surge
        self.slack = surge == 0 && slack == 0 ? 1 : slack
    }

    /// The next sizes.
    func wishes(new: Member, old: [Member]) -> (new: Int, old: [Int]) {
        if isPaused { return (desired, old.map(\.wanted)) }
        if recreates {
            let isClear = old.allSatisfy { $0.wanted == 0 && $0.present == 0 }
            return (isClear ? desired : min(new.wanted, desired), old.map { _ in 0 })
        }
        let all = old.reduce(new.wanted) { $0 + $1.wanted }
        let room = max(0, desired + surge - all)
        let grown = new.wanted >= desired ? desired : min(desired, new.wanted + room)
        var removable = max(0, all - (desired - slack) - max(0, new.wanted - new.available))
        let shrunk = old.map { member in
            let cut = min(removable, member.wanted)
            removable -= cut
            return member.wanted - cut
        }
        return (grown, shrunk)
    }

    /// A number of pods, or a percentage of them.
    private static func share(_ value: JSONValue?, of total: Int, rounding: FloatingPointRoundingRule) -> Int {
        if let count = value?.integer { return max(0, Int(clamping: count)) }
        guard let text = value?.string, text.hasSuffix("%"), let percent = Int(text.dropLast()) else { return 0 }
        return Int((Double(total) * Double(max(0, min(percent, 100))) / 100).rounded(rounding))
    }
}
