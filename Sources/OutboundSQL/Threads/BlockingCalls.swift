import Foundation
import Synchronization

/// Runs calls that may block on a few threads of its own, so that they never hold a cooperative thread.
///
/// A thread lives as long as there is work for it. A caller that is cancelled goes on at once; a call that runs cannot
/// be stopped, so its thread stays with it, and its result is dropped.
package final class BlockingCalls<Key: Hashable & Sendable>: Sendable {
    /// A call that has been asked for.
    private struct Call: Sendable {
        /// Runs it and tells the caller, if there is one.
        let run: @Sendable () -> Void
        /// Tells the caller that it will not be run.
        let refuse: @Sendable (BlockingCallRefusal) -> Void
    }

    /// The machine and the ids that it goes by.
    private struct State {
        var machine: BlockingCallsStateMachine<Key, Call>
        var nextID = 0
    }

    /// See ``State``.
    private let state: Mutex<State>
    /// What debuggers show for the threads.
    private let name: String

    /// No thread yet.
    ///
    /// - Parameters:
    ///   - name: of the threads.
    ///   - threads: most at a time.
    ///   - room: most calls that may wait for a thread.
    ///   - patience: when all threads have been busy for this long, new calls are refused at once.
    package init(_ name: String, threads: Int, room: Int = 1024, patience: Duration = .seconds(5)) {
        self.name = name
        self.state = Mutex(State(machine: .init(threads: threads, room: room, patience: patience)))
    }

    /// Runs a call and waits for its result.
    ///
    /// - Throws: ``BlockingCallRefusal``, or what the call throws.
    package func run<Value: Sendable>(
        _ key: Key,
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let promise = Promise<Value>()
        let call = Call(
            run: { promise.keep(Result(catching: body)) },
            refuse: { promise.keep(.failure($0)) }
        )
        let id = submit(key, call)
        return try await promise.value { [self] in
            state.withLock { $0.machine.abandon(id) }
            promise.keep(.failure(BlockingCallRefusal.cancelled))
        }
    }

    /// Has a call run some time; nobody waits for it, and it is left undone where ``run(_:_:)`` would refuse it.
    package func post(_ key: Key, _ body: @escaping @Sendable () -> Void) {
        submit(key, Call(run: body, refuse: { _ in }))
    }

    /// Takes no more calls, and refuses those that wait.
    ///
    /// Running ones run on; their threads end after them.
    package func close() {
        for call in state.withLock({ $0.machine.close() }) { call.refuse(.closed) }
    }

    /// Hands a call to the machine and does what it says.
    ///
    /// - Returns: the call's id.
    @discardableResult
    private func submit(_ key: Key, _ call: Call) -> Int {
        let (id, answer) = state.withLock { state in
            state.nextID += 1
            return (state.nextID, state.machine.ask(state.nextID, key, call, now: .now))
        }
        switch answer {
        case .start: startThread(key, call)
        case .wait: break
        case .refuse(let refusal): call.refuse(refusal)
        }
        return id
    }

    /// A thread that runs a call, and then others as long as any wait.
    private func startThread(_ key: Key, _ call: Call) {
        Thread.detachNewThread { [self] in
            Thread.current.name = name
            var next: (key: Key, call: Call)? = (key, call)
            while let (key, call) = next {
                call.run()
                next = state.withLock { $0.machine.finished(key, now: .now) }
            }
        }
    }
}
