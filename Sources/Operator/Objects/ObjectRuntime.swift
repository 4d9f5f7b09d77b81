internal import Foundation
internal import KubeModel
internal import Scaling
internal import Synchronization

/// What the operator keeps of one ScaledObject between passes: its triggers, its activity, its next tick.
///
/// It lives as long as one generation of the spec; the next one takes over what was known of activity, failures and
/// decisions.
final class ObjectRuntime: Sendable {
    /// What changes from pass to pass.
    private struct State {
        /// When the object was active.
        var activity: ActivityState
        /// When it is polled, on the clock that never runs back.
        var times = PollTimes()
        /// What the last polls came to.
        var log: DecisionLog
        /// What the HPA's algorithm remembers.
        var autoscaler: AutoscalerHistory
        /// What annotations asked for at the last poll.
        var controls: ObjectControls?
        /// Failures in a row.
        var failures: FailureCounts
        /// When each trigger's last read that was counted began.
        var counted: [Int: Duration] = [:]
        /// What people were last told of each trigger that fails.
        var told: [Int: String] = [:]
        /// What people were last told of others on the same workload.
        var neighbours: String?
        /// Of which state of the cluster that is.
        var revision: Int?
        /// The version of the target after which its replicas are others, as we know and a watch may not.
        var outdated: String?
        /// The version of the object that our claim was written over, which a watch may show yet.
        var unclaimed: String?
        /// What the HPA was last found to be in order with.
        var order: HPAOrder?
        /// What our status was last found to be in order with.
        var statusOrder: StatusOrder?
        /// What the target was last found to rest by.
        var rest: RestOrder?
        /// What the HPA and its algorithm make of the triggers.
        var rules: ScalingRules?
        /// The triggers that people know to be built.
        var built: Set<Int> = []
        /// Our last status.
        var status = LastWrite<ScaledObjectStatus?>()
        /// Our last HPA.
        var hpa = LastWrite<HorizontalPodAutoscaler?>()
    }

    /// The life of the object.
    let uid: String?
    /// The generation of its spec.
    let generation: Int64?
    /// What it scales.
    let target: ScaleTarget
    /// The HPA that is, or is to be, its own.
    let hpaKey: ObjectKey
    /// Its triggers, in the order of the spec.
    let units: [TriggerUnit]
    /// What makes one metric of all triggers, if anything does.
    let composite: Composite?
    /// Counts and times for this generation.
    let instruments: ObjectInstruments
    /// What stands in for a metric that cannot be read, if anything does.
    let fallback: FallbackPolicy?
    /// When it is polled.
    let polls: PollPolicy
    /// Spreads its ticks.
    private let phase: UInt64
    /// See ``State``.
    private let state: Mutex<State>

    /// Makes a runtime whose first poll is due at once.
    ///
    /// - Parameters:
    ///   - object: as stored.
    ///   - target: what it scales.
    ///   - units: its triggers.
    ///   - composite: its formula, compiled.
    ///   - instruments: counts and times for this generation.
    ///   - former: the runtime of the generation before, if this process had one.
    ///   - resting: what is known of its activity from before it rested, where no status could tell.
    ///   - now: the time, from which on a resumed object counts as active.
    init(
        _ object: ScaledObject,
        target: ScaleTarget,
        units: [TriggerUnit],
        composite: Composite?,
        instruments: ObjectInstruments,
        after former: ObjectRuntime?,
        resting: ActivityState? = nil,
        now: Date
    ) {
        self.uid = object.metadata.uid
        self.generation = object.metadata.generation
        self.target = target
        self.hpaKey = ObjectKey(namespace: object.key.namespace, name: HPAPlan.name(for: object))
        self.units = units
        self.composite = composite
        self.instruments = instruments
        self.fallback = FallbackPolicy(object.spec)
        self.polls = PollPolicy(object.spec)
        self.phase = object.tickPhase
        let activity =
            former?.activity ?? resting?.resumed(at: now) ?? ActivityState(resuming: object.status, now: now)
        let failures = former?.failures ?? FailureCounts(resuming: object.status?.health)
        self.state = Mutex(
            State(
                activity: activity,
                log: former?.log ?? DecisionLog(),
                autoscaler: former?.autoscaler ?? AutoscalerHistory(),
                failures: failures
            )
        )
    }

    /// Whether this is still the runtime of an object.
    func isOf(_ object: ScaledObject) -> Bool {
        uid == object.metadata.uid && generation == object.metadata.generation
    }

    /// When the object was active.
    var activity: ActivityState { state.withLock { $0.activity } }

    /// Notes what a poll found of activity.
    func note(isActive: Bool, now: Date) {
        state.withLock { $0.activity.note(isActive: isActive, now: now) }
    }

    /// The last poll, with what it came to.
    var latest: Evaluation? { state.withLock { $0.log.entries.last?.evaluation } }

    /// What the last poll found.
    var seen: Observation? { state.withLock { $0.log.entries.last?.evaluation.seen } }

    /// What the last polls came to.
    var log: DecisionLog { state.withLock { $0.log } }

    /// What the HPA's algorithm remembers.
    var autoscaler: AutoscalerHistory { state.withLock { $0.autoscaler } }

    /// Notes what a poll came to.
    ///
    /// - Parameters:
    ///   - evaluation: what went into it and what came of it.
    ///   - limit: how many are kept.
    func decided(_ evaluation: Evaluation, keeping limit: Int) {
        state.withLock { $0.log.note(evaluation, limit: limit) }
    }

    /// Looks whether a poll finds the target at rest as the last one did, so that there is nothing to do, and notes that: what
    /// the last one came to has come once more.
    ///
    /// - Parameters:
    ///   - rest: what it rests by; `nil` where it does not.
    ///   - now: the time of the poll.
    ///   - limit: how many polls are kept.
    /// - Returns: whether it does.
    func restsOn(_ rest: RestOrder?, at now: Date, keeping limit: Int) -> Bool {
        let reads = units.map { $0.latest.map { MicroTimestamp($0.time) } }
        return state.withLock { state in
            guard let rest, state.rest == rest, !state.status.isPending, !state.hpa.isPending else {
                state.rest = nil
                return false
            }
            // The same, and the last outcome's own: an older copy would be memory for each object.
            state.rest = rest
            state.log.noteAgain(at: now, readAt: reads, limit: limit)
            return true
        }
    }

    /// Notes that a poll found nothing to do for a target at rest, unless something is under way all the same.
    func note(_ rest: RestOrder) {
        state.withLock { state in
            guard !state.status.isPending, !state.hpa.isPending else { return }
            state.rest = rest
        }
    }

    /// Notes what the HPA's algorithm is to remember; `nil` where it was not asked.
    func remember(_ history: AutoscalerHistory?) {
        guard let history else { return }
        state.withLock { $0.autoscaler = history }
    }

    /// Whether annotations ask for what they did at the last poll.
    func isControlled(by controls: ObjectControls) -> Bool { state.withLock { $0.controls } == controls }

    /// Notes what annotations ask for.
    func note(_ controls: ObjectControls) { state.withLock { $0.controls = controls } }

    /// Failures in a row of each metric.
    var failures: FailureCounts { state.withLock { $0.failures } }

    /// Counts what reading a trigger came to, once for each read, whoever asked for it.
    ///
    /// - Parameters:
    ///   - outcome: the read.
    ///   - metrics: the full names of the trigger's external metrics.
    ///   - unit: the trigger.
    /// - Returns: whether the fallback stands in for the trigger now.
    func count(_ outcome: TriggerUnit.Outcome, of metrics: [String], _ unit: TriggerUnit) -> Bool {
        guard let fallback else { return false }
        let hasFailed = outcome.failure != nil
        return state.withLock { state in
            if state.counted[unit.index] != outcome.uptime {
                state.counted[unit.index] = outcome.uptime
                state.failures.note(metrics, hasFailed: hasFailed, under: fallback)
            }
            return hasFailed && metrics.contains { fallback.begins(after: state.failures[$0]) }
        }
    }

    /// Forgets the failures of metrics that are gone.
    func keepFailures(of metrics: Set<String>) { state.withLock { $0.failures.keep(metrics) } }

    /// Whether people do not know yet that a trigger fails, and how; `nil` when it does not.
    func isNews(_ failure: String?, of index: Int) -> Bool {
        state.withLock { state in
            defer { state.told[index] = failure }
            return failure != nil && state.told[index] != failure
        }
    }

    /// Whether people do not know yet of others on the same workload; `nil` when there are none.
    func isNews(ofNeighbours neighbours: String?) -> Bool {
        state.withLock { state in
            defer { state.neighbours = neighbours }
            return neighbours != nil && state.neighbours != neighbours
        }
    }

    /// Whether the cluster may have changed since others were last looked for.
    func isNews(revision: Int) -> Bool {
        state.withLock { state in
            defer { state.revision = revision }
            return state.revision != revision
        }
    }

    /// Whether people do not know yet that a trigger is built.
    func isFirstBuild(of index: Int) -> Bool { state.withLock { $0.built.insert(index).inserted } }

    /// How long until the next poll; zero or less when it is due.
    func untilTick(_ uptime: Duration) -> Duration { state.withLock { $0.times.due } - uptime }

    /// How long a poll that begins now is overdue; the first one is due when it begins, and one that comes early is not.
    func lateness(_ uptime: Duration) -> Duration {
        state.withLock { $0.times.due == .zero ? .zero : max(uptime - $0.times.due, .zero) }
    }

    /// A poll begins.
    ///
    /// - Returns: the triggers that have pushed since the last one, whose sources are to be read anew.
    func began(_ uptime: Duration) -> Set<Int> { state.withLock { $0.times.begin(at: uptime) } }

    /// A trigger pushes.
    ///
    /// - Returns: how long until the object is to be polled; `nil` where that has been said since the last poll.
    func pushed(by unit: TriggerUnit, _ uptime: Duration) -> Duration? {
        state.withLock { $0.times.push(by: unit.index, at: uptime) }
    }

    /// Sets the next tick after a poll.
    func ticked(_ uptime: Duration, by engine: ScalingEngine) {
        let wait = polls.at(engine).untilNextTick(after: uptime, phase: phase)
        state.withLock { $0.times.end(next: uptime + wait) }
    }

    /// Sets an early tick, because what the last one came to could not be done, or what triggers refer to has changed.
    func retick(after wait: Duration, _ uptime: Duration) {
        state.withLock { $0.times.hasten(to: uptime + wait) }
    }

    /// The status as it is now, as far as we know.
    func status(shown: ScaledObjectStatus?, at uptime: Duration) -> ScaledObjectStatus? {
        state.withLock { $0.status.current(shown, at: uptime) }
    }

    /// Notes a status that was written.
    func wrote(_ status: ScaledObjectStatus, over shown: ScaledObjectStatus?, at uptime: Duration) {
        state.withLock { $0.status.note(status, over: shown, at: uptime) }
    }

    /// Whether that is what we wrote, and not what the watch shows.
    var isStatusPending: Bool { state.withLock { $0.status.isPending } }

    /// Whether the status was found to be as it should be before, and nothing that it depends on has changed.
    func isInOrder(_ order: StatusOrder?) -> Bool {
        order.map { order in state.withLock { $0.statusOrder == order } } ?? false
    }

    /// Notes that the status is as it should be.
    func note(_ order: StatusOrder?) { state.withLock { $0.statusOrder = order } }

    /// The rules that were last made, unless something that they depend on has changed.
    func rules(for basis: ScalingRules.Basis) -> ScalingRules? {
        state.withLock { $0.rules.flatMap { $0.basis == basis ? $0 : nil } }
    }

    /// Notes rules that were made.
    func note(_ rules: ScalingRules) { state.withLock { $0.rules = rules } }

    /// The HPA as it is now, as far as we know.
    func hpa(shown: HorizontalPodAutoscaler?, at uptime: Duration) -> HorizontalPodAutoscaler? {
        state.withLock { $0.hpa.current(shown, at: uptime) }
    }

    /// Whether that is what we wrote, and not what the watch shows.
    var isHPAPending: Bool { state.withLock { $0.hpa.isPending } }

    /// Notes a state of the target that is history: we have written over it, or somebody else has.
    func note(outdated scale: Scale) { state.withLock { $0.outdated = scale.metadata.resourceVersion } }

    /// Whether a state of the target that a watch shows is known to be history.
    func isOutdated(_ scale: Scale) -> Bool {
        state.withLock { $0.outdated != nil && $0.outdated == scale.metadata.resourceVersion }
    }

    /// Notes that an object was claimed, unless it was before.
    func note(claimed object: ScaledObject, over shown: ScaledObject) {
        let version = shown.metadata.resourceVersion
        guard object.metadata.resourceVersion != version else { return }
        state.withLock { $0.unclaimed = version }
    }

    /// Whether we have claimed an object that a watch shows without.
    func hasClaimed(_ shown: ScaledObject) -> Bool {
        state.withLock { $0.unclaimed != nil && $0.unclaimed == shown.metadata.resourceVersion }
    }

    /// Whether an HPA was found to be as it should be before, and nothing that it depends on has changed.
    func isInOrder(_ order: HPAOrder?) -> Bool { order.map { order in state.withLock { $0.order == order } } ?? false }

    /// Notes that an HPA is as it should be.
    func note(_ order: HPAOrder?) { state.withLock { $0.order = order } }

    /// Notes an HPA that was written.
    func wrote(_ hpa: HorizontalPodAutoscaler, over shown: HorizontalPodAutoscaler?, at uptime: Duration) {
        state.withLock { $0.hpa.note(hpa, over: shown, at: uptime) }
    }
}
