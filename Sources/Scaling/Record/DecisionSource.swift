public import KubeModel

/// Tells why objects have their replicas; the operator is one.
public protocol DecisionSource: Sendable {
    /// The last evaluations of one ScaledObject.
    func report(on object: ObjectKey) async throws(DecisionSourceError) -> DecisionReport
}

/// Why there is no report.
///
/// Every text may be shown to whoever asked.
public enum DecisionSourceError: Error, Sendable, Hashable {
    /// No ScaledObject of this name.
    case objectNotFound(ObjectKey)
    /// There is one, but nothing is decided about it now.
    case notPolled(ObjectKey)
    /// Not ready to answer yet, or no longer.
    case unavailable(String)
}
