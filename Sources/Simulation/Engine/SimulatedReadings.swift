internal import Foundation
internal import KubeModel
internal import Scaling

/// What the triggers say, and what the operator makes of it: for its polls and for the metrics API alike.
struct SimulatedReadings {
    /// The name of the only container, where the spec names none.
    private static let container = "main"
    /// What each container requests, so that a percentage of it is a whole number.
    private static let request: Int64 = 1_000_000

    /// What is replayed.
    private let plan: Simulation
    /// Where each trigger's reader stands.
    private var cursors: [Int]
    /// When each trigger was last read, in seconds since 1970.
    private var times: [Double]
    /// What was read then.
    private(set) var values: [Double]
    /// Each trigger's value now, whether or not it was read.
    private(set) var present: [Double]
    /// The formula's value now; `nil` where there is no formula, or it has none.
    private(set) var formula: Double?
    /// Each trigger's metric, for outcomes.
    private let metrics: [[String]]
    /// How old a reading may be for a poll.
    private let pollAge: Double
    /// How old a reading may be for the metrics API.
    private let freshness: Double
    /// What each pod holds.
    let containers: [AutoscalerPod.Container]

    /// Nothing is read yet.
    init(_ plan: Simulation) {
        let polls = PollPolicy(plan.object.spec)
        self.plan = plan
        self.cursors = plan.triggers.map { _ in 0 }
        self.times = plan.triggers.map { _ in -.infinity }
        self.values = plan.triggers.map { _ in 0 }
        self.present = values
        self.metrics = plan.triggers.map { [$0.metric] }
        self.pollAge = min(.seconds(1), polls.interval / 2) / .seconds(1)
        self.freshness = polls.freshness / .seconds(1)
        let names = Set(plan.triggers.compactMap(\.hpaMetric.containerResource?.container))
        let requests = ["cpu": Self.request, "memory": Self.request]
        self.containers = (names.isEmpty ? [Self.container] : names.sorted())
            .map { AutoscalerPod.Container(name: $0, requests: requests) }
    }

    /// A poll reads all triggers; those that push however young their readings are.
    mutating func read(at time: Double) {
        for index in values.indices {
            read(index, at: time, noOlderThan: plan.triggers[index].pushes.isEmpty ? pollAge : 0)
        }
    }

    /// Reads a trigger, unless what was read is young enough.
    private mutating func read(_ index: Int, at time: Double, noOlderThan age: Double) {
        guard time - times[index] >= age else { return }
        values[index] = plan.triggers[index].series.value(at: time, &cursors[index])
        times[index] = time
    }

    /// What the poll found, in the order of the triggers.
    var outcomes: [TriggerOutcome] {
        plan.triggers.indices.map { index in
            let trigger = plan.triggers[index]
            if trigger.isResource { return .resource }
            return .read(metrics: metrics[index], isActive: values[index] > trigger.activation)
        }
    }

    /// What the formula makes of what was read; `nil` where there is none.
    ///
    /// - Parameters:
    ///   - current: pods that are wanted, for a fallback.
    ///   - ready: pods that are ready, for a fallback.
    /// - Returns: for the decision, and the value for the HPA if there is one.
    func composed(current: Int, ready: Int) -> (outcome: CompositeOutcome, value: Quantity?)? {
        plan.composite.map { compose($0, of: values, current: current, ready: ready) }
    }

    /// See ``composed(current:ready:)``.
    private func compose(
        _ composite: Composite,
        of values: [Double],
        current: Int,
        ready: Int
    ) -> (outcome: CompositeOutcome, value: Quantity?) {
        var inputs: [String: Double?] = [:]
        for (trigger, value) in zip(plan.triggers, values) where !trigger.isResource {
            if let name = trigger.name { inputs[name] = max(0, value) }
        }
        do throws(FormulaError) {
            if let result = try composite.formula.value(inputs) {
                return (.value(result, isActive: result > composite.activation), Quantity(truncating: max(0, result)))
            }
        } catch {
            return (.failed(reason: "scalingModifiers: \(error)"), nil)
        }
        let value = FallbackPolicy(plan.object.spec)
            .flatMap { fallback in
                FallbackPolicy.value(
                    for: composite.target,
                    replicas: fallback.wanted(current: current),
                    ready: ready
                )
            }
        return value.map { (.fallback, $0) } ?? (
            .failed(reason: "the formula gives nil, and there is no fallback"), nil
        )
    }

    /// What the metrics APIs answer to the HPA.
    ///
    /// - Returns: one for each of its metrics.
    mutating func answers(at time: Double, _ pods: SimulatedPods, ready: Int) -> [AutoscalerReading] {
        for (index, trigger) in plan.triggers.enumerated() where !trigger.usesCache {
            read(index, at: time, noOlderThan: trigger.isResource ? 0 : freshness)
        }
        return plan.sources.map { source in
            guard let source else {
                let composed = composed(current: pods.count, ready: ready)
                if let value = composed?.value { return .totals([value.milli]) }
                return .failure(composed?.outcome.failure ?? "the formula's result is too large")
            }
            let (trigger, value) = (plan.triggers[source], max(0, values[source]))
            if trigger.isResource { return .samples(samples(of: trigger, value, at: time, pods, ready: ready)) }
            return .totals([(Quantity(rounding: value) ?? Quantity(Int64.max)).milli])
        }
    }

    /// A load on all ready pods alike; those that are starting have no sample yet.
    private func samples(
        of trigger: SimulatedTrigger,
        _ load: Double,
        at time: Double,
        _ pods: SimulatedPods,
        ready: Int
    ) -> [String: AutoscalerSample] {
        guard ready > 0 else { return [:] }
        // A percentage is one of what a pod requests: of all its containers, or of the one that is named.
        let requests = trigger.hpaMetric.containerResource == nil ? Double(containers.count) : 1
        let unit = trigger.target.averageUtilization == nil ? 1000 : Double(Self.request) * requests / 100
        let each = Quantity(rounding: load / Double(ready) * unit / 1000)?.milli ?? .max
        let sample = AutoscalerSample(value: each, time: Date(timeIntervalSince1970: time))
        let names = pods.all(at: time, containers).filter { $0.readiness?.isReady == true }.map(\.name)
        return Dictionary(names.map { ($0, sample) }) { first, _ in first }
    }

    /// The largest share of what the ready pods should have, of the triggers' values as they are now.
    ///
    /// - Returns: 0 while nothing is active, or nothing is known.
    mutating func ratio(at time: Double, ready: Int, isForced: Bool) -> Double {
        for index in present.indices {
            present[index] = plan.triggers[index].series.value(at: time, &cursors[index])
        }
        var isActive = isForced
        var ratio = 0.0
        formula = nil
        if let composite = plan.composite {
            guard case .value(let value, let active) = compose(composite, of: present, current: 0, ready: 0).outcome
            else {
                return 0
            }
            formula = value
            isActive = isActive || active
            ratio = SimulatedTrigger.ratio(value, to: composite.target, pods: ready)
        }
        var hasExternal = false
        for (trigger, value) in zip(plan.triggers, present) {
            hasExternal = hasExternal || !trigger.isResource
            guard plan.composite == nil || trigger.isResource else { continue }
            isActive = isActive || (!trigger.isResource && value > trigger.activation)
            ratio = max(ratio, SimulatedTrigger.ratio(value, to: trigger.target, pods: ready))
        }
        return isActive || !hasExternal ? ratio : 0
    }
}
