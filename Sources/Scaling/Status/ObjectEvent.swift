/// Something to tell whoever asks `kubectl describe scaledobject`.
public struct ObjectEvent: Sendable, Hashable {
    /// Whether all is well.
    public enum Kind: String, Sendable, Hashable {
        case normal = "Normal"
        case warning = "Warning"
    }

    /// Why, for programs; KEDA's words where it has any.
    public enum Reason: String, Sendable, Hashable {
        case ready = "ScaledObjectReady"
        case checkFailed = "ScaledObjectCheckFailed"
        case updateFailed = "ScaledObjectUpdateFailed"
        case deleted = "ScaledObjectDeleted"
        case paused = "ScaledObjectPaused"
        case unpaused = "ScaledObjectUnpaused"
        case fallbackActivated = "ScaledObjectFallbackActivated"
        case fallbackDeactivated = "ScaledObjectFallbackDeactivated"
        case scalersStarted = "KEDAScalersStarted"
        case scalersStopped = "KEDAScalersStopped"
        case scalerFailed = "KEDAScalerFailed"
        case metricSourceFailed = "KEDAMetricSourceFailed"
        case scalerInfo = "KEDAScalerInfo"
        case activated = "KEDAScaleTargetActivated"
        case activationFailed = "KEDAScaleTargetActivationFailed"
        case deactivated = "KEDAScaleTargetDeactivated"
        case deactivationFailed = "KEDAScaleTargetDeactivationFailed"
        /// The HPA controller's word, where we do its work.
        case rescaled = "SuccessfulRescale"
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
        [pause(old, new), ready(old, new), fallback(old, new)].compactMap { $0 }
    }

    /// What to tell of the Ready condition.
    private static func ready(_ old: ScaledObjectStatus?, _ new: ScaledObjectStatus) -> ObjectEvent? {
        guard let ready = new[.ready], ready != old?[.ready] else { return nil }
        switch (ready.status, ready.reason) {
        case (.yes, _):
            guard old?[.ready]?.status != .yes else { return nil }
            return ObjectEvent(.normal, .ready, "ScaledObject is ready for scaling")
        case (_, "TriggerError"), (_, "PartialTriggerError"):
            return failure(ready.message ?? "", isOfFormula: new.compositeScalerName != nil)
        case (.no, _):
            return ObjectEvent(.warning, .checkFailed, ready.message ?? "")
        case (.unknown, _): return nil
        }
    }

    /// What to tell of triggers that fail.
    public static func failure(_ note: String, isOfFormula: Bool) -> ObjectEvent {
        ObjectEvent(.warning, isOfFormula ? .metricSourceFailed : .scalerFailed, note)
    }

    /// What to tell of the Paused condition, in the words of its message.
    private static func pause(_ old: ScaledObjectStatus?, _ new: ScaledObjectStatus) -> ObjectEvent? {
        let (was, isNow) = (old?[.paused]?.status == .yes, new[.paused]?.status == .yes)
        guard was != isNow else { return nil }
        return ObjectEvent(.normal, isNow ? .paused : .unpaused, new[.paused]?.message ?? "")
    }

    /// What to tell of the Fallback condition.
    private static func fallback(_ old: ScaledObjectStatus?, _ new: ScaledObjectStatus) -> ObjectEvent? {
        let (was, isNow) = (old?[.fallback]?.status == .yes, new[.fallback]?.status == .yes)
        guard was != isNow else { return nil }
        return isNow
            ? ObjectEvent(.normal, .fallbackActivated, "ScaledObject fallback is active")
            : ObjectEvent(.normal, .fallbackDeactivated, "ScaledObject fallback is no longer active")
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
        case .forced:
            ObjectEvent(
                .normal,
                .activated,
                "Scaled \(target) from \(from) to \(to), caused by forced activation annotation"
            )
        case .deactivated:
            ObjectEvent(.normal, .deactivated, "Deactivated \(target) from \(from) to \(to)")
        case .recommended:
            ObjectEvent(
                .normal,
                .rescaled,
                "Scaled \(target) from \(from) to \(to), as the metrics ask for"
            )
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
            "Failed to \(cause == .deactivated ? "deactivate" : "scale") \(target) from \(from) to \(to): \(error)"
        )
    }
}
