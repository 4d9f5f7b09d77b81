public import Foundation
public import Outbound
import Synchronization

/// Clocks that stand still until a test turns them.
///
/// Wall time and uptime move together. Sleepers wake in the order of their moments; two of one moment in the order in
/// which they lay down.
public final class ManualClock: Sendable {
    /// Somebody who sleeps.
    private struct Sleeper {
        /// When to wake, by the uptime.
        let due: Duration
        /// Breaks ties, and names the sleeper.
        let number: Int
        /// Resumed with whether it slept to the end.
        let continuation: CheckedContinuation<Bool, Never>
    }

    /// Everything under the lock.
    private struct State {
        /// The uptime.
        var uptime = Duration.zero
        /// The next sleeper's number.
        var next = 0
        /// Who sleeps.
        var sleepers: [Sleeper] = []
    }

    /// See ``State``.
    private let state = Mutex(State())
    /// The wall time at uptime zero.
    private let start: Date

    /// Starts at a wall time; 2026-06-16T10:00:00Z unless said otherwise.
    public init(at start: Date = Date(timeIntervalSince1970: 1_781_604_000)) {
        self.start = start
    }

    /// The clocks to hand in.
    public var source: TimeSource {
        TimeSource(now: { self.now }, uptime: { self.uptime }, sleep: { try await self.sleep($0) })
    }

    /// The wall time.
    public var now: Date { start.addingTimeInterval(uptime / .seconds(1)) }

    /// The uptime; zero at first.
    public var uptime: Duration { state.withLock { $0.uptime } }

    /// When those who sleep will wake, the first one first.
    public var alarms: [Duration] { state.withLock { $0.sleepers.map(\.due) }.sorted() }

    /// Turns the clocks on and wakes who is due, one after another.
    public func advance(by step: Duration) {
        advance(to: uptime + step)
    }

    /// Turns the clocks to the moment of the first sleeper, and wakes it and all of the same moment.
    ///
    /// - Returns: whether anybody slept.
    @discardableResult
    public func advanceToNextAlarm() -> Bool {
        guard let first = alarms.first else { return false }
        advance(to: max(first, uptime))
        return true
    }

    /// Waits, in real time, until so many sleep: then what the test has set going has come to rest.
    ///
    /// - Throws: ``NeverHappened`` after ten real seconds.
    public func waitForSleepers(_ count: Int) async throws {
        try await eventually("\(count) sleepers") { self.alarms.count >= count }
    }

    /// Turns the clocks to a moment.
    private func advance(to end: Duration) {
        while true {
            let sleeper = state.withLock { state -> Sleeper? in
                let index = state.sleepers.indices.min {
                    let (one, other) = (state.sleepers[$0], state.sleepers[$1])
                    return (one.due, one.number) < (other.due, other.number)
                }
                guard let index, state.sleepers[index].due <= end else {
                    state.uptime = end
                    return nil
                }
                state.uptime = max(state.uptime, state.sleepers[index].due)
                return state.sleepers.remove(at: index)
            }
            guard let sleeper else { return }
            sleeper.continuation.resume(returning: true)
        }
    }

    /// Sleeps until the clocks have been turned so far.
    private func sleep(_ length: Duration) async throws {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        let hasSlept = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    if length <= .zero { return true }
                    let due = state.uptime + length
                    state.sleepers.append(Sleeper(due: due, number: number, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.sleepers.firstIndex { $0.number == number }.map { state.sleepers.remove(at: $0) }
            }
            sleeper?.continuation.resume(returning: false)
        }
        guard hasSlept else { throw CancellationError() }
    }
}
