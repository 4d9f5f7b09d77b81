/// Decides which key is worked on next.
///
/// Pure; the caller brings the uptime.
///
/// Guarantees: a key is never worked on twice at once; a key added while it is worked on is worked on again after; a
/// key added twice before its turn is worked on once, at the earlier moment; no more than `workers` keys at once, and
/// besides them `lingering` times as many that have given their worker on.
struct WorkQueueStateMachine<Key: Hashable & Sendable>: Sendable {
    /// What to do now.
    enum Step: Equatable {
        /// Begin work on a key; say ``finished(_:again:)`` after.
        case run(Key)
        /// Nothing to begin until something happens, or until a moment.
        case wait(until: Duration?)
        /// Shutdown takes too long: cancel what runs. Said once.
        case abandon
        /// Shut down, and nothing runs any more.
        case end
    }

    /// How far shutdown is.
    private enum Phase {
        /// Work is taken. Can go to `draining`.
        case open
        /// No work is taken; what runs may go on until a moment. Can go to `abandoned`.
        case draining(until: Duration)
        /// What runs has been cancelled.
        case abandoned
    }

    /// A key that is worked on.
    private struct Run {
        /// When it was due.
        let due: Duration
        /// Since when it is worked on.
        let began: Duration
        /// Whether it has a worker still.
        var hasWorker = true
    }

    /// Whether whoever asks ``next(at:)`` waits.
    private enum Attention {
        /// It is going to ask by itself.
        case awake
        /// It asks at a moment, or not before it is woken.
        case waiting(until: Duration?)
    }

    /// How many keys at once.
    private let workers: Int
    /// How many keys may go on without a worker, for each worker.
    private let lingering: Int
    /// How long running work may go on after shutdown.
    private let drain: Duration
    /// How far shutdown is.
    private var phase = Phase.open
    /// Whether it must be woken.
    private var attention = Attention.awake
    /// Keys that wait for their moment, or for a worker.
    private var waiting = Timetable<Key>()
    /// Keys that are worked on.
    private var running: [Key: Run] = [:]
    /// How many of them have given their worker on.
    private var released = 0
    /// Which of them are going to, once there are fewer that have; the first one first.
    private var releasing: [Key] = []
    /// How many keys were added that did not stand there already.
    private var added = 0
    /// Keys that were added while they are worked on, and for when.
    private var again: [Key: Duration] = [:]

    /// An empty queue.
    init(workers: Int, lingering: Int = 3, drain: Duration) {
        self.workers = workers
        self.lingering = lingering
        self.drain = drain
    }

    /// Whether every worker has a key.
    private var isFull: Bool { running.count - released >= workers }

    /// How many keys wait and how many are worked on.
    var counts: (waiting: Int, running: Int) { (waiting.count + again.count, running.count) }

    /// How all stands at a moment.
    ///
    /// - Complexity: O(keys).
    func state(at now: Duration) -> WorkQueueState {
        let taken = running.values.map { now - $0.began }
        return WorkQueueState(
            due: waiting.count { $0 <= now } + again.values.count { $0 <= now },
            busy: running.count - released,
            added: added,
            unfinished: taken.reduce(.zero, +),
            longest: taken.max() ?? .zero
        )
    }

    /// How long a key that is worked on had to wait after it was due, and since when it is worked on.
    func progress(of key: Key) -> (waited: Duration, began: Duration)? {
        running[key].map { ($0.began - $0.due, $0.began) }
    }

    /// A key is to be worked on at a moment, which may have passed.
    ///
    /// - Returns: whether whoever asks what to do now must be woken.
    mutating func add(_ key: Key, at due: Duration) -> Bool {
        guard running[key] == nil else {
            if again[key] == nil { added += 1 }
            again[key] = min(again[key] ?? due, due)
            return false
        }
        schedule(key, at: due)
        return !isFull && wakes(at: due)
    }

    /// Whether whoever waits must be woken for a key that is due at a moment; said once.
    private mutating func wakes(at due: Duration) -> Bool {
        guard case .waiting(let moment) = attention, moment.map({ due < $0 }) ?? true else { return false }
        attention = .awake
        return true
    }

    /// Has a key wait.
    private mutating func schedule(_ key: Key, at due: Duration) {
        let former = waiting.count
        waiting.schedule(key, at: due)
        if waiting.count > former { added += 1 }
    }

    /// A key is of no interest any more; work on it that runs goes on.
    mutating func remove(_ key: Key) {
        waiting.remove(key)
        again[key] = nil
    }

    /// What to do now.
    mutating func next(at now: Duration) -> Step {
        let step = step(at: now)
        if case .wait(let moment) = step { attention = .waiting(until: moment) } else { attention = .awake }
        return step
    }

    /// See ``next(at:)``.
    private mutating func step(at now: Duration) -> Step {
        switch phase {
        case .open:
            guard !isFull else { return .wait(until: nil) }
            guard let first = waiting.first, first.due <= now else { return .wait(until: waiting.first?.due) }
            waiting.remove(first.key)
            running[first.key] = Run(due: first.due, began: now)
            return .run(first.key)
        case .draining(let limit):
            if running.isEmpty { return .end }
            if now < limit { return .wait(until: limit) }
            phase = .abandoned
            return .abandon
        case .abandoned:
            return running.isEmpty ? .end : .wait(until: nil)
        }
    }

    /// Work on a key goes on without its worker, which may begin another one; where many do so already, once there are
    /// fewer.
    ///
    /// - Returns: whether whoever asks what to do now must be woken.
    mutating func release(_ key: Key) -> Bool {
        guard running[key]?.hasWorker == true else { return false }
        guard released < lingering * workers else {
            if !releasing.contains(key) { releasing.append(key) }
            return false
        }
        let wasFull = isFull
        running[key]?.hasWorker = false
        released += 1
        guard wasFull, case .open = phase, case .waiting = attention else { return false }
        attention = .awake
        return true
    }

    /// Work on a key has ended; `due` if it is to be worked on again without a change.
    ///
    /// - Returns: whether whoever asks what to do now must be woken.
    mutating func finished(_ key: Key, again due: Duration?) -> Bool {
        let wasFull = isFull
        guard let run = running.removeValue(forKey: key) else { preconditionFailure("\(key) finished but never ran") }
        if run.hasWorker {
            releasing.removeAll { $0 == key }
        } else if releasing.isEmpty {
            released -= 1
        } else {
            running[releasing.removeFirst()]?.hasWorker = false
        }
        let wished = again.removeValue(forKey: key)
        if let earliest = [wished, due].compactMap(\.self).min() {
            waiting.schedule(key, at: earliest)
            if wished == nil { added += 1 }
        }
        // Nobody was told how long to wait for what could not begin, and shutdown waits for the last one.
        if case .open = phase {
            if isFull { return false }
            if !wasFull { return waiting.first.map { wakes(at: $0.due) } ?? false }
        }
        guard case .waiting = attention else { return false }
        attention = .awake
        return true
    }

    /// Shutdown begins.
    mutating func stop(at now: Duration) {
        if case .open = phase { phase = .draining(until: now + drain) }
    }
}
