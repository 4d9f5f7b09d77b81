extension ScaledObject {
    /// What the spec says of replicas that cannot be.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_types.go`, `CheckReplicaCountBoundsAreValid`. An explicit
    ///   minimum of 0 counts as 1 there, as it does for the HPA.
    public var replicaProblems: [SpecProblem] {
        var problems: [SpecProblem] = []
        let least = spec.minReplicaCount.map { max(1, $0) } ?? 0
        let most = spec.maxReplicaCount ?? ScalePolicy.defaultMaximum
        if least > most {
            problems.append(
                SpecProblem(
                    "spec.minReplicaCount",
                    "MinReplicaCount=\(least) must be less than MaxReplicaCount=\(most)",
                    .replicas
                )
            )
        }
        if let idle = spec.idleReplicaCount, idle >= least {
            problems.append(
                SpecProblem(
                    "spec.idleReplicaCount",
                    "IdleReplicaCount=\(idle) must be less than MinReplicaCount=\(least)",
                    .replicas
                )
            )
        }
        return problems
    }

    /// What the spec says of its list of triggers that cannot be; each trigger's settings are its scaler's matter.
    public var triggerProblems: [SpecProblem] { Self.problems(of: spec.triggers) }

    /// The same for the triggers of a ScaledObject or a ScaledJob.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaletriggers_types.go`, `ValidateTriggers`.
    public static func problems(of triggers: [Trigger]) -> [SpecProblem] {
        guard !triggers.isEmpty else {
            return [SpecProblem("spec.triggers", "no triggers defined in the ScaledObject/ScaledJob", .triggers)]
        }
        var problems: [SpecProblem] = []
        var names: Set<String> = []
        for (index, trigger) in triggers.enumerated() {
            let field = "spec.triggers[\(index)]"
            if trigger.useCachedMetrics == true, ["cpu", "memory", "cron"].contains(trigger.type) {
                problems.append(
                    SpecProblem(
                        "\(field).useCachedMetrics",
                        "property \"useCachedMetrics\" is not supported for \"\(trigger.type)\" scaler",
                        .triggers
                    )
                )
            }
            if let name = trigger.name, !name.isEmpty, !names.insert(name).inserted {
                problems.append(
                    SpecProblem(
                        "\(field).name",
                        "triggerName \"\(name)\" is defined multiple times in the ScaledObject/ScaledJob, but it must be unique",
                        .triggers
                    )
                )
            }
        }
        return problems
    }
}
