public import KubeModel

/// All that one pass over a ScaledObject found out, from which its status follows.
public struct ObjectFindings: Sendable {
    /// Why the object cannot be scaled at all: a stage and what failed in it, or `nil`.
    public var problem: String?
    /// The type of the scale target, once it is known.
    public var target: ResourceType?
    /// Replicas of the target as first seen.
    public var originalReplicas: Int?
    /// The HPA in use.
    public var hpaName: String?
    /// Names of the external metrics in the order of the triggers; `nil` when not worked out in this pass.
    public var externalMetrics: [String]?
    /// Resources that the HPA reads by itself.
    public var resourceMetrics: [String]?
    /// Why the target's replicas could not be read, if they were asked for and could not.
    public var replicasFailure: String?
    /// What the poll of this pass saw and came to, if there was one.
    public var poll: Poll?
    /// When the object was active.
    public var activity: ActivityState?

    /// What a poll saw and came to.
    public struct Poll: Sendable {
        /// What it saw.
        public var seen: Observation
        /// What it came to.
        public var decision: Decision

        /// Makes a result.
        public init(seen: Observation, decision: Decision) {
            self.seen = seen
            self.decision = decision
        }
    }

    /// Nothing found yet.
    public init() {}
}

extension ScaledObjectStatus {
    /// The status after a pass; equal to this one when nothing changed, so that nothing is written.
    ///
    /// - Source: KEDA, `controllers/keda/scaledobject_controller.go` and `pkg/scaling/executor`; unlike there, an
    ///   object of which nothing is known to be active and not everything is known has Active Unknown, not False.
    public func after(_ found: ObjectFindings, of object: ScaledObject) -> ScaledObjectStatus {
        var status = self
        status.initialiseConditions()
        status.triggersTypes = Self.distinct(object.spec.triggers.map(\.type))
        status.authenticationsTypes = Self.distinct(object.spec.triggers.compactMap { $0.authenticationRef?.name })
        if let target = found.target {
            status.scaleTargetKind = target.qualifiedKind
            status.scaleTargetGVKR = TargetType(target)
        }
        status.originalReplicaCount = status.originalReplicaCount ?? found.originalReplicas
        status.hpaName = found.hpaName ?? status.hpaName
        if let names = found.externalMetrics {
            status.externalMetricNames = names.isEmpty ? nil : names
            status.resourceMetricNames = found.resourceMetrics?.isEmpty == false ? found.resourceMetrics : nil
        }
        if let poll = found.poll { status.note(poll) }
        if let activity = found.activity { status.lastActiveTime = activity.recorded.map(Timestamp.init) }
        status.noteTrouble(found)
        status.boundMessage()
        return status
    }

    /// Takes over what a poll says of activity.
    private mutating func note(_ poll: ObjectFindings.Poll) {
        var activity: [String: Activity] = [:]
        for case .read(let metrics, let isActive) in poll.seen.triggers {
            for metric in metrics { activity[metric] = Activity(isActive: isActive) }
        }
        for case let name in externalMetricNames ?? [] where activity[name] == nil {
            activity[name] = Activity(isActive: false)
        }
        triggersActivity = activity.isEmpty ? nil : activity
        self[.active] = Self.active(poll)
        self[.ready] = Self.ready(poll.seen)
    }

    /// Whether a poll found activity.
    private static func active(_ poll: ObjectFindings.Poll) -> Condition {
        if poll.seen.isActive {
            return Condition(
                .active,
                .yes,
                reason: "ScalerActive",
                message: "Scaling is performed because triggers are active"
            )
        }
        if poll.seen.hasFailure {
            return Condition(
                .active,
                .unknown,
                reason: "UnknownState",
                message: "No trigger is known to be active, and not every trigger could be read"
            )
        }
        if case .hold(.coolingDown) = poll.decision {
            return Condition(
                .active,
                .no,
                reason: "ScalerCooldown",
                message: "Scaler is cooling down because triggers are not active"
            )
        }
        return Condition(
            .active,
            .no,
            reason: "ScalerNotActive",
            message: "Scaling is not performed because triggers are not active"
        )
    }

    /// Whether a poll found every trigger in order.
    private static func ready(_ seen: Observation) -> Condition {
        let failures = seen.triggers.compactMap(\.failure)
        guard !failures.isEmpty else {
            return Condition(
                .ready,
                .yes,
                reason: "ScaledObjectReady",
                message: "ScaledObject is defined correctly and is ready for scaling"
            )
        }
        let message = failures.joined(separator: "; ")
        return seen.isActive
            ? Condition(.ready, .unknown, reason: "PartialTriggerError", message: message)
            : Condition(.ready, .no, reason: "TriggerError", message: message)
    }

    /// Takes over what keeps the object from being scaled.
    private mutating func noteTrouble(_ found: ObjectFindings) {
        if let failure = found.replicasFailure {
            self[.ready] = Condition(.ready, .no, reason: "ErrorGettingCurrentReplicas", message: failure)
        }
        guard let problem = found.problem else { return }
        self[.ready] = Condition(.ready, .no, reason: "ScaledObjectCheckFailed", message: problem)
        guard found.poll == nil else { return }
        self[.active] = Condition(
            .active,
            .unknown,
            reason: "UnknownState",
            message: "ScaledObject check failed"
        )
    }

    /// Cuts the message of the Ready condition, which holds a line for each of any number of triggers.
    ///
    /// - Source: Kubernetes, `apimachinery/pkg/apis/meta/v1/types.go`, `Condition`, for the limit.
    private mutating func boundMessage() {
        guard var ready = self[.ready] else { return }
        ready.message = ready.message.map { Self.cut($0, to: 32_768) }
        self[.ready] = ready
    }

    /// Distinct texts in their first order, joined by commas; users write them, so there is a limit.
    private static func distinct(_ texts: [String]) -> String {
        var seen: Set<String> = []
        return cut(texts.filter { seen.insert($0).inserted }.joined(separator: ","), to: 4096)
    }

    /// A text of at most so many bytes.
    private static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        // A character in the middle of which the limit falls is left out.
        return String(decoding: text.utf8.prefix(limit - 3), as: UTF8.self).filter { $0 != "\u{FFFD}" } + "..."
    }
}
