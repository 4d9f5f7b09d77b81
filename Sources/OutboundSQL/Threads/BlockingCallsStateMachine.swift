/// Which blocking calls run, which wait, and which are refused.
///
/// Pure; the threads are in ``BlockingCalls``.
///
/// Calls have a key: the name to look up, the database to reach. Of one key at most one call runs, so that a key whose
/// calls hang holds one thread and no more.
struct BlockingCallsStateMachine<Key: Hashable, Call> {
    /// A call that waits for a thread.
    private struct Waiting {
        let id: Int
        let key: Key
        let call: Call
    }

    /// What to do with a call that has been asked for.
    enum Answer: Equatable {
        /// Start a thread that runs it.
        case start
        /// Nothing yet: it will come out of ``finished(_:now:)``.
        case wait
        /// Tell the caller that it will not be run.
        case refuse(BlockingCallRefusal)
    }

    /// Most threads at a time.
    private let threads: Int
    /// Most calls that may wait.
    private let room: Int
    /// How long a call may run before its thread counts as stuck.
    private let patience: Duration
    /// The running calls' keys, and since when they run.
    private var running: [Key: ContinuousClock.Instant] = [:]
    /// Calls without a thread, oldest first.
    private var waiting: [Waiting] = []
    /// No call is taken any more.
    private var isClosed = false

    /// Nothing runs yet.
    init(threads: Int, room: Int, patience: Duration) {
        self.threads = threads
        self.room = room
        self.patience = patience
    }

    /// Somebody wants a call run.
    ///
    /// - Complexity: O(threads).
    mutating func ask(_ id: Int, _ key: Key, _ call: Call, now: ContinuousClock.Instant) -> Answer {
        if isClosed { return .refuse(.closed) }
        if running[key] == nil, running.count < threads {
            running[key] = now
            return .start
        }
        // Nobody should wait out a deadline in a queue that does not move.
        let isStuck = running.count == threads && running.values.allSatisfy { $0.advanced(by: patience) <= now }
        if isStuck { return .refuse(.stuck) }
        if waiting.count >= room { return .refuse(.full) }
        waiting.append(Waiting(id: id, key: key, call: call))
        return .wait
    }

    /// A caller went away.
    ///
    /// Its call is dropped if it waits; a running call runs on, for nobody.
    ///
    /// - Complexity: O(waiting calls).
    mutating func abandon(_ id: Int) {
        waiting.removeAll { $0.id == id }
    }

    /// A call of a key has ended, and its thread is free.
    ///
    /// - Returns: the call that the thread runs next, or `nil` when it should end.
    /// - Complexity: O(waiting calls).
    mutating func finished(_ key: Key, now: ContinuousClock.Instant) -> (key: Key, call: Call)? {
        guard running.removeValue(forKey: key) != nil else {
            preconditionFailure("a call ended that was never started")
        }
        guard let next = waiting.firstIndex(where: { running[$0.key] == nil }) else { return nil }
        let chosen = waiting.remove(at: next)
        running[chosen.key] = now
        return (chosen.key, chosen.call)
    }

    /// No call is taken any more; running ones run on.
    ///
    /// - Returns: the calls that waited, to be told.
    mutating func close() -> [Call] {
        isClosed = true
        defer { waiting.removeAll() }
        return waiting.map(\.call)
    }
}

/// Why a blocking call is not run, or its caller does not get its result.
package enum BlockingCallRefusal: Error {
    /// Too many calls wait already.
    case full
    /// Every thread has been busy with its call for longer than a call should take.
    case stuck
    /// The caller was cancelled.
    case cancelled
    /// No calls are taken any more.
    case closed
}
