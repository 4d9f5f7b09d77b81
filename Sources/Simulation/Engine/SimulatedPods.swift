internal import Foundation
internal import Scaling

/// The pods of the workload: those that are there, and since when they are ready.
struct SimulatedPods {
    /// Pods that were made at once.
    private struct Batch {
        /// How many of them are left.
        var count: Int
        /// When they were made, in seconds since 1970.
        let made: Double
        /// When they are ready.
        let ready: Double
        /// The number in the name of the first one.
        let first: Int
    }

    /// Oldest first.
    private var batches: [Batch] = []
    /// How long a new pod takes until it is ready.
    private let startup: Double
    /// The number in the name of the next pod.
    private var next = 0
    /// How many are wanted, and there: a workload makes and removes pods at once.
    private(set) var count = 0

    /// Pods that have been ready for a day.
    init(_ count: Int, at time: Double, startup: Double) {
        self.startup = startup
        if count > 0 { batches = [Batch(count: count, made: time - 86_400, ready: time - 86_400, first: 0)] }
        self.count = count
        self.next = count
    }

    /// Makes pods, or removes the youngest ones, which are the last to be ready.
    ///
    /// - Source: Kubernetes, `pkg/controller/controller_utils.go`, `ActivePodsWithRanks`.
    mutating func scale(to wanted: Int, at time: Double) {
        if wanted > count {
            batches.append(Batch(count: wanted - count, made: time, ready: time + startup, first: next))
            next += wanted - count
        }
        var surplus = count - wanted
        while surplus > 0, let last = batches.indices.last {
            let gone = min(surplus, batches[last].count)
            batches[last].count -= gone
            surplus -= gone
            if batches[last].count == 0 { batches.removeLast() }
        }
        count = wanted
    }

    /// How many are ready.
    ///
    /// - Complexity: O(changes of which pods are left).
    func ready(at time: Double) -> Int {
        batches.reduce(0) { $1.ready <= time ? $0 + $1.count : $0 }
    }

    /// The pods one by one, as an HPA sees them.
    ///
    /// - Parameters:
    ///   - time: the moment.
    ///   - containers: what they hold.
    /// - Returns: oldest first.
    func all(at time: Double, _ containers: [AutoscalerPod.Container]) -> [AutoscalerPod] {
        batches.flatMap { batch in
            let isReady = batch.ready <= time
            let readiness = AutoscalerPod.Readiness(
                isReady: isReady,
                since: Date(timeIntervalSince1970: isReady ? batch.ready : batch.made)
            )
            return (batch.first..<batch.first + batch.count)
                .map { number in
                    AutoscalerPod(
                        name: "\(number)",
                        readiness: readiness,
                        startTime: Date(timeIntervalSince1970: batch.made),
                        containers: containers
                    )
                }
        }
    }
}
