extension ScaledObject {
    /// What the spec says of its fallback that cannot be; a formula that it waits for is the modifiers' matter.
    ///
    /// The text speaks of `AverageValue`, but any trigger will do that is not cpu or memory.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_types.go`, `CheckFallbackValid`.
    public var fallbackProblems: [SpecProblem] {
        guard let fallback = spec.fallback else { return [] }
        if fallback.failureThreshold < 0 || fallback.replicas < 0 {
            return [
                SpecProblem(
                    fallback.failureThreshold < 0 ? "spec.fallback.failureThreshold" : "spec.fallback.replicas",
                    "FailureThreshold=\(fallback.failureThreshold) & Replicas=\(fallback.replicas) must both be "
                        + "greater than or equal to 0",
                    .fallback
                )
            ]
        }
        guard modifiers == nil, spec.triggers.allSatisfy(\.isResource) else { return [] }
        return [
            SpecProblem(
                "spec.fallback",
                "at least one trigger (that is not cpu or memory) has to have the `AverageValue` type for the fallback "
                    + "to be enabled",
                .fallback
            )
        ]
    }
}

extension ScaledObject.Trigger {
    /// Whether the HPA measures it itself, without an external metric.
    var isResource: Bool { ["cpu", "memory"].contains(type) }
}
