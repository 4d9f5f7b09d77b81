internal import Foundation
internal import KubeModel
internal import Logging
internal import Outbound
internal import ScalerKit
internal import Scaling
internal import Synchronization

/// One trigger of one ScaledObject: builds its scaler, asks its source once for all who wait, keeps the last reading.
///
/// A unit lives as long as its spec. ``TriggerBuilder`` says when it is built, and built anew.
final class TriggerUnit: Sendable {
    /// What the units of one object work with, and share.
    final class Surroundings: Sendable {
        /// Whose trigger it is.
        let object: ObjectKey
        /// The trigger types there are.
        let registry: ScalerRegistry
        /// Finds the settings' texts.
        let credentials: CredentialResolver
        /// Whether the trigger only feeds a formula.
        let feedsFormula: Bool
        /// The container whose environment counts.
        let container: String?
        /// Reads the target's pod template.
        let template: @Sendable () async throws -> PodTemplate?
        /// The outside.
        let http: any HTTPTransport
        /// The outside.
        let sql: any SQLClient
        /// What other triggers have asked a moment ago.
        let shared: SharedSources
        /// The cluster.
        let cluster: any ClusterReader
        /// How long one read may take unless the trigger says otherwise.
        let timeout: Duration
        /// The clocks.
        let time: TimeSource
        /// Counts and times what the object's triggers do.
        let instruments: ObjectInstruments
        /// For operators.
        let log: Logger

        /// Puts surroundings together.
        init(
            object: ObjectKey,
            registry: ScalerRegistry,
            credentials: CredentialResolver,
            feedsFormula: Bool,
            container: String?,
            template: @escaping @Sendable () async throws -> PodTemplate?,
            http: any HTTPTransport,
            sql: any SQLClient,
            shared: SharedSources,
            cluster: any ClusterReader,
            timeout: Duration,
            time: TimeSource,
            instruments: ObjectInstruments,
            log: Logger
        ) {
            self.object = object
            self.registry = registry
            self.credentials = credentials
            self.feedsFormula = feedsFormula
            self.container = container
            self.template = template
            self.http = http
            self.sql = sql
            self.shared = shared
            self.cluster = cluster
            self.timeout = timeout
            self.time = time
            self.instruments = instruments
            self.log = log
        }
    }

    /// What asking came to.
    struct Outcome: Sendable {
        /// The time the source was asked for.
        let time: Date
        /// The same on the clock that never runs back.
        let uptime: Duration
        /// One reading for each external measure, by full name; or why there is none.
        let result: Result<[String: Reading], TriggerFailure>

        /// Why there is no reading, if there is none.
        var failure: TriggerFailure? {
            if case .failure(let failure) = result { failure } else { nil }
        }
    }

    /// What the unit knows.
    private struct State {
        /// The last outcome, good or bad.
        var latest: Outcome?
    }

    /// The trigger's place in the spec.
    let index: Int
    /// As the user wrote it.
    let trigger: ScaledObject.Trigger
    /// See ``Surroundings``.
    let around: Surroundings
    /// Counts and times what the trigger does.
    let instruments: TriggerInstruments
    /// Builds the scaler.
    private let builder: TriggerBuilder
    /// What the scaler remembers.
    private let memory = ScalerMemory()
    /// Asks once for all who wait.
    private let flight = SingleFlight<Outcome>()
    /// See ``State``.
    private let state = Mutex(State())

    /// Makes a unit; nothing is built or asked yet.
    init(index: Int, _ trigger: ScaledObject.Trigger, _ around: Surroundings) {
        self.index = index
        self.trigger = trigger
        self.around = around
        self.instruments = around.instruments.trigger(
            index,
            trigger,
            isKnown: around.registry[trigger.type] != nil
        )
        self.builder = TriggerBuilder(index: index, trigger, around, instruments)
    }

    /// The trigger's name, or its type where it has none.
    var title: String { trigger.name.flatMap { $0.isEmpty ? nil : $0 } ?? trigger.type }

    /// How messages name the trigger; users write titles of any length.
    var label: String { "trigger \(index) (\(title.count > 100 ? title.prefix(97) + "..." : title))" }

    /// The last outcome, however old.
    var latest: Outcome? { state.withLock { $0.latest } }

    /// The name that stands in the HPA for a trigger that could not be built.
    ///
    /// Whoever asks for it gets the reason as an error, which keeps an HPA from scaling in, as it should be when a
    /// source is unknown.
    var stand: String { MetricName.make(trigger.type, index: index) }

    /// What was built, if anything could be yet.
    var built: BuiltTrigger? { builder.built }

    /// The same, unless its settings are others by now, which build nothing.
    var valid: BuiltTrigger? { builder.valid }

    /// The names of its metrics in the HPA.
    var names: [String] { built?.measures.filter(\.isExternal).map(\.name) ?? [stand] }

    /// Whether a metric's name is one of this trigger's, without regard to case.
    func owns(_ metric: String) -> Bool {
        let names = names
        return names.contains(metric) || names.contains { $0.caseInsensitiveCompare(metric) == .orderedSame }
    }

    /// The last outcome if it is young enough, else a new one, asked for once for all who wait.
    ///
    /// - Parameters:
    ///   - age: the oldest outcome that will do; `nil` for any at all. The answer to a question that is under way will do
    ///     as well, and what other triggers have been answered a moment ago, unless this is zero.
    ///   - moment: the time of which the source is asked; `nil` for now.
    /// - Returns: a reading, or why there is none.
    /// - Throws: `CancellationError` when the caller is cancelled.
    func outcome(noOlderThan age: Duration?, at moment: Date? = nil) async throws -> Outcome {
        let start = around.time.uptime()
        let outcome = try await anyOutcome(noOlderThan: age, at: moment)
        guard age == .zero, outcome.uptime < start else { return outcome }
        // That was an answer to who asked before us; whose turn is next has not asked yet.
        return try await anyOutcome(noOlderThan: age, at: moment)
    }

    /// See ``outcome(noOlderThan:at:)``; the answer to a question under way will do.
    private func anyOutcome(noOlderThan age: Duration?, at moment: Date?) async throws -> Outcome {
        if let latest = recent(age) { return latest }
        return try await flight.run {
            // Who waited for a turn may find that the one before has asked already.
            if let latest = self.recent(age) { return latest }
            let outcome = await self.ask(at: moment, isShared: age != .zero)
            try Task.checkCancellation()
            let former = self.state.withLock { state in
                defer { state.latest = outcome }
                return state.latest
            }
            self.log(outcome, after: former)
            return outcome
        }
    }

    /// Logs that a failure has begun, with what may not be shown to everyone, or has ended.
    private func log(_ outcome: Outcome, after former: Outcome?) {
        switch (former?.result, outcome.result) {
        case (.failure(let old), .failure(let new)) where old.description == new.description: break
        case (_, .failure(let failure)):
            around.log.warning(
                "a trigger gives no reading",
                metadata: ["object": "\(around.object)", "trigger": "\(label)", "error": "\(failure.detail)"]
            )
        case (.failure, .success):
            around.log.info(
                "a trigger gives readings again",
                metadata: ["object": "\(around.object)", "trigger": "\(label)"]
            )
        case (.success, .success), (nil, .success): break
        }
    }

    /// The last outcome, if it is young enough.
    func recent(_ age: Duration?) -> Outcome? {
        guard let latest = state.withLock({ $0.latest }) else { return nil }
        guard let age else { return latest }
        return around.time.uptime() - latest.uptime < age ? latest : nil
    }

    /// Asks the source; when that fails and the credentials have changed since, once more with the new ones.
    private func ask(at moment: Date?, isShared: Bool) async -> Outcome {
        let (now, uptime) = (moment ?? around.time.now(), around.time.uptime())
        return Outcome(
            time: now,
            uptime: uptime,
            result: await result(in: world(at: now, isShared: isShared), isShared: isShared)
        )
    }

    /// What the scaler may touch.
    ///
    /// - Parameters:
    ///   - now: the time of which it asks.
    ///   - isShared: whether what other triggers have been answered a moment ago will do.
    /// - Returns: a world.
    func world(at now: Date, isShared: Bool = false) -> ScalerWorld {
        var world = ScalerWorld(
            now: now,
            object: around.object,
            timeout: around.timeout,
            http: around.http,
            sql: isShared ? SharingSQLClient(around.sql, sharing: around.shared) : around.sql,
            cluster: around.cluster,
            memory: memory,
            tokens: around.credentials.accessTokens
        )
        world.process = around.credentials.process
        return world
    }

    /// The world as one read sees it: what it sends, and what it notes, is counted for its metric.
    private func counting(_ metric: String, in world: ScalerWorld, isShared: Bool) -> ScalerWorld {
        let measure = instruments.measure(metric)
        var counting = world
        let observed = ObservedTransport(world.http, time: around.time) { _, status, duration in
            measure?.requested(status, took: duration)
        }
        counting.http = isShared ? SharingTransport(observed, sharing: around.shared) : observed
        counting.note = { note in
            switch note {
            case .emptyAnswer(let isZero): measure?.answeredEmpty(isZero: isZero)
            }
        }
        return counting
    }

    /// The readings of all external measures, or the first failure.
    private func result(in world: ScalerWorld, isShared: Bool) async -> Result<[String: Reading], TriggerFailure> {
        do {
            let trigger = try await builder.current(in: world)
            let first = await read(trigger, in: world, isShared: isShared)
            guard case .failure(let failure) = first.result,
                let renewed = try await builder.renewed(trigger, after: failure, in: world)
            else { return tell(first) }
            return tell(await read(renewed, in: world, isShared: isShared))
        } catch {
            instruments.buildFailed()
            return .failure((error as? TriggerFailure ?? TriggerFailure(error)).ofBuild)
        }
    }

    /// What one round of reads came to.
    private struct Round {
        /// The readings, or the first failure.
        var result: Result<[String: Reading], TriggerFailure>
        /// How long each read took; the last one is the one that failed, if one did.
        var durations: [(metric: String, took: Duration)] = []
    }

    /// Reads every external measure of a built trigger.
    private func read(_ trigger: BuiltTrigger, in world: ScalerWorld, isShared: Bool) async -> Round {
        var round = Round(result: .success([:]))
        var readings: [String: Reading] = [:]
        for measure in trigger.measures where measure.isExternal {
            let start = around.time.uptime()
            defer { round.durations.append((measure.name, around.time.uptime() - start)) }
            do {
                let world = counting(measure.name, in: world, isShared: isShared)
                readings[measure.name] = try Self.checked(await trigger.scaler.read(measure.measure, world))
                round.result = .success(readings)
            } catch {
                round.result = .failure(TriggerFailure(error, gaps: trigger.gaps))
                break
            }
        }
        return round
    }

    /// Tells the page of metrics of a round that counts; one that is repeated with new credentials does not.
    private func tell(_ round: Round) -> Result<[String: Reading], TriggerFailure> {
        // Who was called off has learned nothing of the source.
        guard !Task.isCancelled else { return round.result }
        for (metric, duration) in round.durations {
            if case .success(let readings) = round.result, let reading = readings[metric] {
                let value = reading.values.reduce(0, +)
                instruments.read(metric, value, isActive: reading.isActive, took: duration)
            } else {
                instruments.readFailed(metric, took: duration)
            }
        }
        return round.result
    }

    /// A reading that an HPA can use: finite, and lifted to 0 where it is negative.
    ///
    /// A negative value would send an HPA to its maximum; see the HPA's rule for sums below 0.
    private static func checked(_ reading: Reading) throws(TriggerFailure) -> Reading {
        guard reading.values.allSatisfy(\.isFinite) else {
            throw TriggerFailure("the source gave a value that is not finite")
        }
        return Reading(values: reading.values.map { max(0, $0) }, isActive: reading.isActive)
    }
}
