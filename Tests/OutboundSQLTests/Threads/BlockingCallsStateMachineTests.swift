import Testing

@testable import OutboundSQL

@Suite struct BlockingCallsStateMachineTests {
    let start = ContinuousClock.now

    /// Two threads, two who wait, five seconds of patience.
    func machine() -> BlockingCallsStateMachine<String, String> {
        BlockingCallsStateMachine(threads: 2, room: 2, patience: .seconds(5))
    }

    @Test func `calls of different keys run beside each other, those of one key after each other`() {
        var machine = machine()
        #expect(machine.ask(1, "a", "a1", now: start) == .start)
        #expect(machine.ask(2, "a", "a2", now: start) == .wait)
        #expect(machine.ask(3, "b", "b1", now: start) == .start)
        #expect(machine.finished("a", now: start)?.call == "a2")
        #expect(machine.finished("b", now: start) == nil)
        #expect(machine.finished("a", now: start) == nil)
    }

    @Test func `a key that hangs keeps one thread and lets others pass`() {
        var machine = machine()
        _ = machine.ask(1, "hangs", "h1", now: start)
        #expect(machine.ask(2, "hangs", "h2", now: start) == .wait)
        #expect(machine.ask(3, "a", "a1", now: start) == .start)
        #expect(machine.ask(4, "b", "b1", now: start) == .wait)
        let next = machine.finished("a", now: start)
        #expect(next?.key == "b")
        #expect(machine.finished("b", now: start) == nil, "the other call of the key that hangs still waits")
    }

    @Test func `when every thread is stuck nobody waits in vain`() {
        var machine = machine()
        _ = machine.ask(1, "a", "a1", now: start)
        _ = machine.ask(2, "b", "b1", now: start.advanced(by: .seconds(1)))
        #expect(machine.ask(3, "c", "c1", now: start.advanced(by: .seconds(5))) == .wait)
        #expect(machine.ask(4, "d", "d1", now: start.advanced(by: .seconds(6))) == .refuse(.stuck))
        #expect(machine.finished("a", now: start.advanced(by: .seconds(7)))?.call == "c1")
        #expect(machine.ask(5, "d", "d1", now: start.advanced(by: .seconds(7))) == .wait)
    }

    @Test func `the queue has an end`() {
        var machine = machine()
        for id in 1...4 { _ = machine.ask(id, "\(id)", "", now: start) }
        #expect(machine.ask(5, "5", "", now: start) == .refuse(.full))
        machine.abandon(3)
        #expect(machine.ask(6, "6", "six", now: start) == .wait)
    }

    @Test func `after closing nothing starts`() {
        var machine = machine()
        for id in 1...3 { _ = machine.ask(id, "\(id)", "\(id)", now: start) }
        #expect(machine.close() == ["3"])
        #expect(machine.ask(4, "4", "4", now: start) == .refuse(.closed))
        #expect(machine.finished("1", now: start) == nil)
    }
}
