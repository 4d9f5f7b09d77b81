internal import Foundation
internal import KubeModel
internal import Scaling

/// One replay on a virtual clock: the operator's polls and the HPA's looks, or the direct engine's polls alone.
struct SimulationRun {
    /// What is replayed.
    let plan: Simulation
    /// What the triggers say, as the operator reads it.
    var readings: SimulatedReadings
    /// The workload.
    var pods: SimulatedPods
    /// When the object was active.
    var activity: ActivityState
    /// What the HPA remembers.
    var history = AutoscalerHistory()
    /// The last poll that was told of.
    private var told: Decision?
    /// What holds replicas back between rest and activity.
    private var restRules: [RuleRecord] = [] { didSet { notice() } }
    /// The HPA's last look, as far as its rules depend on it.
    private var seen: (cause: AutoscalerOutcome.Cause, conditions: [AutoscalerCondition])?
    /// What holds the HPA back.
    private var hpaRules: [RuleRecord] = [] { didSet { notice() } }
    /// Both, each kind once; kept, because most moments are like the ones before.
    private var standing: [RuleRecord.Rule] = []
    /// Kinds of the rules of the last step of the HPA.
    private var hpaTold: [RuleRecord.Rule] = []
    /// What has happened.
    private var steps: [Timeline.Step] = []
    /// How it went.
    private var points: [Timeline.Point] = []
    /// See ``Timeline/values``.
    private var values: [Double] = []

    /// Stands at the beginning.
    init(_ plan: Simulation) {
        let start = plan.range.start.timeIntervalSince1970
        self.plan = plan
        self.readings = SimulatedReadings(plan)
        self.pods = SimulatedPods(plan.startReplicas, at: start, startup: plan.startup)
        self.activity = ActivityState(resuming: nil, now: plan.range.start)
    }

    /// Replays it all; a poll comes before a look of the HPA at the same moment.
    mutating func run() -> Timeline {
        let (start, end) = (plan.range.start.timeIntervalSince1970, plan.range.end.timeIntervalSince1970)
        let interval = PollPolicy(plan.object.spec).at(plan.engine).interval / .seconds(1)
        var polls = SimulatedPolls(from: start, every: interval, pushes: plan.triggers.flatMap(\.pushes))
        var looks = 0.0
        while true {
            let poll = polls.next
            let look = plan.engine == .hpa ? start + looks * Simulation.sync : .infinity
            let time = min(poll, look)
            guard time < end else { break }
            if poll == time {
                self.poll(at: time)
                polls.done()
            }
            if look == time {
                self.look(at: time)
                looks += 1
            }
            note(at: time)
        }
        return Timeline(simulation: plan, steps: steps, points: points, values: values)
    }

    /// The operator polls and decides.
    private mutating func poll(at time: Double) {
        let now = Date(timeIntervalSince1970: time)
        readings.read(at: time)
        var observation = Observation(
            replicas: pods.count,
            triggers: readings.outcomes,
            composite: readings.composed(current: pods.count, ready: pods.ready(at: time))?.outcome,
            lastActive: nil,
            created: plan.range.start
        )
        activity.note(isActive: observation.isActive || plan.policy.isForced, now: now)
        observation.lastActive = activity.lastActive
        let (before, ready) = (pods.count, pods.ready(at: time))
        let direct = plan.engine == .direct ? direct(observation, at: time, ready: ready) : nil
        let decision = direct?.decision ?? decide(plan.policy, observation, now: now)
        if case .scale(let wanted, _) = decision { pods.scale(to: wanted, at: time) }
        guard decision != told || pods.count != before || direct != nil else { return }
        told = decision
        let record = DecisionRecord(
            Evaluation(
                at: now,
                plan.policy,
                observation,
                triggers: [],
                engine: plan.engine,
                decision: decision,
                autoscaler: direct?.outcome
            )
        )
        let rules = record.rules.filter { $0.rule != .tolerance }
        let isNews = rules.map(\.rule) != restRules.map(\.rule)
        restRules = rules
        guard direct == nil || pods.count != before || isNews else { return }
        guard pods.count != before || !restRules.isEmpty else { return }
        step(at: now, .swell, from: before, ready: ready, decision.text(by: plan.engine), restRules)
    }

    /// What the direct engine makes of a poll.
    private mutating func direct(_ seen: Observation, at time: Double, ready: Int) -> DirectDecision {
        let decision = decideDirect(
            plan.policy,
            seen,
            plan.autoscaler,
            AutoscalerObservation(
                replicas: pods.count,
                pods: plan.looksAtPods ? pods.all(at: time, readings.containers) : [],
                readings: readings.answers(at: time, pods, ready: ready)
            ),
            history: history,
            now: Date(timeIntervalSince1970: time)
        )
        history = decision.history(isWritten: true)
        return decision
    }

    /// The HPA looks at its metrics and acts.
    private mutating func look(at time: Double) {
        let now = Date(timeIntervalSince1970: time)
        let ready = pods.ready(at: time)
        let observation = AutoscalerObservation(
            replicas: pods.count,
            pods: plan.looksAtPods ? pods.all(at: time, readings.containers) : [],
            readings: pods.count == 0 ? [] : readings.answers(at: time, pods, ready: ready)
        )
        let outcome = autoscale(plan.autoscaler, observation, history: history, now: now).succeeded()
        history = outcome.history
        if seen.map({ $0.cause != outcome.cause || $0.conditions != outcome.conditions }) ?? true {
            hpaRules = outcome.rules.filter { $0.rule != .tolerance }
            seen = (outcome.cause, outcome.conditions)
        }
        let before = pods.count
        pods.scale(to: outcome.desiredReplicas, at: time)
        let isNews = !hpaRules.isEmpty && !hpaRules.map(\.rule).elementsEqual(hpaTold)
        guard before != pods.count || isNews else { return }
        hpaTold = hpaRules.map(\.rule)
        step(at: now, .hpa, from: before, ready: ready, Self.reason(outcome), hpaRules)
    }

    /// Why the HPA wants what it wants.
    private static func reason(_ outcome: AutoscalerOutcome) -> String {
        switch outcome.cause {
        case .disabled: "at 0 the HPA rests"
        case .aboveMaximum: "more than the maximum"
        case .belowMinimum: "fewer than the minimum"
        case .noSelector, .metricsFailed: "a metric gives no answer"
        case .metric(let metric):
            "\(metric) asks for \(outcome.proposals.compactMap { try? $0.get().replicas }.max() ?? 0)"
        }
    }

    /// Writes a step down.
    private mutating func step(
        at now: Date,
        _ actor: Timeline.Step.Actor,
        from before: Int,
        ready: Int,
        _ reason: String,
        _ rules: [RuleRecord]
    ) {
        steps.append(
            Timeline.Step(
                time: now,
                actor: actor,
                before: before,
                after: pods.count,
                ready: ready,
                values: readings.values,
                reason: reason,
                rules: rules
            )
        )
    }

    /// Takes in that rules have changed.
    private mutating func notice() {
        standing = []
        for rule in (restRules + hpaRules).map(\.rule) where !standing.contains(rule) { standing.append(rule) }
    }

    /// Writes down how it stands now.
    private mutating func note(at time: Double) {
        let ready = pods.ready(at: time)
        let ratio = readings.ratio(at: time, ready: ready, isForced: plan.policy.isForced)
        points.append(
            Timeline.Point(time: time, replicas: pods.count, ready: ready, ratio: ratio, rules: standing)
        )
        values.append(contentsOf: readings.present)
        if plan.composite != nil { values.append(readings.formula ?? 0) }
    }
}
