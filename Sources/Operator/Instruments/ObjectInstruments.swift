internal import KubeModel
internal import Scaling
internal import Synchronization
internal import Telemetry

/// Counts and times for one generation of one ScaledObject; see ``ScalingInstruments/began(_:)``.
final class ObjectInstruments: Sendable {
    /// What ends with the generation.
    private struct State {
        /// The triggers that count with us.
        var triggers: [TriggerInstruments] = []
        /// The formula's metric, once it gave something.
        var composite: MeasureInstruments?
        /// Whether the end has come.
        var hasEnded = false
    }

    /// Which object.
    let key: ObjectKey
    /// Whether a formula makes one metric of all: then only that one is active or not.
    let hasFormula: Bool
    /// The metrics.
    let families: ScalingFamilies
    /// Where the series are.
    let registry: MetricRegistry
    /// See ``State``.
    private let state = Mutex(State())

    /// Makes instruments without series.
    init(_ key: ObjectKey, hasFormula: Bool, _ families: ScalingFamilies, _ registry: MetricRegistry) {
        self.key = key
        self.hasFormula = hasFormula
        self.families = families
        self.registry = registry
    }

    /// What one trigger counts with.
    ///
    /// - Parameters:
    ///   - index: its place in the spec.
    ///   - trigger: as the user wrote it.
    ///   - isKnown: whether its type is one of ours; others are one type on the page, as users may write any.
    /// - Returns: instruments that end with the generation.
    func trigger(_ index: Int, _ trigger: ScaledObject.Trigger, isKnown: Bool) -> TriggerInstruments {
        let identity = MeasureInstruments.Identity(
            object: key,
            index: index,
            name: trigger.name ?? "",
            type: isKnown ? trigger.type : "unknown",
            scaler: ScalerLabel.value(name: trigger.name, type: trigger.type)
        )
        return adopt(TriggerInstruments(identity, tellsActivity: !hasFormula, families, registry))
    }

    /// What the formula gave.
    func composed(_ value: Double, isActive: Bool) {
        let composite = state.withLock { $0.composite } ?? makeComposite()
        composite.gave(value)
        composite.became(isActive: isActive)
    }

    /// Finds what the formula's metric counts with, as if it were a trigger.
    private func makeComposite() -> MeasureInstruments {
        let identity = MeasureInstruments.Identity(
            object: key,
            index: 0,
            name: "",
            type: Self.composite,
            scaler: Self.composite
        )
        let composite = MeasureInstruments(Self.composite, of: identity, families, registry)
        let isLate = state.withLock { state in
            state.composite = composite
            return state.hasEnded
        }
        if isLate { composite.end() }
        return composite
    }

    /// The name of a formula's metric, and what stands for its trigger.
    private static let composite = "composite-metric"

    /// Has every series of the generation vanish.
    func end() {
        let (triggers, composite) = state.withLock { state in
            state.hasEnded = true
            return (state.triggers, state.composite)
        }
        for trigger in triggers { trigger.end() }
        composite?.end()
    }

    /// Takes a trigger's series along into the end.
    private func adopt(_ trigger: TriggerInstruments) -> TriggerInstruments {
        let isLate = state.withLock { state in
            if !state.hasEnded { state.triggers.append(trigger) }
            return state.hasEnded
        }
        if isLate { trigger.end() }
        return trigger
    }
}
