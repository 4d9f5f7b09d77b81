import Testing

@testable import Operator

@Suite struct LastWriteTests {
    @Test func `our own write counts until the watch has caught up`() {
        var last = LastWrite<String>()
        #expect(last.current("a", at: .zero) == "a")
        last.note("b", over: "a", at: .zero)
        #expect(last.current("a", at: .seconds(1)) == "b")
        #expect(last.current("b", at: .seconds(2)) == "b")
        #expect(last.current("a", at: .seconds(3)) == "a")
    }

    @Test func `somebody else's change counts at once`() {
        var last = LastWrite<String?>()
        last.note("b", over: nil, at: .zero)
        #expect(last.current("c", at: .seconds(1)) == "c")
        #expect(last.current(nil, at: .seconds(2)) == nil)
    }

    @Test func `of two writes in a row the watch may show the first one yet`() {
        var last = LastWrite<String>()
        last.note("b", over: "a", at: .zero)
        last.note("c", over: "a", at: .seconds(1))
        let seen = ["a", "b"].map { last.current($0, at: .seconds(2)) }
        #expect(seen == ["c", "c"] && last.isPending)
        #expect(last.current("c", at: .seconds(3)) == "c" && !last.isPending)
        #expect(last.current("b", at: .seconds(4)) == "b")
    }

    @Test func `a watch that never catches up is believed after a while`() {
        var last = LastWrite<String?>()
        last.note("b", over: nil, at: .zero)
        #expect(last.current(nil, at: .seconds(29)) == "b")
        #expect(last.current(nil, at: .seconds(30)) == nil)
    }
}
