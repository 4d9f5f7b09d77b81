public import KubeModel

/// What stands in for a metric whose source cannot be read.
///
/// - Source: KEDA, `pkg/fallback/fallback.go`; unlike there a composite's target need not be a whole number.
public struct FallbackPolicy: Sendable, Hashable {
    /// How the fallback's number of replicas is meant.
    public enum Behavior: String, Sendable, Hashable, CaseIterable {
        /// So many, whatever there is.
        case `static`
        /// As many as there are.
        case currentReplicas
        /// So many, or as many as there are if that is more.
        case currentReplicasIfHigher
        /// So many, or as many as there are if that is less.
        case currentReplicasIfLower
        /// The formula says; a trigger that fails is `nil` in it.
        case scalingModifiers
    }

    /// Failures in a row that are borne.
    public let threshold: Int
    /// Pods wanted past it.
    public let replicas: Int
    /// How they are meant.
    public let behavior: Behavior

    /// The policy of a spec; `nil` if it has none that is valid, which KEDA treats alike.
    public init?(_ spec: ScaledObject.Spec) {
        guard let fallback = spec.fallback, fallback.failureThreshold >= 0, fallback.replicas >= 0 else { return nil }
        let name = fallback.behavior ?? ""
        guard let behavior = name.isEmpty ? .static : Behavior(rawValue: name) else { return nil }
        self.threshold = fallback.failureThreshold
        self.replicas = fallback.replicas
        self.behavior = behavior
    }

    /// Whether so many failures in a row bring the fallback.
    public func begins(after failures: Int) -> Bool { failures > threshold }

    /// The pods that are wanted.
    ///
    /// - Parameter current: how many there are.
    /// - Returns: 0 or more.
    public func wanted(current: Int) -> Int {
        switch behavior {
        case .static, .scalingModifiers: replicas
        case .currentReplicas: current
        case .currentReplicasIfHigher: max(current, replicas)
        case .currentReplicasIfLower: min(current, replicas)
        }
    }

    /// What the HPA must be told so that it wants `replicas` pods; in thousandths, cut toward zero.
    ///
    /// - Parameters:
    ///   - target: the metric's, as the HPA has it.
    ///   - replicas: the pods that are wanted.
    ///   - ready: the target's ready pods, which a `Value` target is multiplied with.
    /// - Returns: the value; `nil` when a `Value` target has no ready pod to be multiplied with, or for a target that
    ///   no external metric has.
    public static func value(for target: MetricTarget, replicas: Int, ready: Int) -> Quantity? {
        let wanted = Int128(replicas)
        if let value = target.value {
            guard ready > 0 else { return nil }
            return milli(value.nanos * wanted / Int128(ready))
        }
        return target.averageValue.map { milli($0.nanos * wanted) }
    }

    /// A quantity cut to thousandths.
    private static func milli(_ nanos: Int128) -> Quantity {
        Quantity(nanos: nanos - nanos % 1_000_000)
    }
}
