internal import Foundation
internal import KubeModel
internal import Outbound
internal import ScalerKit
internal import Scaling

/// Answers the metrics API from the last readings, and asks a source where they are too old.
///
/// A reading is young enough up to the poll interval or 10 s, whichever is less; with `useCachedMetrics` always. What
/// is asked here also serves the poll. A failed read is an error, never the value before it, unless a fallback stands
/// in. Where there is a formula, whatever is asked for is answered with what it makes of all triggers.
struct OperatorMetricSource: MetricSource {
    /// The objects.
    let runtimes: RuntimeTable
    /// The way to scale targets.
    let targets: TargetAccess
    /// The clocks.
    let time: TimeSource
    /// Whether an object exists at all.
    let exists: @Sendable (ObjectKey) -> Bool

    /// See ``MetricSource``.
    func readings(of metric: String, for object: ObjectKey) async throws(MetricSourceError) -> [MetricReading] {
        guard let runtime = runtimes[object] else {
            guard exists(object) else { throw .objectNotFound(object) }
            throw .unavailable("ScaledObject \(object) is not polled now; its Ready condition says why")
        }
        do {
            let evaluator = evaluator(of: runtime)
            if let composite = runtime.composite { return [try await reading(of: composite, evaluator)] }
            return try await readings(of: metric, evaluator)
        } catch {
            throw error as? MetricSourceError ?? .unavailable("the request was cancelled")
        }
    }

    /// See ``MetricSource``.
    func knownReadings(of metric: String, for object: ObjectKey) -> [MetricReading]? {
        guard let runtime = runtimes[object], runtime.composite == nil,
            let unit = runtime.units.first(where: { $0.owns(metric) }),
            let outcome = unit.recent(age(of: unit, runtime)), case .success(let readings) = outcome.result
        else { return nil }
        return told(metric, readings, at: outcome.time)
    }

    /// What asks an object's triggers.
    private func evaluator(of runtime: ObjectRuntime) -> TriggerEvaluator {
        let targets = targets
        return TriggerEvaluator(
            runtime: runtime,
            replicas: { try await targets.scale(of: runtime.target).replicas },
            readyPods: {
                let scale = try await targets.scale(of: runtime.target)
                return try await targets.readyPods(of: scale, runtime.target)
            }
        )
    }

    /// How old a trigger's reading may be; `nil` for any age.
    private func age(of unit: TriggerUnit, _ runtime: ObjectRuntime) -> Duration? {
        unit.trigger.useCachedMetrics == true ? nil : runtime.polls.freshness
    }

    /// One trigger's metric.
    private func readings(of metric: String, _ evaluator: TriggerEvaluator) async throws -> [MetricReading] {
        let runtime = evaluator.runtime
        guard let unit = runtime.units.first(where: { $0.owns(metric) }) else {
            throw MetricSourceError.metricNotFound(metric)
        }
        switch try await evaluator.value(of: unit, noOlderThan: age(of: unit, runtime)) {
        case .failed(let reason, _), .absent(_, let reason):
            throw MetricSourceError.readFailed(metric: metric, reason: reason)
        case .substituted(let values, _):
            guard let (name, value) = Self.find(metric, in: values) else {
                throw MetricSourceError.metricNotFound(metric)
            }
            return [MetricReading(metric: name, value: value, time: time.now())]
        case .read(let readings):
            guard let told = told(metric, readings, at: unit.latest?.time ?? time.now()) else {
                throw MetricSourceError.metricNotFound(metric)
            }
            return told
        }
    }

    /// What an HPA is told of a metric; `nil` where there is none of that name.
    private func told(_ metric: String, _ readings: [String: Reading], at asked: Date) -> [MetricReading]? {
        Self.find(metric, in: readings)
            .map { name, reading in
                reading.values.map {
                    // Values were checked to be finite; one past what a quantity holds is as good as the largest.
                    MetricReading(metric: name, value: Quantity(rounding: $0) ?? Quantity(Int64.max), time: asked)
                }
            }
    }

    /// What a formula makes of all triggers.
    private func reading(of composite: Composite, _ evaluator: TriggerEvaluator) async throws -> MetricReading {
        let values = try await evaluator.values(noOlderThan: { age(of: $0, evaluator.runtime) }, at: time.now())
        let (outcome, value) = await evaluator.compose(composite, of: values)
        guard let value else {
            let reasons = values.compactMap(\.outcome.failure) + [outcome.failure].compactMap { $0 }
            throw MetricSourceError.readFailed(
                metric: Composite.metricName,
                reason: reasons.isEmpty ? "the formula's result is too large" : reasons.joined(separator: "; ")
            )
        }
        return MetricReading(metric: Composite.metricName, value: value, time: time.now())
    }

    /// An entry by name, without regard to case.
    private static func find<Value>(_ metric: String, in values: [String: Value]) -> (String, Value)? {
        if let value = values[metric] { return (metric, value) }
        return values.first { $0.key.caseInsensitiveCompare(metric) == .orderedSame }.map { ($0.key, $0.value) }
    }
}
