import Foundation

/// Turns the reading of one metric into the number of replicas it asks for.
///
/// - Source: Kubernetes, `pkg/controller/podautoscaler/replica_calculator.go`.
struct ReplicaCalculator {
    /// The target as seen on this pass.
    let seen: AutoscalerObservation
    /// The tolerance of this autoscaler.
    let tolerance: AutoscalerTolerance
    /// The controller's settings.
    let settings: AutoscalerSettings
    /// The time of this pass.
    let now: Date

    /// What a metric asks for.
    ///
    /// - Throws: if there is no reading, or one that says nothing about the pods.
    func propose(_ metric: AutoscalerMetric, _ reading: AutoscalerReading) throws(AutoscalerFailure)
        -> AutoscalerProposal
    {
        switch (metric, reading) {
        case (_, .failure(let message)):
            throw AutoscalerFailure(message)
        case (.external(_, let target), .totals(let values)):
            return try propose(Self.externalTotal(values), target)
        case (.object(_, let target), .totals(let values)):
            return try propose(values.reduce(0, saturatingSum), target)
        case (.pods(_, let target), .samples(let samples)):
            return try propose(samples, resource: nil, container: nil, .averageValue(target))
        case (.resource(let name, let container, let target), .samples(let samples)):
            return try propose(samples, resource: name, container: container, target)
        case (.external, .samples), (.object, .samples), (.pods, .totals), (.resource, .totals):
            throw AutoscalerFailure("the reading is of another kind than the metric")
        }
    }

    /// Adds up the values of an external metric.
    ///
    /// A sum that is ever negative is taken for an overflow and becomes the largest value there is, negative metrics
    /// included: whoever reports one sends the autoscaler to its maximum.
    private static func externalTotal(_ values: [Int64]) -> Int64 {
        var total: Int64 = 0
        for value in values {
            total = saturatingSum(total, value)
            if total < 0 { return .max }
        }
        return total
    }

    /// What a metric of the whole workload asks for.
    private func propose(
        _ usage: Int64,
        _ target: AutoscalerMetric.TotalTarget
    ) throws(AutoscalerFailure) -> AutoscalerProposal {
        switch target {
        case .value(let target): try propose(usage, value: target)
        case .averageValue(let target): propose(usage, averageValue: target)
        }
    }

    /// Scales the ready pods by usage over target; from 0 replicas, the ratio itself is the count.
    private func propose(_ usage: Int64, value target: Int64) throws(AutoscalerFailure) -> AutoscalerProposal {
        let ratio = Double(usage) / Double(target)
        let current = AutoscalerProposal.Current.value(usage)
        if seen.replicas == 0 {
            let replicas = Int(replicasRoundingUp: ratio)
            return AutoscalerProposal(replicas: replicas, ratio: ratio, reason: .ratio, current: current)
        }
        if tolerance.holds(ratio) {
            return AutoscalerProposal(replicas: seen.replicas, ratio: ratio, reason: .withinTolerance, current: current)
        }
        guard !seen.pods.isEmpty else { throw AutoscalerFailure("the selector finds no pods") }
        let ready = seen.pods.count(where: \.isReady)
        let replicas = Int(replicasRoundingUp: ratio * Double(ready))
        return AutoscalerProposal(replicas: replicas, ratio: ratio, reason: .ratio, current: current)
    }

    /// Divides usage by what one pod should have; whether pods are ready does not matter.
    private func propose(_ usage: Int64, averageValue target: Int64) -> AutoscalerProposal {
        let existing = seen.existingReplicas
        let ratio = Double(usage) / (Double(target) * Double(existing))
        let average =
            existing == 0 ? nil : Int64(clamping: Int(exactly: (Double(usage) / Double(existing)).rounded(.up)) ?? .max)
        let current = average.map(AutoscalerProposal.Current.averageValue)
        if tolerance.holds(ratio) {
            return AutoscalerProposal(replicas: existing, ratio: ratio, reason: .withinTolerance, current: current)
        }
        let replicas = Int(replicasRoundingUp: Double(usage) / Double(target))
        return AutoscalerProposal(replicas: replicas, ratio: ratio, reason: .ratio, current: current)
    }
}
