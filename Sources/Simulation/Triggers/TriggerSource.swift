internal import Foundation
internal import KubeModel
public import ScalerKit
public import Scaling

/// Makes a spec's triggers ready for a simulation, with the scalers that the operator has.
public struct TriggerSource: Sendable {
    /// The trigger types there are.
    private let registry: ScalerRegistry
    /// The moments of interest.
    private let range: SimulatedRange
    /// Samples by what users call a trigger: its name or its place.
    private let samples: [String: Series]

    /// Takes what there is.
    public init(_ registry: ScalerRegistry, over range: SimulatedRange, samples: [String: Series]) {
        self.registry = registry
        self.range = range
        self.samples = samples
    }

    /// The triggers of an object.
    ///
    /// - Parameters:
    ///   - object: as its manifest has it, validated.
    ///   - settings: what the manifest tells of each trigger's settings, in their order.
    /// - Returns: one for each, in their order.
    /// - Throws: ``SimulationError`` for samples without a trigger, triggers without samples, and triggers that cannot
    ///   be built.
    public func triggers(
        of object: ScaledObject,
        _ settings: [DeclaredSettings]
    ) async throws(SimulationError) -> [SimulatedTrigger] {
        try checkKeys(of: object)
        var triggers: [SimulatedTrigger] = []
        for (index, trigger) in object.spec.triggers.enumerated() {
            triggers.append(try await make(trigger, index, settings[index], in: object))
        }
        return triggers
    }

    /// Whether an object has a trigger of a name or place that takes samples.
    public static func takesSamples(_ key: String, _ object: ScaledObject) -> Bool {
        object.spec.triggers.enumerated().contains { $1.type != "cron" && keys($1, $0).contains(key) }
    }

    /// Samples must belong to a trigger that takes them.
    private func checkKeys(of object: ScaledObject) throws(SimulationError) {
        let triggers = object.spec.triggers
        for key in samples.keys.sorted() {
            guard let (index, trigger) = triggers.enumerated().first(where: { Self.keys($1, $0).contains(key) }) else {
                let known = triggers.enumerated().map { SimulatedTrigger.key($1.name, $0) }.joined(separator: ", ")
                throw SimulationError("--samples \(key): there is no such trigger; they are called \(known)")
            }
            if trigger.type == "cron" {
                throw SimulationError("--samples \(key): trigger \(index) is a cron, which follows the calendar")
            }
        }
    }

    /// What a trigger may be called.
    static func keys(_ trigger: ScaledObject.Trigger, _ index: Int) -> Set<String> {
        [SimulatedTrigger.key(trigger.name, index), "\(index)"]
    }

    /// One trigger.
    private func make(
        _ trigger: ScaledObject.Trigger,
        _ index: Int,
        _ declared: DeclaredSettings,
        in object: ScaledObject
    ) async throws(SimulationError) -> SimulatedTrigger {
        let label = "trigger \(SimulatedTrigger.key(trigger.name, index)) (\(trigger.type))"
        let calendar = trigger.type == "cron" ? try CronCalendar(trigger.metadata, label: label, over: range) : nil
        let own = Self.keys(trigger, index).sorted().compactMap { samples[$0] }
        guard own.count < 2 else { throw SimulationError("\(label) has samples twice, by its name and by its place") }
        guard let series = calendar?.series ?? own.first else {
            let key = SimulatedTrigger.key(trigger.name, index)
            throw SimulationError(
                "\(label) has no samples: give them with --samples \(key)=FILE.csv, or --prometheus URL"
            )
        }
        let isPartOfFormula = object.modifiers != nil
        let dry: ScalerRegistry.Dry
        let measures: [Measure]
        do {
            dry = try registry.makeDry(
                trigger.type,
                declared,
                feedsFormula: isPartOfFormula,
                metricType: trigger.metricType
            )
            measures = try await dry.scaler.measures(NoOutside.world(of: object.key, at: range.start))
        } catch let error as SettingsError {
            throw SimulationError("\(label): \(error); add its TriggerAuthentication to the file if there is one")
        } catch {
            throw SimulationError("\(label): what it measures can only be asked of its source: \(error)")
        }
        guard measures.count == 1, let measure = measures.first else {
            throw SimulationError("\(label) has \(measures.count) metrics; a simulation takes triggers with one")
        }
        let metric = Self.metric(measure, trigger, index, of: object.metadata.name)
        return SimulatedTrigger(
            index: index,
            type: trigger.type,
            name: trigger.name.flatMap { $0.isEmpty ? nil : $0 },
            metric: metric.name,
            target: metric.target,
            activation: calendar == nil ? dry.activation : 0,
            usesCache: trigger.useCachedMetrics == true,
            hpaMetric: metric.hpa,
            series: series,
            pushes: dry.scaler is any PushScaler ? series.changes(above: dry.activation) : [],
            calendar: calendar
        )
    }

    /// A measure as the operator gives it to the HPA.
    private static func metric(
        _ measure: Measure,
        _ trigger: ScaledObject.Trigger,
        _ index: Int,
        of object: String
    ) -> (name: String, target: MetricTarget, hpa: HPAMetric) {
        switch measure {
        case .external(let name, let quantity):
            let full = MetricName.make(name, index: index)
            let target: MetricTarget = trigger.metricType == "Value" ? .value(quantity) : .averageValue(quantity)
            return (full, target, HPAPlan.external(full, target: target, of: object))
        case .resource(let name, let container?, let target):
            return (name, target, .containerResource(.init(name: name, container: container, target: target)))
        case .resource(let name, nil, let target):
            return (name, target, .resource(.init(name: name, target: target)))
        }
    }
}
