internal import Foundation
internal import KubeModel
internal import ScalerKit
internal import Scaling

/// What one trigger comes to, its fallback applied.
enum TriggerValue: Sendable, Equatable {
    /// Its readings, by full name; none for cpu and memory, which no trigger reads.
    case read([String: Reading])
    /// It cannot be read, and these stand in for it.
    case substituted([String: Quantity], reason: String)
    /// It cannot be read, and is `nil` in the formula.
    case absent([String], reason: String)
    /// It cannot be read.
    case failed(reason: String, TriggerFault)

    /// Whether it gives nothing, and nothing makes up for it.
    var isFailed: Bool { if case .failed = self { true } else { false } }

    /// As a decision looks at it.
    var outcome: TriggerOutcome {
        switch self {
        case .read(let readings) where readings.isEmpty: .resource
        case .read(let readings):
            .read(metrics: readings.keys.sorted(), isActive: readings.values.contains(where: \.isActive))
        case .substituted(let values, let reason): .fallback(metrics: values.keys.sorted(), reason: reason)
        case .absent(let metrics, let reason): .fallback(metrics: metrics, reason: reason)
        case .failed(let reason, let fault): .failed(reason: reason, fault)
        }
    }
}

/// Asks an object's triggers, and applies its fallback and its formula; for the poll and for the metrics API alike.
struct TriggerEvaluator: Sendable {
    /// The object.
    let runtime: ObjectRuntime
    /// Pods that the target wants; asked for only where a fallback needs it.
    let replicas: @Sendable () async throws -> Int
    /// Pods of the target that are ready; asked for only where a fallback needs it.
    let readyPods: @Sendable () async throws -> Int

    /// What the formula came to: for the decision, and the value for the HPA if there is one.
    typealias Composed = (outcome: CompositeOutcome, value: Quantity?)

    /// Asks one trigger; see ``TriggerUnit/outcome(noOlderThan:at:)``.
    ///
    /// - Throws: `CancellationError`.
    func value(of unit: TriggerUnit, noOlderThan age: Duration?, at moment: Date? = nil) async throws -> TriggerValue {
        let outcome = try await unit.outcome(noOlderThan: age, at: moment)
        let measures = unit.built?.measures.filter(\.isExternal) ?? []
        let falls = runtime.count(outcome, of: measures.map(\.name), unit)
        switch outcome.result {
        case .success(let readings): return .read(readings)
        case .failure(let failure):
            let reason = "\(unit.label): \(failure)"
            guard falls, let fallback = runtime.fallback else {
                let isBorne = runtime.fallback != nil && !measures.isEmpty
                return .failed(reason: reason, isBorne ? .borne : failure.isOfBuild ? .unbuilt : .unread)
            }
            if runtime.composite != nil, fallback.behavior == .scalingModifiers {
                return .absent(measures.map(\.name), reason: reason)
            }
            return await substitute(for: measures, of: unit, fallback, reason)
        }
    }

    /// Asks all triggers at once.
    ///
    /// - Returns: one value for each, in their order.
    /// - Throws: `CancellationError`.
    func values(noOlderThan age: @Sendable (TriggerUnit) -> Duration?, at moment: Date) async throws -> [TriggerValue] {
        if runtime.units.count == 1, let unit = runtime.units.first {
            return [try await value(of: unit, noOlderThan: age(unit), at: moment)]
        }
        return try await withThrowingTaskGroup { group in
            for (place, unit) in runtime.units.enumerated() {
                let age = age(unit)
                group.addTask { (place, try await value(of: unit, noOlderThan: age, at: moment)) }
            }
            var values: [Int: TriggerValue] = [:]
            for try await (place, value) in group { values[place] = value }
            return runtime.units.indices.compactMap { values[$0] }
        }
    }

    /// What stands in for a trigger.
    private func substitute(
        for measures: [NamedMeasure],
        of unit: TriggerUnit,
        _ fallback: FallbackPolicy,
        _ reason: String
    ) async -> TriggerValue {
        do {
            var values: [String: Quantity] = [:]
            for measure in measures {
                let target = runtime.composite?.target ?? measure.target
                values[measure.name] = try await substitute(for: target, fallback)
            }
            for (metric, value) in values { unit.instruments.gave(metric, value.double, isActive: true) }
            return .substituted(values, reason: reason)
        } catch {
            return .failed(reason: "\(reason); fallback is not possible: \(TriggerFailure(error))", .unread)
        }
    }

    /// What stands in for a metric.
    ///
    /// - Throws: what keeps it from being worked out.
    private func substitute(for target: MetricTarget, _ fallback: FallbackPolicy) async throws -> Quantity {
        let current = fallback.behavior == .static ? 0 : try await replicas()
        let ready = target.value == nil ? 0 : try await readyPods()
        let wanted = fallback.wanted(current: current)
        guard let value = FallbackPolicy.value(for: target, replicas: wanted, ready: ready) else {
            throw TriggerFailure("no pod of the scale target is ready, which a target of type Value needs")
        }
        return value
    }

    /// What the formula makes of all triggers.
    ///
    /// - Parameters:
    ///   - composite: the formula.
    ///   - values: one for each trigger, in their order.
    /// - Returns: for the decision, and the value for the HPA if there is one.
    func compose(
        _ composite: Composite,
        of values: [TriggerValue]
    ) async -> Composed {
        let result = await result(of: composite, values)
        if let value = result.value { runtime.instruments.composed(value.double, isActive: result.outcome.isActive) }
        return result
    }

    /// See ``compose(_:of:)``.
    private func result(
        of composite: Composite,
        _ values: [TriggerValue]
    ) async -> Composed {
        for case .substituted(let substitutes, _) in values {
            if let value = substitutes.first?.value { return (.fallback, value) }
        }
        var inputs: [String: Double?] = [:]
        for (unit, value) in zip(runtime.units, values) {
            switch value {
            case .failed: return (.failed(reason: nil), nil)
            case .substituted: break
            case .absent: if let name = unit.trigger.name { inputs[name] = .some(nil) }
            case .read(let readings):
                // Of several metrics the last one counts, as in KEDA.
                let measure = unit.built?.measures.last { readings[$0.name] != nil }
                guard let name = unit.trigger.name, let reading = measure.flatMap({ readings[$0.name] }) else {
                    continue
                }
                inputs[name] = reading.values.reduce(0, +)
            }
        }
        do {
            guard let result = try composite.formula.value(inputs) else { return try await nothing(composite) }
            return (.value(result, isActive: result > composite.activation), Quantity(truncating: max(0, result)))
        } catch {
            return (.failed(reason: "scalingModifiers: \(Self.text(error))"), nil)
        }
    }

    /// What a formula that gives `nil` comes to: the fallback, if there is one.
    private func nothing(_ composite: Composite) async throws -> (CompositeOutcome, Quantity?) {
        guard let fallback = runtime.fallback else {
            throw TriggerFailure("the formula gives nil, and there is no fallback")
        }
        return (.fallback, try await substitute(for: composite.target, fallback))
    }

    /// What may be shown of an error.
    private static func text(_ error: any Error) -> String {
        (error as? FormulaError)?.description ?? TriggerFailure(error).description
    }
}
