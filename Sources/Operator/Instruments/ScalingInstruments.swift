internal import KubeModel
internal import Scaling
internal import Synchronization
public import Telemetry

/// Counts and times what the operator does for ScaledObjects, under KEDA's names, labels and types where KEDA has them.
///
/// The reconciler says what happened. Series of one object vanish with it, so that no dashboard shows what is gone.
/// Whatever is said often has found its series before: it costs a lock and an addition.
///
/// - Source: KEDA, `pkg/metricscollector/prommetrics.go`.
public final class ScalingInstruments: Sendable {
    /// What is kept of one object, from the first that is heard of it until it is forgotten.
    private struct Entry {
        /// Its series that outlive a generation of its spec.
        let life: ObjectLife
        /// Its triggers' series, of the present generation.
        var triggers: ObjectInstruments?
    }

    /// Where the series are.
    private let registry: MetricRegistry
    /// The metrics.
    private let families: ScalingFamilies
    /// By object.
    private let entries = Mutex<[ObjectKey: Entry]>([:])

    /// Registers the metrics.
    ///
    /// - Parameters:
    ///   - registry: whose page shows them.
    ///   - isDetailed: whether durations of triggers' HTTP requests are told apart by object and trigger, as with KEDA's
    ///     `--enable-high-cardinality-metrics-labels`.
    public init(_ registry: MetricRegistry, isDetailed: Bool = false) {
        self.registry = registry
        self.families = ScalingFamilies(registry, isDetailed: isDetailed)
    }

    // MARK: One object

    /// A new generation of an object's spec is taken up: the former one's series vanish, and come back as it is read.
    ///
    /// - Returns: what its triggers count with.
    func began(_ object: ScaledObject) -> ObjectInstruments {
        let key = object.key
        let fresh = ObjectInstruments(
            key,
            hasFormula: object.spec.advanced?.scalingModifiers?.isEmpty == false,
            families,
            registry
        )
        let former = entries.withLock { entries in
            let former = entries[key]?.triggers
            entries[key, default: newEntry(key)].triggers = fresh
            return former
        }
        former?.end()
        return fresh
    }

    /// An object is gone, or not looked after any more: so are its series.
    func forget(_ key: ObjectKey) {
        let gone = entries.withLock { $0.removeValue(forKey: key) }
        gone?.triggers?.end()
        gone?.life.group.end()
    }

    /// An object's triggers are asked no more, but it is still there: what they said is old, and vanishes.
    func stopped(_ key: ObjectKey) {
        let gone = entries.withLock { entries in
            defer { entries[key]?.triggers = nil }
            return entries[key]?.triggers
        }
        gone?.end()
    }

    /// Whether an object is paused.
    func paused(_ key: ObjectKey, _ isPaused: Bool) {
        life(of: key).paused.set(isPaused)
    }

    /// So many errors that nothing made up for: triggers in a poll, or a target that is missing.
    func failed(_ key: ObjectKey, times: Int = 1) {
        life(of: key).errors.add(Double(times))
    }

    /// A poll begins.
    ///
    /// - Parameters:
    ///   - key: whose.
    ///   - lateness: how long after it was due; the first one is due when it begins.
    func pollBegan(_ key: ObjectKey, late lateness: Duration) {
        let lateness = max(lateness, .zero)
        life(of: key).lateness.set(lateness / .seconds(1))
        families.lateness.observe(lateness)
    }

    // MARK: The whole

    /// A poll has ended.
    ///
    /// - Parameters:
    ///   - key: whose.
    ///   - triggers: how many were asked.
    ///   - failures: how many gave nothing, and nothing made up for it.
    ///   - duration: until all had answered.
    func pollEnded(_ key: ObjectKey, triggers: Int, failures: Int, took duration: Duration) {
        failed(key, times: failures)
        let result: PollResult = failures == 0 ? .complete : failures < triggers ? .partial : .failed
        families.polls[result]?.add()
        families.pollSeconds.observe(duration)
    }

    /// Something was written to the API server, or not.
    func wrote(_ what: Written, _ result: WriteResult) {
        families.writes[what]?[result]?.add()
    }

    /// An HPA's question was answered.
    ///
    /// A failure is also one of the object, if it is still there.
    func answered(_ answer: MetricAnswer, for key: ObjectKey) {
        families.answers[answer]?.add()
        if answer == .failed { entries.withLock { $0[key]?.life }?.errors.add() }
    }

    /// How many objects hold series; for tests.
    var count: Int { entries.withLock { $0.count } }

    /// The lasting series of an object.
    private func life(of key: ObjectKey) -> ObjectLife {
        entries.withLock { entries in
            if let known = entries[key] { return known.life }
            let entry = newEntry(key)
            entries[key] = entry
            return entry.life
        }
    }

    /// What is kept of an object that was not known.
    private func newEntry(_ key: ObjectKey) -> Entry {
        Entry(life: ObjectLife(key, families, registry))
    }
}

extension ScalingInstruments {
    /// What a poll of all triggers came to.
    enum PollResult: String, CaseIterable, Sendable {
        /// Every trigger gave a reading.
        case complete
        /// Some did.
        case partial
        /// None did.
        case failed
    }

    /// What the operator writes.
    enum Written: String, CaseIterable, Sendable {
        /// A target's replicas.
        case scale
        /// An HPA: made, changed or deleted.
        case hpa
        /// A ScaledObject's status.
        case status
        /// A ScaledObject's finalizer and label.
        case metadata
    }

    /// How a write ended.
    enum WriteResult: String, CaseIterable, Sendable {
        /// It stands.
        case done
        /// Somebody else was faster.
        case conflict
        /// It was refused, or there was no answer.
        case failed
    }

    /// How an HPA's question was answered.
    enum MetricAnswer: String, CaseIterable, Sendable {
        /// With readings.
        case done
        /// The trigger gave none.
        case failed
        /// There is no such object or metric, or it is too early or too late to ask.
        case refused
    }
}

/// An object's series that outlive a generation of its spec.
private struct ObjectLife {
    /// All of them.
    let group: SeriesGroup
    /// Whether it is paused.
    let paused: Gauge.Series
    /// What failed.
    let errors: Counter.Series
    /// How late its last poll was.
    let lateness: Gauge.Series

    /// Finds the series.
    init(_ key: ObjectKey, _ families: ScalingFamilies, _ registry: MetricRegistry) {
        let group = SeriesGroup(registry)
        let names: MetricLabels = ["namespace": key.namespace, "scaledObject": key.name]
        self.group = group
        self.paused = families.paused.series(names, in: group)
        self.errors = families.objectErrors.series(names, in: group)
        self.lateness = families.loopLatency.series(
            ["namespace": key.namespace, "type": "scaledobject", "resource": key.name],
            in: group
        )
    }
}
