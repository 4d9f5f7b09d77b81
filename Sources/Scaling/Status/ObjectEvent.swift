/// Something to tell whoever asks `kubectl describe scaledobject`.
public struct ObjectEvent: Sendable, Hashable {
    /// Whether all is well.
    public enum Kind: String, Sendable, Hashable {
        case normal = "Normal"
        case warning = "Warning"
    }

    /// Why, for programs; KEDA's words.
    public enum Reason: String, Sendable, Hashable {
        case ready = "ScaledObjectReady"
        case checkFailed = "ScaledObjectCheckFailed"
        case deleted = "ScaledObjectDeleted"
        case scalersStarted = "KEDAScalersStarted"
        case scalersStopped = "KEDAScalersStopped"
        case scalerFailed = "KEDAScalerFailed"
        case scalerInfo = "KEDAScalerInfo"
        case activated = "KEDAScaleTargetActivated"
        case activationFailed = "KEDAScaleTargetActivationFailed"
        case deactivated = "KEDAScaleTargetDeactivated"
        case deactivationFailed = "KEDAScaleTargetDeactivationFailed"
    }

    /// Whether all is well.
    public var kind: Kind
    /// Why, for programs.
    public var reason: Reason
    /// For people.
    public var note: String

    /// Makes an event.
    public init(_ kind: Kind, _ reason: Reason, _ note: String) {
        self.kind = kind
        self.reason = reason
        self.note = note
    }

    /// What to tell when a status changed: each trouble once, and that it is over.
    ///
    /// - Source: KEDA, `pkg/eventreason` and `controllers/keda/scaledobject_controller.go`.
    public static func between(_ old: ScaledObjectStatus?, _ new: ScaledObjectStatus) -> [ObjectEvent] {
        guard let ready = new[.ready], ready != old?[.ready] else { return [] }
        switch (ready.status, ready.reason) {
        case (.yes, _):
            guard old?[.ready]?.status != .yes else { return [] }
            return [ObjectEvent(.normal, .ready, "ScaledObject is ready for scaling")]
        case (_, "TriggerError"), (_, "PartialTriggerError"):
            return [ObjectEvent(.warning, .scalerFailed, ready.message ?? "")]
        case (.no, _):
            return [ObjectEvent(.warning, .checkFailed, ready.message ?? "")]
        case (.unknown, _): return []
        }
    }

    /// What to tell of a change of replicas; `nil` for a mere repair of the minimum.
    ///
    /// - Parameters:
    ///   - cause: why replicas were set.
    ///   - target: such as `apps/v1.Deployment default/web`.
    ///   - from: replicas before.
    ///   - to: replicas after.
    ///   - metrics: the active ones.
    /// - Returns: an event in KEDA's words.
    /// - Source: KEDA, `pkg/scaling/executor/scale_scaledobjects.go`.
    public static func scaled(
        because cause: Decision.Cause,
        _ target: String,
        from: Int,
        to: Int,
        metrics: [String]
    ) -> ObjectEvent? {
        switch cause {
        case .activated:
            ObjectEvent(
                .normal,
                .activated,
                "Scaled \(target) from \(from) to \(to), triggered by \(metrics.joined(separator: ";"))"
            )
        case .deactivated:
            ObjectEvent(.normal, .deactivated, "Deactivated \(target) from \(from) to \(to)")
        case .belowMinimum: nil
        }
    }

    /// What to tell when replicas could not be set.
    public static func notScaled(
        because cause: Decision.Cause,
        _ target: String,
        from: Int,
        to: Int,
        error: String
    ) -> ObjectEvent {
        ObjectEvent(
            .warning,
            cause == .deactivated ? .deactivationFailed : .activationFailed,
            "Failed to scale \(target) from \(from) to \(to): \(error)"
        )
    }
}
