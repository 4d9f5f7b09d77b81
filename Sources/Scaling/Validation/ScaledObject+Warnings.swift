extension ScaledObject {
    /// Settings that have no effect beside the others.
    ///
    /// Above a minimum of 1 or more the HPA alone scales, unless there is an idle count to go to.
    ///
    /// - Source: KEDA after 2.20.1, `apis/keda/v1alpha1/scaledobject_webhook.go`, `verifyScaledObjects`.
    public var ineffectiveSettings: [SpecProblem] {
        guard (spec.minReplicaCount ?? 0) > 0, spec.idleReplicaCount == nil else { return [] }
        var warnings: [SpecProblem] = []
        if spec.pollingInterval != nil, !spec.triggers.contains(where: { $0.useCachedMetrics == true }) {
            warnings.append(
                SpecProblem(
                    "spec.pollingInterval",
                    "PollingInterval is configured but is not relevant. PollingInterval is only relevant when "
                        + "minReplicaCount = 0, idleReplicaCount is set, or useCachedMetrics is enabled"
                )
            )
        }
        if spec.cooldownPeriod != nil {
            warnings.append(
                SpecProblem(
                    "spec.cooldownPeriod",
                    "CooldownPeriod is configured but is not relevant. CooldownPeriod is only relevant when "
                        + "minReplicaCount = 0 or idleReplicaCount is set"
                )
            )
        }
        return warnings
    }
}
