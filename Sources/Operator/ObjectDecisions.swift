public import KubeModel
internal import KubeRuntime
public import Scaling

extension ScalingOperator: DecisionSource {
    /// The last decisions about an object, newest last; `nil` for one that is not polled here.
    public func decisions(about object: ObjectKey) -> DecisionReport? {
        runtimes[object].map { DecisionReport(of: object, $0.log) }
    }

    /// See ``DecisionSource``.
    public func report(on object: ObjectKey) throws(DecisionSourceError) -> DecisionReport {
        if let reason = runtimes.reason(for: object) {
            throw .unavailable("ScaledObject \(object) is not polled: \(reason)")
        }
        if let report = decisions(about: object) { return report }
        throw objects[object] == nil ? .objectNotFound(object) : .notPolled(object)
    }
}
