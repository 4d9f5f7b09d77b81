import Outbound
import Testing

@testable import OutboundCurl

@Suite struct LoopInboxTests {
    @Test func `the loop is woken once for all that waits`() throws {
        var inbox = LoopInbox<Int, String>(capacity: 9)
        #expect(try inbox.submit(1))
        #expect(try !inbox.submit(2))
        let wakesAgain = inbox.post(.abort(1))
        #expect(!wakesAgain)
        let (first, second) = (inbox.drain(), inbox.drain())
        #expect(first.commands.count == 3)
        #expect(second.commands.isEmpty)
        let wakesWhoIsAwake = inbox.post(.resume(2))
        #expect(!wakesWhoIsAwake)
        let restsEarly = inbox.rests()
        #expect(!restsEarly, "something has come")
        _ = inbox.drain()
        let rests = inbox.rests()
        let wakes = inbox.post(.resume(2))
        #expect(rests && wakes)
    }

    @Test func `only so many are let in until some have ended`() throws {
        var inbox = LoopInbox<Int, String>(capacity: 2)
        _ = try inbox.submit(1)
        _ = try inbox.submit(2)
        _ = inbox.drain()
        let error = #expect(throws: OutboundError.self) { try inbox.submit(3) }
        #expect(error?.code == .overloaded)
        inbox.ended(1)
        _ = try inbox.submit(3)
        #expect(inbox.drain().commands.count == 1)
    }

    @Test func `closing turns work away and answers everybody who waits for it`() throws {
        var inbox = LoopInbox<Int, String>(capacity: 2)
        _ = try inbox.submit(1)
        _ = inbox.drain()
        let rests = inbox.rests()
        #expect(rests)
        let closings = [inbox.close("first"), inbox.close(nil), inbox.close("second")]
        #expect(closings.map(\.wakes) == [true, false, false])
        #expect(closings.allSatisfy { !$0.isClosed })
        let error = #expect(throws: OutboundError.self) { try inbox.submit(2) }
        #expect(error?.code == .closed)
        let (commands, isClosing) = inbox.drain()
        #expect(commands.isEmpty && isClosing)
        let restsAtTheEnd = inbox.rests()
        #expect(!restsAtTheEnd, "it has to end")
        let closed = inbox.closed()
        #expect(closed.waiters == ["first", "second"] && closed.jobs.isEmpty)
        let late = inbox.close("late")
        #expect(late == (false, true))
        let wakes = inbox.post(.abort(1))
        #expect(!wakes, "nobody is there to be woken")
    }
}

@Suite struct LookupLedgerTests {
    @Test func `a name that hangs is left alone for a while`() {
        var ledger = LookupLedger()
        let start = ContinuousClock.now
        let end = start.advanced(by: LookupLedger.patience)
        for _ in 0..<LookupLedger.perName {
            #expect(ledger.admits("a", at: end))
            ledger.gaveUp("a", startedAt: start, at: end)
        }
        #expect(!ledger.admits("a", at: end))
        #expect(ledger.admits("b", at: end))
        #expect(ledger.admits("a", at: end.advanced(by: LookupLedger.lifetime)))
    }

    @Test func `hanging names are bounded in all`() {
        var ledger = LookupLedger()
        let start = ContinuousClock.now
        let end = start.advanced(by: .seconds(3))
        for index in 0..<LookupLedger.total { ledger.gaveUp("\(index)", startedAt: start, at: end) }
        #expect(!ledger.admits("new", at: end))
        #expect(ledger.admits("new", at: end.advanced(by: LookupLedger.lifetime)))
    }

    @Test func `a hurry is not held against the name server`() {
        var ledger = LookupLedger()
        let start = ContinuousClock.now
        for _ in 0..<100 { ledger.gaveUp("a", startedAt: start, at: start.advanced(by: .milliseconds(999))) }
        #expect(ledger.admits("a", at: start))
    }
}

@Suite struct PatienceTests {
    /// The moment at which every test starts.
    private let start = ContinuousClock.now

    /// A moment so many seconds after the start.
    private func second(_ count: Int) -> ContinuousClock.Instant { start.advanced(by: .seconds(count)) }

    @Test func `a whole answer has one deadline`() {
        var patience = Patience(until: second(3), coversBody: true, idleLimit: .seconds(1))
        patience.headCame(at: second(1))
        patience.somethingCame(at: second(2))
        #expect(patience.due == second(3))
    }

    @Test func `a stream has a deadline for its head and a limit for each silence`() {
        var patience = Patience(until: second(3), coversBody: false, idleLimit: .seconds(10))
        #expect(patience.due == second(3))
        patience.headCame(at: second(1))
        #expect(patience.due == second(11))
        patience.somethingCame(at: second(5))
        #expect(patience.due == second(15))
        patience.paused()
        #expect(patience.due == nil)
        patience.somethingCame(at: second(60))
        #expect(patience.due == second(70))
    }

    @Test func `a stream without a limit waits for ever`() {
        var patience = Patience(until: second(3), coversBody: false, idleLimit: nil)
        patience.headCame(at: second(1))
        #expect(patience.due == nil)
    }
}
