/// What the HPA's algorithm made of one evaluation.
public struct AutoscalerRecord: Codable, Sendable, Hashable {
    /// What one metric asks for.
    public struct Proposal: Codable, Sendable, Hashable {
        /// Which one.
        public var metric: String
        /// Pods that it asks for; `nil` where it gives no answer.
        public var replicas: Int?
        /// Usage over target; `nil` where it gives no answer, or where there are no pods to compare with.
        public var ratio: Double?
        /// Why it gives no answer.
        public var failure: String?

        /// Takes what the algorithm says of one metric.
        init(_ metric: AutoscalerMetric, _ proposal: Result<AutoscalerProposal, AutoscalerFailure>) {
            self.metric = metric.name
            switch proposal {
            case .success(let proposal):
                self.replicas = proposal.replicas
                self.ratio = proposal.ratio.isFinite ? proposal.ratio : nil
            case .failure(let failure):
                self.failure = failure.description
            }
        }
    }

    /// One condition, as an HPA's status has it.
    public struct Condition: Codable, Sendable, Hashable {
        /// `AbleToScale`, `ScalingActive` or `ScalingLimited`.
        public var type: String
        /// Whether it holds.
        public var isTrue: Bool
        /// Kubernetes' word for why.
        public var reason: String
        /// Why, in a sentence.
        public var message: String

        /// The names in JSON.
        enum CodingKeys: String, CodingKey {
            case type
            case isTrue = "status"
            case reason, message
        }
    }

    /// Replicas that it asks for.
    public var replicas: Int
    /// The metric that asked for the most, where one decided.
    public var winner: String?
    /// What each metric asks for; empty where none was asked.
    public var proposals: [Proposal]
    /// The conditions that this evaluation sets.
    public var conditions: [Condition]

    /// Takes an outcome.
    public init(_ outcome: AutoscalerOutcome) {
        self.replicas = outcome.desiredReplicas
        self.proposals = zip(outcome.spec.metrics, outcome.proposals).map(Proposal.init)
        self.conditions = outcome.conditions.map {
            Condition(type: $0.kind.rawValue, isTrue: $0.isTrue, reason: $0.reason, message: $0.message)
        }
        if case .metric = outcome.cause {
            self.winner = proposals.max { ($0.replicas ?? .min, $1.metric) < ($1.replicas ?? .min, $0.metric) }?.metric
        }
    }
}

extension AutoscalerOutcome {
    /// The rules that changed what the metrics ask for.
    public var rules: [RuleRecord] {
        var rules: [RuleRecord] = []
        for (metric, proposal) in zip(spec.metrics, proposals) {
            guard case .success(let proposal) = proposal, proposal.reason == .withinTolerance else { continue }
            rules.append(RuleRecord(.tolerance, "\(metric.name) is close enough to its target"))
        }
        if cause == .metricsFailed {
            let text = conditions.first { $0.kind == .scalingActive }?.message ?? "no metric gives an answer"
            rules.append(RuleRecord(.missingData, text))
        }
        switch cause {
        case .aboveMaximum: rules.append(RuleRecord(.maximum, "more than \(spec.maxReplicas), the maximum"))
        case .belowMinimum: rules.append(RuleRecord(.minimum, "fewer than \(spec.minReplicas), the minimum"))
        case .disabled, .noSelector, .metricsFailed, .metric: break
        }
        for condition in conditions {
            switch condition.reason {
            case "ScaleUpStabilized", "ScaleDownStabilized":
                rules.append(RuleRecord(.stabilization, condition.message))
            case "ScaleUpLimit", "ScaleDownLimit": rules.append(RuleRecord(.policy, condition.message))
            case "TooManyReplicas": rules.append(RuleRecord(.maximum, condition.message))
            case "TooFewReplicas": rules.append(RuleRecord(.minimum, condition.message))
            default: break
            }
        }
        return rules
    }
}

extension AutoscalerMetric {
    /// The metric's name alone, with the container that it is about.
    var name: String {
        switch self {
        case .external(let name, _), .object(let name, _), .pods(let name, _), .resource(let name, nil, _): name
        case .resource(let name, let container?, _): "\(name) of \(container)"
        }
    }
}
