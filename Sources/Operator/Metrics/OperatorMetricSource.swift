internal import Foundation
internal import KubeModel
internal import ScalerKit
internal import Scaling

/// Answers the metrics API from the last readings, and asks a source where they are too old.
///
/// A reading is young enough up to the poll interval or 10 s, whichever is less; with `useCachedMetrics` always. What
/// is asked here also serves the poll. A failed read is an error, never the value before it.
struct OperatorMetricSource: MetricSource {
    /// The objects.
    let runtimes: RuntimeTable
    /// Whether an object exists at all.
    let exists: @Sendable (ObjectKey) -> Bool

    /// See ``MetricSource``.
    func readings(of metric: String, for object: ObjectKey) async throws(MetricSourceError) -> [MetricReading] {
        guard let runtime = runtimes[object] else {
            guard exists(object) else { throw .objectNotFound(object) }
            throw .unavailable("ScaledObject \(object) is not polled yet; its Ready condition says why")
        }
        guard let unit = runtime.units.first(where: { $0.owns(metric) }) else { throw .metricNotFound(metric) }
        let age = unit.trigger.useCachedMetrics == true ? nil : runtime.polls.freshness
        let outcome: TriggerUnit.Outcome
        do {
            outcome = try await unit.outcome(noOlderThan: age)
        } catch {
            throw .unavailable("the request was cancelled")
        }
        switch outcome.result {
        case .failure(let failure): throw .readFailed(metric: metric, reason: "\(unit.label): \(failure)")
        case .success(let readings):
            guard let (name, reading) = readings.first(where: { $0.key.caseInsensitiveCompare(metric) == .orderedSame })
            else { throw .metricNotFound(metric) }
            return reading.values.map {
                // Values were checked to be finite; one past what a quantity holds is as good as the largest.
                MetricReading(metric: name, value: Quantity(rounding: $0) ?? Quantity(Int64.max), time: outcome.time)
            }
        }
    }
}
