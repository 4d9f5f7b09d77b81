internal import KubeModel

extension ScaledObject {
    /// Who else wants the object's workload, or the name of its HPA.
    ///
    /// The HPA of another ScaledObject on the workload is not told beside its owner: it comes and goes with that.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_webhook.go`, `verifyScaledObjects` and `verifyHpas`.
    public func neighbourProblems(in index: some ClusterIndex) -> [SpecProblem] {
        let namespace = metadata.namespace ?? ""
        let hpa = HPAPlan.name(for: self)
        let workload = WorkloadIdentity(spec.scaleTargetRef)
        let others = index.scaledObjects(on: workload, in: namespace).filter { $0 != metadata.name }
        let namesakes = index.scaledObjects(withHPA: hpa, in: namespace).filter { $0 != metadata.name }
        let hpas = index.autoscalers(on: workload, in: namespace).filter { Set(others).isDisjoint(with: $0.owners) }
        return others.prefix(1).map { workloadProblem(with: $0) } + namesakes.prefix(1).map { hpaProblem(with: $0) }
            + hpas.compactMap(problem).prefix(1)
    }

    /// That another ScaledObject scales the same workload.
    public func workloadProblem(with other: String) -> SpecProblem {
        let workload = WorkloadIdentity(spec.scaleTargetRef)
        return SpecProblem(
            "spec.scaleTargetRef.name",
            "the workload '\(workload.name)' of type '\(workload.qualifiedKind)' is already managed by the ScaledObject "
                + "'\(other)'",
            .otherScaledObject
        )
    }

    /// That another ScaledObject's HPA has the same name.
    public func hpaProblem(with other: String) -> SpecProblem {
        let given = spec.advanced?.horizontalPodAutoscalerConfig?.name ?? ""
        return SpecProblem(
            given.isEmpty ? "metadata.name" : "spec.advanced.horizontalPodAutoscalerConfig.name",
            "the HPA '\(HPAPlan.name(for: self))' is already managed by the ScaledObject '\(other)'",
            .otherScaledObjectHPA
        )
    }

    /// What stands between the object and its workload in an HPA on it; `nil` when the HPA is the object's own, or is
    /// to become so, or asks not to be looked at.
    public func problem(with hpa: AutoscalerFacts) -> SpecProblem? {
        guard !hpa.isExempt, !hpa.owners.contains(metadata.name) else { return nil }
        let workload = WorkloadIdentity(spec.scaleTargetRef)
        guard metadata.annotations?["scaledobject.keda.sh/transfer-hpa-ownership"] == "true" else {
            return SpecProblem(
                "spec.scaleTargetRef.name",
                "the workload '\(workload.name)' of type '\(workload.qualifiedKind)' is already managed by the hpa "
                    + "'\(hpa.name)'",
                .otherHPA
            )
        }
        guard spec.advanced?.horizontalPodAutoscalerConfig?.name != hpa.name else { return nil }
        return SpecProblem(
            "spec.advanced.horizontalPodAutoscalerConfig.name",
            "the existing hpa '\(hpa.name)' for workload '\(workload.name)' of type '\(workload.qualifiedKind)' must be "
                + "specified by name in advanced settings to enable ownership transfer",
            .transferWithoutName
        )
    }
}
