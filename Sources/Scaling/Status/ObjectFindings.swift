public import KubeModel

/// All that one pass over a ScaledObject found out, from which its status follows.
public struct ObjectFindings: Sendable {
    /// Why the object cannot be scaled at all: a stage and what failed in it, or `nil`.
    public var problem: String?
    /// The type of the scale target, once it is known.
    public var target: ResourceType?
    /// Replicas of the target as first seen.
    public var originalReplicas: Int?
    /// Who scales while the workload is awake.
    public var engine = ScalingEngine.hpa
    /// The HPA in use.
    public var hpaName: String?
    /// Names of the external metrics in the order of the triggers; `nil` when not worked out in this pass.
    public var externalMetrics: [String]?
    /// Resources of whole pods that are looked at.
    public var resourceMetrics: [String]?
    /// What the HPA's controller says of its metrics, if it has said anything yet.
    public var hpaHealth: HPAStatus.Condition?
    /// What annotations ask for.
    public var controls = ObjectControls(nil)
    /// Failures of each metric in a row; `nil` where there is no fallback that could count them.
    public var failures: FailureCounts?
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
        /// Whether an annotation wanted the workload awake.
        public var isForced: Bool

        /// Makes a result.
        public init(seen: Observation, decision: Decision, isForced: Bool = false) {
            self.seen = seen
            self.decision = decision
            self.isForced = isForced
        }
    }

    /// Nothing found yet.
    public init() {}

    /// Whether some metric has failed for longer than is borne.
    func isFallingBack(_ policy: FallbackPolicy?) -> Bool {
        guard let policy, let failures else { return false }
        return failures.health.values.contains { policy.begins(after: $0.numberOfFailures ?? 0) }
    }
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
        status.hpaName = found.engine == .direct ? nil : found.hpaName ?? status.hpaName
        if let names = found.externalMetrics {
            status.externalMetricNames = names.isEmpty ? nil : names
            status.resourceMetricNames = found.resourceMetrics?.isEmpty == false ? found.resourceMetrics : nil
        }
        if let poll = found.poll { status.note(poll) }
        if let activity = found.activity { status.lastActiveTime = activity.recorded.map(Timestamp.init) }
        status.noteFallback(found, FallbackPolicy(object.spec))
        status.notePause(found.controls)
        status.noteHPA(found.hpaHealth, found.engine)
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
        for case .fallback(let metrics, _) in poll.seen.triggers {
            for metric in metrics { activity[metric] = Activity(isActive: true) }
        }
        for case let name in externalMetricNames ?? [] where activity[name] == nil {
            activity[name] = Activity(isActive: false)
        }
        triggersActivity = activity.isEmpty ? nil : activity
        self[.active] = Self.active(poll)
        self[.ready] = Self.ready(poll.seen)
        compositeScalerName = poll.seen.composite == nil ? nil : Composite.metricName
    }

    /// Whether a poll found activity.
    private static func active(_ poll: ObjectFindings.Poll) -> Condition {
        if poll.isForced {
            return Condition(
                .active,
                .yes,
                reason: "ScalerActive",
                message: "Scaling is performed because activation is being forced by annotation"
            )
        }
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
    ///
    /// A failure that the fallback still bears shows only while something is active, as in KEDA. A trigger that cannot
    /// be built is never ready, though others work. Without cpu or memory the object is still put to rest and woken.
    private static func ready(_ seen: Observation) -> Condition {
        let borne = seen.triggers.filter { if case .failed(_, .borne) = $0 { true } else { false } }
        let failures = seen.troubles
        guard failures.count > (seen.isActive ? 0 : borne.count) else {
            return Condition(
                .ready,
                .yes,
                reason: "ScaledObjectReady",
                message: "ScaledObject is defined correctly and is ready for scaling"
            )
        }
        let message = failures.joined(separator: "; ")
        let isBuilt = !seen.triggers.contains { if case .failed(_, .unbuilt) = $0 { true } else { false } }
        return (seen.isActive || !seen.hasFailure) && isBuilt
            ? Condition(.ready, .unknown, reason: "PartialTriggerError", message: message)
            : Condition(.ready, .no, reason: "TriggerError", message: message)
    }

    /// Takes over whether something stands in for a metric.
    private mutating func noteFallback(_ found: ObjectFindings, _ policy: FallbackPolicy?) {
        if let failures = found.failures, policy != nil {
            health = failures.health.isEmpty ? nil : failures.health
        } else if policy == nil {
            health = nil
        } else if self[.fallback]?.status != .unknown {
            // Nothing was counted in this pass: what was said last stands.
            return
        }
        self[.fallback] =
            found.isFallingBack(policy)
            ? Condition(
                .fallback,
                .yes,
                reason: "FallbackExists",
                message: "At least one trigger is falling back on this scaled object"
            )
            : Condition(
                .fallback,
                .no,
                reason: "NoFallbackFound",
                message: "No fallbacks are active on this scaled object"
            )
    }

    /// Takes over what annotations ask for.
    private mutating func notePause(_ controls: ObjectControls) {
        if case .at(let replicas) = controls.pause { pausedReplicaCount = replicas } else { pausedReplicaCount = nil }
        if controls.isPaused {
            self[.ready] = Condition(.ready, .yes, reason: "ScaledObjectReady", message: "ScaledObject is paused")
        }
        if controls.pause != .none {
            self[.paused] = Condition(.paused, .yes, reason: "ScaledObjectPaused", message: "ScaledObject is paused")
        } else if self[.paused]?.status != .no {
            self[.paused] = Condition(
                .paused,
                .no,
                reason: "ScaledObjectUnpaused",
                message: "pause annotation removed for ScaledObject"
            )
        }
    }

    /// Takes over what the HPA's controller says; what it said last stands while it says nothing.
    ///
    /// - Source: KEDA after 2.20.2, `pkg/scaling/executor/scale_scaledobjects.go`, `getHPAHealth`.
    private mutating func noteHPA(_ health: HPAStatus.Condition?, _ engine: ScalingEngine) {
        guard engine == .hpa else {
            let message = "There is no HPA: Swell scales the target itself"
            self[.hpaActive] = Condition(.hpaActive, .unknown, reason: "DirectEngine", message: message)
            return
        }
        guard let health else { return }
        let (reason, message) = (health.reason ?? "", health.message ?? "")
        self[.hpaActive] =
            if health.status == "True" {
                Condition(.hpaActive, .yes, reason: "HPAActive", message: "HPA is actively scaling")
            } else if reason == "ScalingDisabled" {
                Condition(.hpaActive, .yes, reason: reason, message: message)
            } else {
                Condition(
                    .hpaActive,
                    .no,
                    reason: reason.isEmpty ? "HPAMetricsUnavailable" : reason,
                    message: Self.cut("HPA is not actively scaling: \(message)", to: 4096)
                )
            }
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
