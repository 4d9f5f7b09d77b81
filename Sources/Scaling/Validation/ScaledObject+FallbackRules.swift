extension ScaledObject {
    /// What the spec says of its fallback that cannot be.
    ///
    /// The text speaks of `AverageValue`, but any trigger will do that is not cpu or memory.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_types.go`, `CheckFallbackValid`, and `verifyScaledObjects`.
    public var fallbackProblems: [SpecProblem] {
        guard let fallback = spec.fallback else { return [] }
        let modifiers = spec.advanced?.scalingModifiers ?? ScalingModifiers()
        var problems: [SpecProblem] = []
        if fallback.failureThreshold < 0 || fallback.replicas < 0 {
            problems.append(
                SpecProblem(
                    fallback.failureThreshold < 0 ? "spec.fallback.failureThreshold" : "spec.fallback.replicas",
                    "FailureThreshold=\(fallback.failureThreshold) & Replicas=\(fallback.replicas) must both be "
                        + "greater than or equal to 0",
                    .fallback
                )
            )
        } else if modifiers.isEmpty, spec.triggers.allSatisfy(\.isResource) {
            problems.append(
                SpecProblem(
                    "spec.fallback",
                    "at least one trigger (that is not cpu or memory) has to have the `AverageValue` type for the "
                        + "fallback to be enabled",
                    .fallback
                )
            )
        }
        if fallback.behavior == "scalingModifiers", modifiers.formula?.isEmpty ?? true {
            problems.append(
                SpecProblem(
                    "spec.fallback.behavior",
                    "scalingModifiers fallback behavior requires scalingModifiers.formula to be defined",
                    .modifiersFallback
                )
            )
        }
        return problems
    }
}

extension ScaledObject.Trigger {
    /// Whether the HPA measures it itself, without an external metric.
    var isResource: Bool { ["cpu", "memory"].contains(type) }
}
