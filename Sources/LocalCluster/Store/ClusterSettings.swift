import Foundation

/// What does not change while a cluster lives.
struct ClusterSettings: Sendable {
    /// Changes remembered for each kind; older watches get 410 Gone.
    var historyCapacity = 2048
    /// Objects at most, of all kinds together.
    var objectCapacity = 100_000
    /// Pods at most; ReplicaSets and StatefulSets stop there.
    var podCapacity = 2000
    /// Events at most; the oldest go first.
    var eventCapacity = 5000
    /// How long an event is kept.
    ///
    /// - Source: Kubernetes, kube-apiserver's `--event-ttl`.
    var eventLife: TimeInterval = 3600
    /// From a pod's creation to its being Ready.
    var podStartDelay: TimeInterval = 2
    /// Whether Deployments, ReplicaSets, StatefulSets and pods come to life.
    var runsWorkloads = true
    /// Where UIDs and name suffixes begin.
    var seed: UInt64 = 0
}
