import Testing

@testable import OutboundSQL

@Suite struct WaitTableTests {
    let start = ContinuousClock.now

    /// A table whose thread lingers for a second.
    func table() -> WaitTable<String> { WaitTable(linger: .seconds(1)) }

    @Test func `the first wait starts the thread, the next ones wake it`() {
        var table = table()
        #expect(table.add(3, .read, until: nil, "a").notice == .startThread)
        #expect(table.add(4, .read, until: nil, "b").notice == .wake)
    }

    @Test func `a wait ends once`() {
        var table = table()
        let id = table.add(3, .read, until: start.advanced(by: .seconds(1)), "a").id
        #expect(table.polled(ready: [id], now: start.advanced(by: .seconds(2))).map(\.end) == [.ready])
        #expect(table.polled(ready: [id], now: start.advanced(by: .seconds(2))).isEmpty)
    }

    @Test func `a wait that was taken back does not end, though its socket's number is in use again`() {
        var table = table()
        let old = table.add(3, .read, until: nil, "old").id
        table.remove(old)
        let new = table.add(3, .read, until: nil, "new").id
        #expect(table.polled(ready: [old], now: start).isEmpty)
        #expect(table.polled(ready: [new], now: start).map(\.waiter) == ["new"])
    }

    @Test func `the thread sleeps until the next deadline`() {
        var table = table()
        _ = table.add(3, .read, until: start.advanced(by: .seconds(9)), "late")
        _ = table.add(4, .read, until: start.advanced(by: .seconds(2)), "soon")
        _ = table.add(5, .read, until: nil, "never")
        #expect(table.nextRound(now: start)?.until == start.advanced(by: .seconds(2)))
        let ended = table.polled(ready: [], now: start.advanced(by: .seconds(2)))
        #expect(ended.map(\.waiter) == ["soon"])
        #expect(ended.map(\.end) == [.expired])
    }

    @Test func `a thread without waits lingers, then ends, and is started anew`() {
        var table = table()
        let id = table.add(3, .read, until: nil, "a").id
        table.remove(id)
        #expect(table.nextRound(now: start)?.until == start.advanced(by: .seconds(1)))
        #expect(table.nextRound(now: start.advanced(by: .milliseconds(500)))?.waits.isEmpty == true)
        #expect(table.nextRound(now: start.advanced(by: .seconds(1))) == nil)
        #expect(table.add(3, .read, until: nil, "b").notice == .startThread)
    }
}
