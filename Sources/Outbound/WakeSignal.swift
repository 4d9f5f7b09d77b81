/// Wakes one waiter; raised many times before it looks, it wakes once.
package struct WakeSignal: Sendable {
    /// What the waiter reads; at most one wake-up is kept.
    private let stream: AsyncStream<Void>
    /// What raises.
    private let continuation: AsyncStream<Void>.Continuation

    /// Not raised yet.
    package init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Wakes the waiter, now or when it next waits.
    ///
    /// May be called under a lock.
    package func raise() {
        continuation.yield()
    }

    /// Waits until raised.
    ///
    /// Only one task may wait at a time.
    ///
    /// - Returns: `false` when the task was cancelled; the signal is of no use after that.
    package func wait() async -> Bool {
        for await _ in stream { return true }
        return false
    }

    /// Waits until raised, or until a moment by the uptime; `nil` for no such moment.
    ///
    /// - Returns: `false` when the task was cancelled.
    package func wait(until moment: Duration?, _ time: TimeSource) async -> Bool {
        guard let moment else { return await wait() }
        return await withTaskGroup { group in
            group.addTask {
                // Cancelled when the signal came first: then nobody is to be woken.
                guard (try? await time.sleep(moment - time.uptime())) != nil else { return }
                raise()
            }
            defer { group.cancelAll() }
            return await wait()
        }
    }
}
