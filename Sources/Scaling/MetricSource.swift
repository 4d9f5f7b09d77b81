public import Foundation
public import KubeModel

/// Answers what the external metrics API is asked; the operator is one.
public protocol MetricSource: Sendable {
    /// The readings of one metric of one ScaledObject; usually one, and an HPA adds them up.
    ///
    /// Names are compared without case. A failed read is an error, never a former value.
    func readings(of metric: String, for object: ObjectKey) async throws(MetricSourceError) -> [MetricReading]

    /// What ``readings(of:for:)`` would give, where it is at hand; `nil` where somebody is to be asked for it, or something
    /// is to be worked out.
    func knownReadings(of metric: String, for object: ObjectKey) -> [MetricReading]?
}

extension MetricSource {
    /// Nothing is at hand.
    public func knownReadings(of metric: String, for object: ObjectKey) -> [MetricReading]? { nil }
}

/// One value of one metric.
public struct MetricReading: Sendable, Hashable {
    /// The full name, such as `s0-postgresql`.
    public var metric: String
    /// What the HPA is told; never negative.
    public var value: Quantity
    /// When the source was asked.
    public var time: Date

    /// Makes a reading.
    public init(metric: String, value: Quantity, time: Date) {
        self.metric = metric
        self.value = value
        self.time = time
    }
}

/// Why there is no reading.
///
/// Every text may be shown to whoever asked.
public enum MetricSourceError: Error, Sendable, Hashable {
    /// No ScaledObject of this name.
    case objectNotFound(ObjectKey)
    /// The ScaledObject has no such metric.
    case metricNotFound(String)
    /// The trigger cannot be built, or its source gave no answer.
    case readFailed(metric: String, reason: String)
    /// Not ready to answer yet, or no longer.
    case unavailable(String)
}
