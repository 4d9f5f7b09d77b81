import Outbound

/// What others want of the loop, and whether it still takes work.
///
/// Pure; ``CurlLoop`` holds the lock.
///
/// Bounded: admitted transfers are counted until they end, and each has at most a start, a resume and an abort waiting;
/// of jobs each task has one at most.
struct LoopInbox<Work: Sendable, Waiter: Sendable>: Sendable {
    /// One wish.
    enum Command: Sendable {
        /// Send it.
        case start(Work)
        /// Its reader has room again.
        case resume(Work)
        /// Its reader has gone.
        case abort(Work)
    }

    /// The loop's life.
    private enum State: Sendable {
        /// Takes work. Can go to `closing`.
        case open
        /// Takes none, and ends what it has. Can go to `closed`.
        case closing([Waiter])
        /// The thread is gone. Final.
        case closed
    }

    /// See ``State``.
    private var state: State = .open
    /// In the order they were wished.
    private var commands: [Command] = []
    /// Jobs of tasks that run on the loop's thread, in their order.
    private var jobs: [UnownedJob] = []
    /// Whether the loop looks here by itself before it waits.
    private var isAwake = false
    /// Transfers submitted and not yet ended.
    private var admitted = 0
    /// The most that are admitted at once.
    private let capacity: Int

    /// An open, empty inbox.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Takes a transfer in.
    ///
    /// - Returns: whether the loop must be woken.
    /// - Throws: ``OutboundError`` `.overloaded` when too many have not ended, `.closed` after ``close(_:)``.
    mutating func submit(_ work: Work) throws(OutboundError) -> Bool {
        guard case .open = state else { throw OutboundError(.closed, "the HTTP transport is shut down") }
        guard admitted < capacity else {
            throw OutboundError(.overloaded, "\(capacity) HTTP requests are waiting already")
        }
        admitted += 1
        return add(.start(work))
    }

    /// Takes a wish about a transfer that was submitted; dropped once the loop is closed, as there is nothing to do.
    ///
    /// - Returns: whether the loop must be woken.
    mutating func post(_ command: Command) -> Bool {
        if case .closed = state { return false }
        return add(command)
    }

    /// Takes a job in.
    ///
    /// - Returns: whether the loop must be woken; `nil` once it is closed and runs no more.
    mutating func add(_ job: UnownedJob) -> Bool? {
        if case .closed = state { return nil }
        jobs.append(job)
        return wakes()
    }

    /// Gives some jobs to the loop, those that came first.
    mutating func drainJobs(upTo limit: Int) -> [UnownedJob] {
        isAwake = true
        defer { jobs.removeFirst(min(limit, jobs.count)) }
        return Array(jobs.prefix(limit))
    }

    /// Gives the jobs to the loop that have come since there were so many.
    mutating func drainJobs(after count: Int) -> [UnownedJob] {
        defer { jobs.removeLast(jobs.count - count) }
        return Array(jobs[count...])
    }

    /// How many jobs wait.
    var waitingJobs: Int { jobs.count }

    /// The loop wants to wait.
    ///
    /// - Returns: whether nothing has come meanwhile; what comes from now on wakes it.
    mutating func rests() -> Bool {
        guard case .open = state, commands.isEmpty, jobs.isEmpty else { return false }
        isAwake = false
        return true
    }

    /// Gives the wishes to the loop.
    ///
    /// - Returns: them, and whether the loop shall end everything.
    mutating func drain() -> (commands: [Command], isClosing: Bool) {
        defer { commands = [] }
        isAwake = true
        if case .closing = state { return (commands, true) }
        return (commands, false)
    }

    /// Transfers have ended.
    mutating func ended(_ count: Int) {
        admitted -= count
    }

    /// No more work; whoever asks may wait for the end.
    ///
    /// - Returns: whether the loop must be woken, and whether the loop has ended so that the waiter need not wait.
    mutating func close(_ waiter: Waiter?) -> (wakes: Bool, isClosed: Bool) {
        switch state {
        case .open:
            state = .closing(waiter.map { [$0] } ?? [])
            return (wakes(), false)
        case .closing(let waiters):
            state = .closing(waiters + (waiter.map { [$0] } ?? []))
            return (false, false)
        case .closed:
            return (false, true)
        }
    }

    /// The loop has ended everything and touches libcurl no more.
    ///
    /// - Returns: who waited for it, and the jobs that nobody has run.
    mutating func closed() -> (waiters: [Waiter], jobs: [UnownedJob]) {
        guard case .closing(let waiters) = state else { preconditionFailure("a loop ends only when it is closed") }
        state = .closed
        commands = []
        defer { jobs = [] }
        return (waiters, jobs)
    }

    /// Adds a wish.
    private mutating func add(_ command: Command) -> Bool {
        commands.append(command)
        return wakes()
    }

    /// Whether the loop must be woken for what has just come; it is woken once and then takes all.
    private mutating func wakes() -> Bool {
        defer { isAwake = true }
        return !isAwake
    }
}
