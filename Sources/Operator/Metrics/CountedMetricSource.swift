internal import KubeModel
internal import Scaling

/// Counts the answers that another source gives to HPAs.
struct CountedMetricSource: MetricSource {
    /// Answers.
    let source: any MetricSource
    /// Counts.
    let instruments: ScalingInstruments

    /// See ``MetricSource``.
    func knownReadings(of metric: String, for object: ObjectKey) -> [MetricReading]? {
        guard let readings = source.knownReadings(of: metric, for: object) else { return nil }
        instruments.answered(.done, for: object)
        return readings
    }

    /// See ``MetricSource``.
    func readings(of metric: String, for object: ObjectKey) async throws(MetricSourceError) -> [MetricReading] {
        do {
            let readings = try await source.readings(of: metric, for: object)
            instruments.answered(.done, for: object)
            return readings
        } catch {
            switch error {
            case .readFailed: instruments.answered(.failed, for: object)
            // Nobody's trigger has failed: the question was wrong, or came too early or too late.
            case .objectNotFound, .metricNotFound, .unavailable: instruments.answered(.refused, for: object)
            }
            throw error
        }
    }
}
