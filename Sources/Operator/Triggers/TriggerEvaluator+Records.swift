internal import KubeModel
internal import ScalerKit
internal import Scaling

/// What a poll found, in full, for the record of its decision.
extension TriggerEvaluator {
    /// One record for each trigger, in the order of the spec.
    func records(of values: [TriggerValue]) -> [TriggerRecord] {
        zip(runtime.units, values).map { record(of: $1, from: $0) }
    }

    /// What one trigger said.
    private func record(of value: TriggerValue, from unit: TriggerUnit) -> TriggerRecord {
        let outcome = value.outcome
        let measures = unit.built?.measures ?? []
        return TriggerRecord(
            index: unit.index,
            type: unit.trigger.type,
            name: unit.trigger.name.flatMap { $0.isEmpty ? nil : $0 },
            isActive: outcome.isActive,
            readAt: unit.latest.map { MicroTimestamp($0.time) },
            metrics: measures.map {
                MetricRecord(name: $0.name, value: value.quantities[$0.name]?.double, target: $0.target)
            },
            failure: outcome.reason,
            isFallback: outcome.isFallback
        )
    }

    /// What the formula came to; `nil` where there is none.
    func record(of outcome: CompositeOutcome, _ value: Quantity?) -> CompositeRecord? {
        runtime.composite.map { composite in
            CompositeRecord(
                metric: MetricRecord(name: Composite.metricName, value: value?.double, target: composite.target),
                isActive: outcome.isActive,
                failure: outcome.failure,
                isFallback: outcome == .fallback
            )
        }
    }

    /// What the metrics API tells the HPA of the same poll.
    ///
    /// - Parameters:
    ///   - metrics: as the HPA has them.
    ///   - values: one for each trigger, in their order.
    ///   - composed: what the formula made of them, where there is one.
    /// - Returns: one for each metric; those that describe pods are failures, because a trigger does not read them.
    func readings(
        for metrics: [HPAMetric],
        _ values: [TriggerValue],
        _ composed: Composed?
    ) -> [AutoscalerReading] {
        // An object may have thousands of triggers, so nobody looks for each metric among all of them.
        let named = zip(runtime.units, values).flatMap { unit, value in unit.names.map { ($0, value) } }
        let owners = Dictionary(named) { first, _ in first }
        return metrics.map { metric in
            guard let external = metric.external else { return .failure("it was not read") }
            return reading(of: external.metric.name, owners, values, composed)
        }
    }

    /// What the metrics API tells of one metric.
    private func reading(
        of metric: String,
        _ owners: [String: TriggerValue],
        _ values: [TriggerValue],
        _ composed: Composed?
    ) -> AutoscalerReading {
        if let composed {
            if let value = composed.value { return .totals([value.milli]) }
            return .failure((values.compactMap(\.outcome.failure) + [composed.outcome.failure ?? ""]).joined())
        }
        guard let value = owners[metric] else { return .failure("it was not read") }
        if let quantity = value.quantities[metric] { return .totals([quantity.milli]) }
        return .failure(value.outcome.reason ?? "it was not read")
    }
}

extension TriggerValue {
    /// The sum of each metric's values, as the metrics API tells it.
    fileprivate var quantities: [String: Quantity] {
        switch self {
        case .read(let readings):
            // As the metrics API has it: what no quantity holds is as good as the largest.
            readings.mapValues { Quantity(rounding: $0.values.reduce(0, +)) ?? Quantity(Int64.max) }
        case .substituted(let values, _): values
        case .absent, .failed: [:]
        }
    }
}

extension TriggerOutcome {
    /// Why it could not be read, whether or not its fallback stands in.
    fileprivate var reason: String? {
        switch self {
        case .read, .resource: nil
        case .fallback(_, let reason), .failed(let reason, _), .resourceFailed(let reason): reason
        }
    }

    /// Whether its fallback stands in.
    fileprivate var isFallback: Bool { if case .fallback = self { true } else { false } }
}
