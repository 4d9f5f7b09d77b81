/// Who may use a connection, who waits, and which connections are kept.
///
/// Pure; one for all databases.
///
/// To use a database one takes a seat, with an idle connection if there is one, else to open a new one. Seats and idle
/// connections together are bounded, for each database and in all.
struct PoolStateMachine<Key: Hashable, Connection, Waiter> {
    /// What to do.
    enum Action {
        /// Let a waiter go ahead, with an idle connection or without.
        case seat(Waiter, Connection?)
        /// Tell a waiter that it will get no seat.
        case refuse(Waiter, PoolRefusal)
        /// Notice when an idle connection breaks or has been idle for too long, and report ``idleEnded(_:)``.
        case watch(Connection, id: Int)
        /// Close a connection that nobody needs.
        case close(Connection)
        /// Everything is over after ``close()``.
        case drained
    }

    /// A connection that nobody uses.
    private struct Idle {
        let id: Int
        let key: Key
        let connection: Connection
    }

    /// Somebody without a seat.
    private struct Waiting {
        let id: Int
        let key: Key
        let waiter: Waiter
    }

    /// The bounds.
    private let limits: PoolLimits
    /// Seats taken, by database; no zeros, so that a database that is not used any more is forgotten.
    private var seats: [Key: Int] = [:]
    /// Idle connections, longest idle first.
    private var idle: [Idle] = []
    /// In the order they came.
    private var waiting: [Waiting] = []
    /// The id of an idle connection given last.
    ///
    /// Each time of idleness has its own.
    private var lastIdleID = 0
    /// No seat is given any more.
    private var isClosed = false

    /// Empty.
    init(limits: PoolLimits) {
        self.limits = limits
    }

    /// Somebody wants a seat.
    mutating func ask(_ id: Int, _ key: Key, _ waiter: Waiter) -> [Action] {
        if isClosed { return [.refuse(waiter, .closed)] }
        waiting.append(Waiting(id: id, key: key, waiter: waiter))
        let actions = seatWaiting()
        guard waiting.count > limits.waiting, waiting.last?.id == id else { return actions }
        waiting.removeLast()
        return actions + [.refuse(waiter, .full)]
    }

    /// Somebody does not want a seat any more.
    ///
    /// Nothing happens if it has one already: it will leave it.
    mutating func abandon(_ id: Int) -> [Action] {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return [] }
        return [.refuse(waiting.remove(at: index).waiter, .cancelled)]
    }

    /// Somebody leaves a seat, with the connection if it can be used again; a broken one is the leaver's to close.
    mutating func leave(_ key: Key, keeping connection: Connection?) -> [Action] {
        guard let taken = seats[key] else { preconditionFailure("a seat was left that nobody had") }
        seats[key] = taken > 1 ? taken - 1 : nil
        var actions: [Action] = []
        if let connection {
            if isClosed {
                actions.append(.close(connection))
            } else {
                lastIdleID += 1
                idle.append(Idle(id: lastIdleID, key: key, connection: connection))
            }
        }
        let kept = lastIdleID
        actions += seatWaiting()
        if let last = idle.last, connection != nil, last.id == kept {
            actions.append(.watch(last.connection, id: kept))
        }
        if isClosed, seats.isEmpty { actions.append(.drained) }
        return actions
    }

    /// An idle connection broke or has been idle for too long.
    ///
    /// Nothing happens if it is in use or closed by now.
    mutating func idleEnded(_ id: Int) -> [Action] {
        guard let index = idle.firstIndex(where: { $0.id == id }) else { return [] }
        let ended = idle.remove(at: index)
        return [.close(ended.connection)] + seatWaiting()
    }

    /// A database's idle connections are not to be trusted, because one of them was broken.
    mutating func dropIdle(_ key: Key) -> [Action] {
        let dropped = idle.filter { $0.key == key }
        idle.removeAll { $0.key == key }
        return dropped.map { .close($0.connection) } + seatWaiting()
    }

    /// No seat is given any more.
    ///
    /// Those who have one finish.
    mutating func close() -> [Action] {
        isClosed = true
        var actions: [Action] = waiting.map { .refuse($0.waiter, .closed) }
        actions += idle.map { .close($0.connection) }
        waiting.removeAll()
        idle.removeAll()
        return seats.isEmpty ? actions + [.drained] : actions
    }

    /// Gives seats to those who can have one, in the order they came.
    ///
    /// - Complexity: O(waiting × idle), both bounded.
    private mutating func seatWaiting() -> [Action] {
        var actions: [Action] = []
        var next = 0
        while next < waiting.count {
            let candidate = waiting[next]
            guard let (connection, evicted) = seat(for: candidate.key) else {
                next += 1
                continue
            }
            waiting.remove(at: next)
            seats[candidate.key, default: 0] += 1
            if let evicted { actions.append(.close(evicted)) }
            actions.append(.seat(candidate.waiter, connection))
        }
        return actions
    }

    /// Finds room for one more user of a database.
    ///
    /// - Returns: the connection that was used last, which is the likeliest to work, if any is idle; and the connection
    ///   of another database that must make room, if any. `nil` if there is no room.
    private mutating func seat(for key: Key) -> (connection: Connection?, evicted: Connection?)? {
        if let index = idle.lastIndex(where: { $0.key == key }) { return (idle.remove(at: index).connection, nil) }
        guard seats[key, default: 0] < limits.perKey else { return nil }
        if seats.values.reduce(idle.count, +) < limits.total { return (nil, nil) }
        return idle.isEmpty ? nil : (nil, idle.removeFirst().connection)
    }
}

extension PoolStateMachine.Action: Equatable where Connection: Equatable, Waiter: Equatable {}

/// Why there is no seat.
enum PoolRefusal: Error {
    /// Too many wait already.
    case full
    /// The waiter was cancelled.
    case cancelled
    /// The pool is closed.
    case closed
}

/// The bounds of a pool.
package struct PoolLimits: Sendable {
    /// Connections to one database.
    var perKey: Int
    /// Connections in all.
    var total: Int
    /// Those who wait, in all.
    var waiting: Int

    /// Takes the bounds.
    package init(perKey: Int, total: Int, waiting: Int) {
        self.perKey = perKey
        self.total = total
        self.waiting = waiting
    }
}
