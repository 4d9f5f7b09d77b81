internal import KubeModel

extension ScaledObject {
    /// How long a name may be that becomes the value of a label, as the object's and its HPA's do.
    private static let longestName = 63

    /// What is wrong with the object's name: it becomes a label of the object itself, so without it nothing works.
    public var labelProblems: [SpecProblem] {
        let (name, limit) = (metadata.name, Self.longestName)
        guard name.utf8.count > limit else { return [] }
        return [
            SpecProblem(
                "metadata.name",
                "scaledobject name \"\(name)\" is \(name.utf8.count) characters long; must be no more than \(limit) "
                    + "characters because it is used as the \"\(ObjectLabel.name)\" label value",
                .name
            )
        ]
    }

    /// What is wrong with the object's name and with its HPA's.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_webhook.go`, `verifyName`.
    public var nameProblems: [SpecProblem] {
        guard labelProblems.isEmpty else { return labelProblems }
        let (name, limit) = (HPAPlan.name(for: self), Self.longestName)
        guard name.utf8.count > limit else { return [] }
        let field = "spec.advanced.horizontalPodAutoscalerConfig.name"
        return [
            SpecProblem(
                name == HPAPlan.defaultPrefix + metadata.name ? "metadata.name" : field,
                "HPA name \"\(name)\" derived from scaledobject is \(name.utf8.count) characters long; must be no more "
                    + "than \(limit) characters; set \(field) to a shorter name or shorten the scaledobject name",
                .hpaName
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
                if trigger.isResource {
                    return ["Utilization", "AverageValue"].contains(type)
                        ? nil : SpecProblem(field, "must be Utilization or AverageValue for a \(trigger.type) trigger")
                }
                return ["", "AverageValue", "Value"].contains(type)
                    ? nil : SpecProblem(field, "must be AverageValue or Value; Utilization is for cpu and memory only")
            }
    }
}
