internal import Synchronization

/// Answers that are worth keeping for a while, each asked for once for all who want it.
///
/// Whoever asks says what time it is: uptime, or the time of a tick; a cache sticks to one of them.
public final class SharedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// An answer that is kept.
    public struct Kept: Sendable {
        /// The answer.
        public let value: Value
        /// When it was asked for.
        public let since: Duration
        /// Until when it may be used.
        public let until: Duration
    }

    /// What is kept under one key, and who is asking for it.
    private final class Slot: Sendable {
        /// Asks once for all who wait.
        let flight = SingleFlight<Result<Kept, any Error>>()
        /// The last answer.
        let kept = Mutex<Kept?>(nil)

        /// Whether somebody asks, or the last answer may still do.
        func isOfUse(at now: Duration) -> Bool {
            !flight.isIdle || kept.withLock { $0.map { now < $0.until } ?? false }
        }

        /// The last answer if it will still do.
        func fresh(at now: Duration, noOlderThan age: Duration?) -> Kept? {
            guard let kept = kept.withLock({ $0 }), now < kept.until else { return nil }
            return age.map { now - kept.since < $0 } ?? true ? kept : nil
        }
    }

    /// Everything under the lock.
    private struct State {
        /// By key.
        var slots: [Key: Slot] = [:]
        /// When answers of no more use were last dropped.
        var swept = Duration.zero

        /// Drops answers of no more use; there is room for as many new ones.
        mutating func sweep(at now: Duration) {
            var useful = [Key: Slot](minimumCapacity: slots.count)
            for (key, slot) in slots where slot.isOfUse(at: now) { useful[key] = slot }
            slots = useful
        }
    }

    /// See ``State``.
    private let state = Mutex(State())
    /// How many keys are kept; past it the cache starts anew.
    private let limit: Int
    /// How often answers of no more use are dropped.
    private let sweepInterval: Duration

    /// An empty cache.
    public init(limit: Int = 10_000, sweeping sweepInterval: Duration = .seconds(60)) {
        self.limit = limit
        self.sweepInterval = sweepInterval
    }

    /// The answer that is kept, or a new one.
    ///
    /// - Parameters:
    ///   - key: what is asked.
    ///   - now: the time.
    ///   - age: the oldest answer that will do; `nil` for any within its lifetime.
    ///   - ask: gives a value and how long from `now` on it may be used, zero for one that is not kept; runs once for
    ///     all who wait.
    /// - Returns: the value, and from when to when it holds.
    /// - Throws: what `ask` throws, to all who wait; failures are not kept. `CancellationError`.
    public func value(
        for key: Key,
        at now: Duration,
        noOlderThan age: Duration? = nil,
        _ ask: () async throws -> (value: Value, lifetime: Duration)
    ) async throws -> Kept {
        let kept = try await answer(to: key, at: now, noOlderThan: age, ask)
        guard let age, age > .zero, now - kept.since >= age else { return kept }
        // That was the answer to a call under way, which had begun too long ago; the next one begins after this.
        return try await answer(to: key, at: now, noOlderThan: age, ask)
    }

    /// See ``value(for:at:noOlderThan:_:)``; the answer to a call under way, however long ago it began.
    private func answer(
        to key: Key,
        at now: Duration,
        noOlderThan age: Duration?,
        _ ask: () async throws -> (value: Value, lifetime: Duration)
    ) async throws -> Kept {
        let slot = slot(for: key, at: now)
        if let kept = slot.fresh(at: now, noOlderThan: age) { return kept }
        defer { drop(slot, of: key, at: now) }
        let result = try await slot.flight.run {
            // Who waited for a turn may find that the one before has asked already.
            if let kept = slot.fresh(at: now, noOlderThan: age) { return .success(kept) }
            do {
                let answer = try await ask()
                let kept = Kept(value: answer.value, since: now, until: now + answer.lifetime)
                if answer.lifetime > .zero { slot.kept.withLock { $0 = kept } }
                return .success(kept)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Whether nobody asks about a key now.
    func isIdle(_ key: Key) -> Bool { state.withLock { $0.slots[key]?.flight.isIdle ?? true } }

    /// Whether anything is remembered of a key.
    func knows(_ key: Key) -> Bool { state.withLock { $0.slots[key] != nil } }

    /// Drops what is kept under a key; a call under way keeps nothing either.
    public func forget(_ key: Key) {
        state.withLock { _ = $0.slots.removeValue(forKey: key) }
    }

    /// Drops an answer that turned out to be of no use, unless a newer one has taken its place.
    public func forget(_ key: Key, _ useless: Kept) {
        state.withLock { state in
            guard let kept = state.slots[key]?.kept.withLock({ $0 }), kept.since <= useless.since else { return }
            state.slots[key] = nil
        }
    }

    /// Forgets a key of which nothing is kept and nothing asked: it may be a secret.
    private func drop(_ slot: Slot, of key: Key, at now: Duration) {
        state.withLock { state in
            // In this order, because most slots are of use, and a key may take long to find.
            guard !slot.isOfUse(at: now), state.slots[key] === slot else { return }
            state.slots[key] = nil
        }
    }

    /// The slot of a key, made now if there is none.
    private func slot(for key: Key, at now: Duration) -> Slot {
        state.withLock { state in
            if now - state.swept > sweepInterval {
                state.swept = now
                state.sweep(at: now)
            }
            if state.slots.count >= limit, state.slots[key] == nil { state.slots = [:] }
            return Self.itself(&state.slots[key, default: Slot()])
        }
    }

    /// What stands in a place, which is found only once though it may have to be made.
    private static func itself(_ slot: inout Slot) -> Slot { slot }
}
