public import Foundation

/// What an autoscaler sees of its target on one pass.
public struct AutoscalerObservation: Hashable, Sendable {
    /// Whether the pods of the target can be told.
    public enum Selector: Hashable, Sendable {
        /// They can.
        case valid
        /// The scale names no selector, or one that cannot be read; the text says why.
        case invalid(String)
        /// These autoscalers all select the same pods.
        case ambiguous([String])
    }

    /// The wanted replicas, `spec.replicas` of the scale; 0 to 2^31 - 1.
    public let replicas: Int

    /// The existing replicas, `status.replicas` of the scale; 0 to 2^31 - 1.
    public let existingReplicas: Int

    /// Whether the target's pods can be told.
    public var selector: Selector

    /// The pods that the selector finds.
    public var pods: [AutoscalerPod]

    /// One reading for each metric of the spec, in its order.
    public var readings: [AutoscalerReading]

    /// Makes an observation.
    ///
    /// - Parameters:
    ///   - replicas: the wanted replicas.
    ///   - existingReplicas: the existing ones; the same unless given.
    ///   - selector: valid unless said.
    ///   - pods: needed for everything but averages of external and object metrics.
    ///   - readings: in the order of the spec's metrics.
    public init(
        replicas: Int,
        existingReplicas: Int? = nil,
        selector: Selector = .valid,
        pods: [AutoscalerPod] = [],
        readings: [AutoscalerReading]
    ) {
        self.replicas = Int(Int32(clamping: max(replicas, 0)))
        self.existingReplicas = Int(Int32(clamping: max(existingReplicas ?? replicas, 0)))
        self.selector = selector
        self.pods = pods
        self.readings = readings
    }
}

/// What a metrics API said about one metric.
public enum AutoscalerReading: Hashable, Sendable {
    /// The values of an external or object metric, in milli-units; they are added up.
    case totals([Int64])

    /// A sample for each pod that has one, by the pod's name.
    case samples([String: AutoscalerSample])

    /// No answer, and why; shown in the autoscaler's status, so it must hold no secret.
    case failure(String)
}

/// How much one pod used.
public struct AutoscalerSample: Hashable, Sendable {
    /// Milli-units.
    public var value: Int64
    /// The end of the time over which it was measured.
    public var time: Date
    /// The length of that time, in seconds.
    public var window: TimeInterval

    /// Makes a sample.
    public init(value: Int64, time: Date, window: TimeInterval = 60) {
        self.value = value
        self.time = time
        self.window = window
    }
}

/// Why a metric gives no proposal.
public struct AutoscalerFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason in words, fit for the autoscaler's status.
    public let description: String

    /// Whether it may be so because the pods are starting, and passes by itself.
    public let isOfStart: Bool

    /// Makes a failure.
    init(_ description: String, isOfStart: Bool = false) {
        self.description = description
        self.isOfStart = isOfStart
    }
}
