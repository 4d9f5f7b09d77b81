internal import Foundation
internal import KubeModel

extension DecisionRecord {
    /// Writes down one evaluation.
    ///
    /// Pure: the same evaluation gives the same record.
    public init(_ evaluation: Evaluation) {
        let (seen, policy, decision) = (evaluation.seen, evaluation.policy, evaluation.decision)
        self.time = MicroTimestamp(evaluation.time)
        self.engine = evaluation.engine.rawValue
        self.replicas = seen.replicas
        self.triggers = evaluation.triggers
        self.composite = evaluation.composite
        self.isActive = policy.isForced || seen.isActive
        self.autoscaler = evaluation.outcome.map(AutoscalerRecord.init)
        self.rules = Self.rules(of: decision, policy, seen) + (evaluation.outcome?.rules ?? [])
        self.result = ResultRecord(decision, by: evaluation.engine, found: seen.replicas)
        self.next = Self.next(after: decision, policy, by: evaluation.engine)
        self.recommendation = evaluation.mode == .recommend ? RecommendationRecord(evaluation) : nil
    }

    /// The rules between rest and activity that had a say.
    private static func rules(of decision: Decision, _ policy: ScalePolicy, _ seen: Observation) -> [RuleRecord] {
        var rules: [RuleRecord] = []
        if policy.isForced { rules.append(RuleRecord(.forced, "an annotation keeps the workload awake")) }
        for case .fallback(_, let reason) in seen.triggers {
            rules.append(RuleRecord(.fallback, "the fallback stands in: \(reason)"))
        }
        if seen.composite == .fallback { rules.append(RuleRecord(.fallback, "the fallback stands in for the formula")) }
        switch decision {
        case .hold(.unknown):
            let reasons = seen.failures.joined(separator: "; ")
            rules.append(RuleRecord(.missingData, "what is unknown never scales in: \(reasons)"))
        case .hold(.coolingDown(let end)):
            let text =
                seen.lastActive == nil
                ? "replicas stay for \(Int(policy.initialCooldown)) s after the object was made"
                : "replicas stay for \(Int(policy.cooldown)) s after the last activity"
            rules.append(RuleRecord(.cooldown, text, until: Timestamp(end)))
        case .hold(.scaleOutPaused): rules.append(RuleRecord(.pause, "an annotation pauses scaling out"))
        case .hold(.scaleInPaused): rules.append(RuleRecord(.pause, "an annotation pauses scaling in"))
        case .scale(_, .deactivated) where policy.idle != nil:
            rules.append(RuleRecord(.idle, "rest is idleReplicaCount, \(policy.resting)"))
        case .scale(_, .belowMinimum): rules.append(RuleRecord(.minimum, "minReplicaCount is \(policy.minimum)"))
        case .scale, .hold: break
        }
        return rules
    }

    /// What would change the result.
    private static func next(
        after decision: Decision,
        _ policy: ScalePolicy,
        by engine: ScalingEngine
    ) -> [String] {
        let scaler = engine == .hpa ? "the HPA scales" : "the metrics scale it"
        let wakes = "a trigger that becomes active takes it to \(policy.awake)"
        switch decision {
        case .scale(let replicas, .activated), .scale(let replicas, .forced):
            return ["from \(replicas) on, \(scaler) up to \(policy.maximum)"]
        case .hold(.active), .scale(_, .recommended):
            let bounds = "\(scaler) between \(policy.awake) and \(policy.maximum)"
            guard policy.minimum == 0 || policy.idle != nil else { return [bounds] }
            let rest = "\(Int(policy.cooldown)) s without activity take it to \(policy.resting)"
            return [bounds, policy.isForced ? "it does not rest while the annotation forces it" : rest]
        case .hold(.coolingDown(let end)):
            let rest = "at \(RFC3339.seconds(end)) it goes to \(policy.resting), unless a trigger is active before"
            return [rest]
        case .hold(.unknown):
            return ["when what failed can be read again, or a trigger is active"]
        case .hold(.scaleOutPaused): return ["when the annotation is gone it goes to \(policy.awake)"]
        case .hold(.scaleInPaused): return ["when the annotation is gone it may rest at \(policy.resting)"]
        case .hold(.inactive), .scale(_, .deactivated), .scale(_, .belowMinimum): return [wakes]
        }
    }
}

extension ResultRecord {
    /// Takes a decision, and the replicas that were found.
    init(_ decision: Decision, by engine: ScalingEngine, found: Int) {
        let text = decision.text(by: engine)
        switch decision {
        case .scale(let replicas, let cause):
            self.init(.scale, replicas: replicas, reason: "\(cause)", text: text)
        case .hold(let reason):
            self.init(.hold, replicas: found, reason: reason.word, text: text)
        }
    }
}

extension Decision.Reason {
    /// One word for programs.
    fileprivate var word: String {
        switch self {
        case .active: "active"
        case .inactive: "inactive"
        case .coolingDown: "coolingDown"
        case .unknown: "unknown"
        case .scaleOutPaused: "scaleOutPaused"
        case .scaleInPaused: "scaleInPaused"
        }
    }
}
