/// Something an object says that cannot be.
public struct SpecProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which rule of KEDA's admission an object breaks, as the label `reason` of its counters names it.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_webhook.go`.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        case replicas = "incorrect-replicas"
        case name = "name-too-long"
        case hpaName = "hpa-name-too-long"
        case fallback = "incorrect-fallback"
        case triggers = "incorrect-triggers"
        case otherHPA = "other-hpa"
        case transferWithoutName = "transfer-ownership-missing-hpa-name"
        case otherScaledObject = "other-scaled-object"
        case otherScaledObjectHPA = "other-scaled-object-hpa"
        case modifiers = "scaling-modifiers"
        case modifiersFallback = "scaling-modifiers-fallback"
        case requests = "missing-requests"
        case scaleToZero = "scale-to-zero-requirements-not-met"
    }

    /// Where: a path such as `spec.minReplicaCount`.
    public let field: String
    /// What is wrong, in KEDA's words where KEDA has any.
    public let message: String
    /// The rule's label; `nil` where KEDA counts nothing.
    public let reason: Reason?

    /// Makes a problem.
    public init(_ field: String, _ message: String, _ reason: Reason? = nil) {
        self.field = field
        self.message = message
        self.reason = reason
    }

    /// The message; the field is for `swell validate`.
    public var description: String { message }
}
