import Outbound
import Synchronization

/// Remembers what the API server said, for a moment, and asks about each thing once at a time.
///
/// Failures are told to all who wait and never remembered. Memory is bounded.
final class ReviewCache<Key: Hashable & Sendable, Answer: Sendable>: Sendable {
    /// What callers share: an answer or a failure.
    typealias Outcome = Result<Answer, AccessError>

    /// An answer and its end.
    private struct Entry {
        /// What the API server said.
        let answer: Answer
        /// By the uptime clock.
        let until: Duration
    }

    /// A question under way.
    private struct Flight {
        /// Asks once for all.
        let flight: SingleFlight<Outcome>
        /// Callers inside; the last one removes the flight.
        var callers: Int
    }

    /// What is known and what is being asked.
    private struct State {
        /// Answers, some of them perhaps too old.
        var entries: [Key: Entry] = [:]
        /// Questions under way.
        var flights: [Key: Flight] = [:]

        /// An answer that is fresh.
        func known(_ key: Key, at now: Duration) -> Answer? {
            entries[key].flatMap { $0.until > now ? $0.answer : nil }
        }
    }

    /// See ``State``.
    private let state = Mutex(State())
    /// How many answers are remembered.
    private let capacity: Int
    /// How long.
    private let lifetime: Duration
    /// The clocks.
    private let time: TimeSource

    /// Remembers nothing yet; 10 s, as Kubernetes' own servers.
    init(capacity: Int = 4096, lifetime: Duration = .seconds(10), time: TimeSource) {
        self.capacity = capacity
        self.lifetime = lifetime
        self.time = time
    }

    /// The answer that is remembered, or that `ask` gives.
    ///
    /// - Throws: what `ask` throws, here or for another caller who asked the same; `.reviewFailed` when this caller is
    ///   cancelled.
    func answer(
        for key: Key,
        _ ask: () async throws(AccessError) -> Answer
    ) async throws(AccessError) -> Answer {
        let flight: SingleFlight<Outcome>
        switch enter(key) {
        case .known(let answer): return answer
        case .flight(let own): flight = own
        }
        defer { leave(key) }
        let outcome: Outcome
        do {
            outcome = try await flight.run {
                // Who comes just after the question has ended finds its answer here.
                if let answer = known(key) { return .success(answer) }
                let outcome: Outcome
                do throws(AccessError) {
                    outcome = .success(try await ask())
                } catch {
                    outcome = .failure(error)
                }
                if case .success(let answer) = outcome { remember(answer, for: key) }
                return outcome
            }
        } catch {
            throw AccessError(.reviewFailed, "the request was cancelled", cause: error)
        }
        return try outcome.get()
    }

    /// How many answers are remembered, for tests.
    var count: Int { state.withLock { $0.entries.count } }

    /// What a caller meets.
    private enum Entrance {
        /// An answer that is fresh.
        case known(Answer)
        /// A question to join.
        case flight(SingleFlight<Outcome>)
    }

    /// Looks for an answer, else joins the question under way or begins it.
    private func enter(_ key: Key) -> Entrance {
        let now = time.uptime()
        return state.withLock { state in
            if let answer = state.known(key, at: now) { return .known(answer) }
            var flight = state.flights[key] ?? Flight(flight: SingleFlight(), callers: 0)
            flight.callers += 1
            state.flights[key] = flight
            return .flight(flight.flight)
        }
    }

    /// An answer that is fresh.
    private func known(_ key: Key) -> Answer? {
        let now = time.uptime()
        return state.withLock { $0.known(key, at: now) }
    }

    /// Leaves a question.
    private func leave(_ key: Key) {
        state.withLock { state in
            guard var flight = state.flights[key] else { return }
            flight.callers -= 1
            state.flights[key] = flight.callers == 0 ? nil : flight
        }
    }

    /// Remembers an answer; when there is no room, the old ones go, then the oldest one.
    private func remember(_ answer: Answer, for key: Key) {
        let now = time.uptime()
        state.withLock { state in
            if state.entries.count >= capacity, state.entries[key] == nil {
                state.entries = state.entries.filter { $0.value.until > now }
                if state.entries.count >= capacity,
                    let oldest = state.entries.min(by: { $0.value.until < $1.value.until })
                {
                    state.entries[oldest.key] = nil
                }
            }
            state.entries[key] = Entry(answer: answer, until: now + lifetime)
        }
    }
}
