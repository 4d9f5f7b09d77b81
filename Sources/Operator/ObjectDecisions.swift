public import KubeModel
public import Scaling

extension ScalingOperator {
    /// The last decisions about an object, newest last; `nil` for one that is not polled here.
    public func decisions(about object: ObjectKey) -> DecisionReport? {
        runtimes[object].map { DecisionReport(of: object, $0.log) }
    }
}
