internal import KubeModel

extension ScaledObject {
    /// How long a name may be that becomes the value of a label, as the object's and its HPA's do.
    private static let longestName = 63

    /// What is wrong with the object's name: it becomes a label of the object itself, so without it nothing works.
    public var labelProblems: [SpecProblem] {
        let limit = Self.longestName
        guard metadata.name.utf8.count > limit else { return [] }
        return [SpecProblem("metadata.name", "must have at most \(limit) characters, it becomes a label's value")]
    }

    /// What is wrong with the object's name and with its HPA's.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_webhook.go`, name and HPA name lengths.
    public var nameProblems: [SpecProblem] {
        guard labelProblems.isEmpty else { return labelProblems }
        let limit = Self.longestName
        let name = HPAPlan.name(for: self)
        guard name.utf8.count > limit else { return [] }
        let field = "spec.advanced.horizontalPodAutoscalerConfig.name"
        guard name == HPAPlan.defaultPrefix + metadata.name else {
            return [SpecProblem(field, "must have at most \(limit) characters")]
        }
        return [
            SpecProblem(
                "metadata.name",
                "must have at most \(limit - HPAPlan.defaultPrefix.count) characters, or \(field) must be given: "
                    + "the HPA would be \(name), and its name may have at most \(limit)"
            )
        ]
    }

    /// What is wrong with the metric types of the triggers.
    ///
    /// - Source: KEDA, `pkg/scalers/scaler.go`, `GetMetricTargetType`, and `cpu_memory_scaler.go`.
    public var metricTypeProblems: [SpecProblem] {
        spec.triggers.enumerated()
            .compactMap { index, trigger in
                let type = trigger.metricType ?? ""
                let field = "spec.triggers[\(index)].metricType"
                if ["cpu", "memory"].contains(trigger.type) {
                    return ["Utilization", "AverageValue"].contains(type)
                        ? nil : SpecProblem(field, "must be Utilization or AverageValue for a \(trigger.type) trigger")
                }
                return ["", "AverageValue", "Value"].contains(type)
                    ? nil : SpecProblem(field, "must be AverageValue or Value; Utilization is for cpu and memory only")
            }
    }
}
