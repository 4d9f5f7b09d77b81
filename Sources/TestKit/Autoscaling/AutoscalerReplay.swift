public import Foundation
public import Scaling

/// The rules of Scaling in the place of the controller that made a trace: a target, an HPA, and what it remembers.
///
/// A value, so that a copy can be asked what would come.
public struct AutoscalerReplay: Sendable {
    /// What is wanted.
    public let spec: AutoscalerSpec
    /// The controller's flags.
    public let settings: AutoscalerSettings
    /// `status.replicas` of the target's scale.
    public let existingReplicas: Int
    /// The target's pods.
    public let pods: [AutoscalerPod]
    /// `spec.replicas` of the target's scale.
    public var replicas: Int
    /// What the rules remember.
    public private(set) var history = AutoscalerHistory()
    /// The HPA's status after the last look.
    public private(set) var status = AutoscalerStatus()

    /// Takes the place of a trace's controller, before its first look.
    public init(_ trace: AutoscalerTrace, replicas: Int) {
        self.spec = AutoscalerSpec(trace.spec)
        self.settings = AutoscalerSettings(downscaleStabilization: trace.downscaleStabilization)
        self.existingReplicas = trace.existingReplicas
        self.pods = trace.pods.enumerated()
            .map { index, isReady in
                let readiness = AutoscalerPod.Readiness(isReady: isReady, since: .distantPast)
                return AutoscalerPod(name: "p\(index)", readiness: readiness, startTime: .distantPast)
            }
        self.replicas = replicas
    }

    /// Takes one look, and writes the scale.
    ///
    /// - Parameters:
    ///   - read: what each metric read, as in ``AutoscalerTrace/Look``.
    ///   - now: when.
    /// - Returns: the status after it.
    @discardableResult
    public mutating func look(_ read: [[Int64]?], at now: Date) -> AutoscalerStatus {
        let readings = read.map { $0.map(AutoscalerReading.totals) ?? .failure("no answer") }
        let seen = AutoscalerObservation(
            replicas: replicas,
            existingReplicas: existingReplicas,
            pods: pods,
            readings: readings
        )
        let outcome = autoscale(spec, seen, history: history, settings: settings, now: now).succeeded()
        history = outcome.history
        replicas = outcome.desiredReplicas
        status.apply(outcome)
        return status
    }
}
