package import Outbound
import Synchronization

/// An open connection that a ``ConnectionPool`` keeps while nobody uses it.
package protocol PooledConnection: Sendable {
    /// What `poll` watches: an idle server says nothing, so anything that comes is its end.
    var socket: Int32 { get }
}

/// The open connections, by connection string.
///
/// Does what ``PoolStateMachine`` says.
package final class ConnectionPool<Connection: PooledConnection>: Sendable {
    /// The machine with its payloads.
    typealias Machine = PoolStateMachine<Secret<String>, Connection, Promise<Connection?>>

    /// The machine, and who waits for its end.
    private struct State {
        var machine: Machine
        var nextID = 0
        var closers: [Promise<Void>] = []
    }

    /// See ``State``.
    private let state: Mutex<State>
    /// Watches idle connections.
    private let poller: SocketPoller
    /// An unused connection is closed after this.
    private let idleLimit: Duration

    /// Empty.
    package init(limits: PoolLimits, idleLimit: Duration, poller: SocketPoller) {
        self.state = Mutex(State(machine: Machine(limits: limits)))
        self.idleLimit = idleLimit
        self.poller = poller
    }

    /// Waits for a seat, which must be left again with ``leave(_:keeping:)``.
    ///
    /// - Returns: an idle connection, or `nil` when the caller should open one.
    /// - Throws: ``OutboundError`` `.overloaded`, `.cancelled` or `.closed`; then there is no seat to leave.
    package func takeSeat(_ key: Secret<String>) async throws -> Connection? {
        let promise = Promise<Connection?>()
        let (id, actions) = state.withLock { state in
            state.nextID += 1
            return (state.nextID, state.machine.ask(state.nextID, key, promise))
        }
        perform(actions)
        return try await promise.value { [self] in
            perform(state.withLock { $0.machine.abandon(id) })
        }
    }

    /// Leaves a seat, with a connection if it can be used again.
    package func leave(_ key: Secret<String>, keeping connection: Connection?) {
        perform(state.withLock { $0.machine.leave(key, keeping: connection) })
    }

    /// Closes the idle connections of a string: one of them was found broken.
    package func dropIdle(_ key: Secret<String>) {
        perform(state.withLock { $0.machine.dropIdle(key) })
    }

    /// Gives no seat any more, closes what is idle, and waits until every seat has been left.
    ///
    /// Returns early if the task is cancelled.
    package func close() async {
        let promise = Promise<Void>()
        let actions = state.withLock { state in
            state.closers.append(promise)
            return state.machine.close()
        }
        perform(actions)
        // The only failure is that the closing task is cancelled, and then nobody wants to wait.
        try? await promise.value { promise.keep(.failure(PoolRefusal.cancelled)) }
    }

    /// Does what the machine says, outside the lock.
    private func perform(_ actions: [Machine.Action]) {
        for action in actions {
            switch action {
            case .seat(let waiter, let connection): waiter.keep(.success(connection))
            case .refuse(let waiter, let refusal): waiter.keep(.failure(Self.explain(refusal)))
            case .watch(let connection, let id): watch(connection, id)
            case .close: break  // The action held the last reference.
            case .drained:
                for closer in state.withLock({ $0.closers }) { closer.keep(.success(())) }
            }
        }
    }

    /// Waits for the end of an idle connection.
    ///
    /// When the connection is used in the meantime, its next answer ends the wait, and the machine ignores it.
    private func watch(_ connection: Connection, _ id: Int) {
        poller.watch(connection.socket, for: .read, until: .now.advanced(by: idleLimit)) { [weak self] _ in
            guard let self else { return }
            perform(state.withLock { $0.machine.idleEnded(id) })
        }
    }

    /// A refusal in the words of this room.
    private static func explain(_ refusal: PoolRefusal) -> OutboundError {
        switch refusal {
        case .full: OutboundError(.overloaded, "too many queries wait for a database connection")
        case .cancelled: OutboundError(.cancelled, "the query was given up before it got a connection")
        case .closed: OutboundError(.closed, "the database client has been shut down")
        }
    }
}
