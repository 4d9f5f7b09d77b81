internal import KubeModel
internal import Synchronization
internal import Telemetry

/// Counts and times for one trigger of one generation of a ScaledObject.
final class TriggerInstruments: Sendable {
    /// How many metrics of one trigger the page shows; no source needs more than a few.
    private static let limit = 100

    /// What changes.
    private struct State {
        /// By the metric's full name.
        var measures: [String: MeasureInstruments] = [:]
        /// Whether the end has come.
        var hasEnded = false
    }

    /// Whose metrics they are.
    let identity: MeasureInstruments.Identity
    /// Whether the trigger itself is active or not, or only the formula that it feeds.
    private let tellsActivity: Bool
    /// The metrics.
    private let families: ScalingFamilies
    /// Where the series are.
    private let registry: MetricRegistry
    /// See ``State``.
    private let state = Mutex(State())
    /// Reads of all triggers of this type that gave something.
    private let goodReads: Counter.Series
    /// Reads of all triggers of this type that did not.
    private let failedReads: Counter.Series
    /// Reads of all triggers of this type.
    private let readSeconds: Histogram.Series

    /// Makes instruments that show nothing of their trigger yet.
    ///
    /// - Parameters:
    ///   - identity: whose.
    ///   - tellsActivity: whether ``gave(_:_:isActive:)`` is told on.
    ///   - families: the metrics.
    ///   - registry: where the series are.
    init(
        _ identity: MeasureInstruments.Identity,
        tellsActivity: Bool,
        _ families: ScalingFamilies,
        _ registry: MetricRegistry
    ) {
        self.identity = identity
        self.tellsActivity = tellsActivity
        self.families = families
        self.registry = registry
        self.goodReads = families.reads.series(["type": identity.type, "result": "done"])
        self.failedReads = families.reads.series(["type": identity.type, "result": "failed"])
        self.readSeconds = families.readSeconds.series(["type": identity.type])
    }

    /// The trigger was built: metrics that it no longer has vanish.
    ///
    /// - Parameters:
    ///   - metrics: the full names of those that we read.
    ///   - resources: the names of those of pods, which count as active always.
    func built(_ metrics: [String], resources: [String]) {
        let names = Set(metrics + resources)
        let gone = state.withLock { state in
            let gone = state.measures.filter { !names.contains($0.key) }
            for name in gone.keys { state.measures[name] = nil }
            return gone.values
        }
        for measure in gone { measure.end() }
        guard tellsActivity else { return }
        for resource in resources { measure(resource)?.became(isActive: true) }
    }

    /// The trigger could not be built.
    func buildFailed() {
        families.buildErrors.add(1, ["type": identity.type])
    }

    /// The source gave a reading.
    func read(_ metric: String, _ value: Double, isActive: Bool, took duration: Duration) {
        goodReads.add()
        readSeconds.observe(duration)
        measure(metric)?.read(took: duration, isGood: true)
        gave(metric, value, isActive: isActive)
    }

    /// The source gave none; value and activity stay as they were.
    func readFailed(_ metric: String, took duration: Duration) {
        failedReads.add()
        readSeconds.observe(duration)
        measure(metric)?.read(took: duration, isGood: false)
    }

    /// What an HPA is told of a metric: a reading, or what stands in for it.
    func gave(_ metric: String, _ value: Double, isActive: Bool) {
        guard let measure = measure(metric) else { return }
        measure.gave(value)
        if tellsActivity { measure.became(isActive: isActive) }
    }

    /// The series of one metric; `nil` beyond the bound.
    func measure(_ metric: String) -> MeasureInstruments? {
        state.withLock { state in
            if let known = state.measures[metric] { return known }
            guard !state.hasEnded, state.measures.count < Self.limit else { return nil }
            let new = MeasureInstruments(metric, of: identity, families, registry)
            state.measures[metric] = new
            return new
        }
    }

    /// Has every series of the trigger vanish, for good.
    func end() {
        let gone = state.withLock { state in
            state.hasEnded = true
            return state.measures.values
        }
        for measure in gone { measure.end() }
    }
}
