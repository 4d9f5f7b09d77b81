internal import KubeModel
internal import Logging
internal import Outbound
internal import ScalerKit
internal import Scaling
internal import Synchronization

/// Builds one trigger from what its settings come from, and builds it anew when that has changed.
///
/// It looks again when something that it refers to is told to have changed, when what it was given is about to expire,
/// and when a read has failed. Where nothing can be told, it looks by age. It looks only when the trigger is read; its
/// owner reads once at a time. Equal texts mean the same scaler: nothing is built anew.
///
/// What worked goes on working: while something is missing that was there before (a Secret that is made anew, a Vault
/// that is away), the trigger stays as it was built until its source refuses it.
final class TriggerBuilder: ReferenceUser {
    /// What is known.
    private struct State {
        /// The trigger, once it could be built.
        var built: BuiltTrigger?
        /// How often something was told to have changed.
        var changes = 0
        /// Which of those tellings the last look has seen.
        var seen = 0
        /// When to look again, by the uptime, if nothing is told; `nil` for never.
        var lookAgain: Duration?
        /// Whether it was logged that something is missing now.
        var isMissing = false
        /// Whether the last look found settings that build nothing.
        var isRefused = false
    }

    /// The trigger's place in the spec.
    private let index: Int
    /// As the user wrote it.
    private let trigger: ScaledObject.Trigger
    /// What it is built with.
    private let around: TriggerUnit.Surroundings
    /// Learns what the trigger measures.
    private let instruments: TriggerInstruments
    /// See ``State``.
    private let state = Mutex(State())

    /// Builds nothing yet.
    init(
        index: Int,
        _ trigger: ScaledObject.Trigger,
        _ around: TriggerUnit.Surroundings,
        _ instruments: TriggerInstruments
    ) {
        self.index = index
        self.trigger = trigger
        self.around = around
        self.instruments = instruments
    }

    /// Ends the interest in all that was referred to.
    deinit {
        around.credentials.config.references.remove(ObjectIdentifier(self))
    }

    /// Whose trigger it is.
    var object: ObjectKey { around.object }

    /// What was built, if anything could be yet.
    var built: BuiltTrigger? { state.withLock { $0.built } }

    /// The same, unless its settings are others by now, which build nothing.
    var valid: BuiltTrigger? { state.withLock { $0.isRefused ? nil : $0.built } }

    /// Has the next read look again.
    func invalidate() { state.withLock { $0.changes += 1 } }

    /// The trigger as its settings have it now.
    ///
    /// - Throws: why it cannot be built.
    func current(in world: ScalerWorld) async throws -> BuiltTrigger {
        guard let old = built else { return try await build(from: look(.ordinary), in: world) }
        let uptime = around.time.uptime()
        let isDue = state.withLock { $0.changes != $0.seen || $0.lookAgain.map { $0 <= uptime } ?? false }
        guard isDue else { return old }
        let found: CredentialResolver.Resolved
        do {
            found = try await look(.ordinary)
        } catch let error as CredentialError {
            state.withLock { $0.isRefused = true }
            throw error
        } catch {
            miss(String(reflecting: error))
            return old
        }
        if found.texts == old.texts {
            state.withLock { ($0.isMissing, $0.isRefused) = (false, false) }
            return old
        }
        let lost = found.gaps.filter { !old.gaps.contains($0) }
        guard lost.isEmpty else {
            miss(lost.joined(separator: "; "))
            return old
        }
        return try await build(from: found, in: world)
    }

    /// A trigger built anew, if its settings are others than those with which a read has just failed.
    ///
    /// - Throws: why it cannot be built.
    func renewed(
        _ old: BuiltTrigger,
        after failure: TriggerFailure,
        in world: ScalerWorld
    ) async throws -> BuiltTrigger? {
        let found: CredentialResolver.Resolved
        do {
            found = try await look(.afterFailure)
        } catch {
            throw TriggerFailure(failure, then: error)
        }
        return found.texts == old.texts ? nil : try await build(from: found, in: world)
    }

    /// Finds the texts of the settings, and notes when to look for them again.
    private func look(_ freshness: Freshness) async throws -> CredentialResolver.Resolved {
        let changes = state.withLock { $0.changes }
        let found = try await around.credentials.resolve(
            trigger,
            in: around.object.namespace,
            container: around.container,
            freshness,
            for: self,
            template: around.template
        )
        state.withLock { state in
            state.seen = changes
            state.lookAgain = found.lookAgain
        }
        return found
    }

    /// Goes on with what is there although something is missing, and looks again before long.
    private func miss(_ reason: String) {
        let next = around.time.uptime() + CredentialResolution.unwatched
        let isNew = state.withLock { state in
            defer { (state.isMissing, state.isRefused) = (true, false) }
            state.seen = state.changes
            state.lookAgain = min(state.lookAgain ?? next, next)
            return !state.isMissing
        }
        guard isNew else { return }
        around.log.warning(
            "a trigger goes on with the credentials that it has",
            metadata: ["object": "\(object)", "trigger": "\(index)", "missing": "\(reason)"]
        )
    }

    /// Builds the trigger and keeps it.
    private func build(
        from found: CredentialResolver.Resolved,
        in world: ScalerWorld
    ) async throws -> BuiltTrigger {
        do {
            let scaler = try around.registry.make(
                trigger.type,
                found.texts,
                feedsFormula: around.feedsFormula,
                metricType: trigger.metricType
            )
            let measures = try await scaler.measures(world)
            let built = BuiltTrigger(
                scaler: scaler,
                texts: found.texts,
                gaps: found.gaps,
                measures: try NamedMeasure.all(
                    of: measures,
                    index: index,
                    metricType: trigger.metricType,
                    feedsFormula: around.feedsFormula
                )
            )
            state.withLock { state in
                state.built = built
                (state.isMissing, state.isRefused) = (false, false)
            }
            instruments.built(
                built.measures.filter(\.isExternal).map(\.name),
                resources: built.measures.filter { !$0.isExternal }.map(\.name)
            )
            return built
        } catch {
            // The next read must not go on with what was built before: these are the settings now.
            invalidate()
            state.withLock { $0.isRefused = true }
            throw TriggerFailure(error, gaps: found.gaps)
        }
    }
}
