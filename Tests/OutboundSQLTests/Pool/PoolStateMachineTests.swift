import Testing

@testable import OutboundSQL

@Suite struct PoolStateMachineTests {
    typealias Pool = PoolStateMachine<String, String, String>

    /// Two connections to a database, three in all, two who wait.
    func pool() -> Pool { Pool(limits: .init(perKey: 2, total: 3, waiting: 2)) }

    @Test func `a seat is given at once while there is room`() {
        var pool = pool()
        #expect(pool.ask(1, "a", "first") == [.seat("first", nil)])
        #expect(pool.ask(2, "a", "second") == [.seat("second", nil)])
        #expect(pool.ask(3, "a", "third") == [])
    }

    @Test func `who waits gets the connection that is left, in the order of asking`() {
        var pool = pool()
        _ = pool.ask(1, "a", "first")
        _ = pool.ask(2, "a", "second")
        _ = pool.ask(3, "a", "third")
        _ = pool.ask(4, "a", "fourth")
        #expect(pool.leave("a", keeping: "one") == [.seat("third", "one")])
        #expect(pool.leave("a", keeping: nil) == [.seat("fourth", nil)])
    }

    @Test func `a connection that nobody wants is watched, and used again`() {
        var pool = pool()
        _ = pool.ask(1, "a", "first")
        #expect(pool.leave("a", keeping: "one") == [.watch("one", id: 1)])
        #expect(pool.ask(2, "a", "second") == [.seat("second", "one")])
        #expect(pool.idleEnded(1) == [], "its watch is of no matter any more")
        #expect(pool.leave("a", keeping: "one") == [.watch("one", id: 2)], "each time of idleness has its own id")
        #expect(pool.idleEnded(1) == [])
        #expect(pool.idleEnded(2) == [.close("one")])
        #expect(pool.ask(3, "a", "third") == [.seat("third", nil)])
    }

    @Test func `the connection used last is used first`() {
        var pool = pool()
        _ = pool.ask(1, "a", "first")
        _ = pool.ask(2, "a", "second")
        _ = pool.leave("a", keeping: "one")
        _ = pool.leave("a", keeping: "two")
        #expect(pool.ask(3, "a", "third") == [.seat("third", "two")])
    }

    @Test func `too many waiting are refused`() {
        var pool = pool()
        for id in 1...4 { _ = pool.ask(id, "a", "\(id)") }
        #expect(pool.ask(5, "a", "fifth") == [.refuse("fifth", .full)])
        #expect(pool.ask(6, "b", "sixth") == [.seat("sixth", nil)], "another database has room")
    }

    @Test func `who gives up waiting is told, once`() {
        var pool = pool()
        for id in 1...3 { _ = pool.ask(id, "a", "\(id)") }
        #expect(pool.abandon(3) == [.refuse("3", .cancelled)])
        #expect(pool.abandon(3) == [])
        #expect(pool.abandon(1) == [], "who has a seat leaves it instead")
        #expect(pool.leave("a", keeping: "one") == [.watch("one", id: 1)])
    }

    @Test func `the longest idle connection of another database makes room`() {
        var pool = pool()
        _ = pool.ask(1, "a", "1")
        _ = pool.ask(2, "b", "2")
        _ = pool.ask(3, "b", "3")
        _ = pool.leave("b", keeping: "old")
        _ = pool.leave("a", keeping: "new")
        #expect(pool.ask(4, "c", "4") == [.close("old"), .seat("4", nil)])
    }

    @Test func `a full house serves whoever has waited longest, of whatever database`() {
        var pool = pool()
        _ = pool.ask(1, "a", "1")
        _ = pool.ask(2, "a", "2")
        _ = pool.ask(3, "b", "3")
        #expect(pool.ask(4, "c", "4") == [])
        #expect(pool.ask(5, "b", "5") == [])
        #expect(pool.leave("b", keeping: "one") == [.close("one"), .seat("4", nil)])
        #expect(pool.leave("a", keeping: nil) == [.seat("5", nil)])
    }

    @Test func `idle connections that are not trusted are closed, and make room`() {
        var pool = pool()
        _ = pool.ask(1, "a", "1")
        _ = pool.ask(2, "a", "2")
        _ = pool.leave("a", keeping: "one")
        #expect(pool.dropIdle("a") == [.close("one")])
        #expect(pool.dropIdle("a") == [])
        #expect(pool.dropIdle("b") == [])
    }

    @Test func `closing refuses, closes, and ends when the last seat is left`() {
        var pool = pool()
        for id in 1...3 { _ = pool.ask(id, "a", "\(id)") }
        _ = pool.ask(4, "b", "4")
        #expect(pool.leave("b", keeping: "idle") == [.watch("idle", id: 1)])
        #expect(pool.close() == [.refuse("3", .closed), .close("idle")])
        #expect(pool.ask(5, "a", "5") == [.refuse("5", .closed)])
        #expect(pool.leave("a", keeping: "one") == [.close("one")])
        #expect(pool.leave("a", keeping: nil) == [.drained])
        #expect(pool.close() == [.drained])
    }

    @Test(arguments: 0..<100)
    func `no order of events breaks a bound or loses a waiter`(seed: UInt64) {
        var random = SplitMix(seed)
        var pool = pool()
        var open: Set<String> = []
        var idle: [Int: String] = [:]
        var seated: [String: [String?]] = [:]
        var waiting: Set<String> = []
        var keys: [String: String] = [:]
        func perform(_ actions: [Pool.Action]) {
            for action in actions {
                switch action {
                case .seat(let waiter, let connection):
                    #expect(waiting.remove(waiter) != nil)
                    if let connection { idle = idle.filter { $0.value != connection } }
                    seated[keys[waiter] ?? "", default: []].append(connection)
                case .refuse(let waiter, _): #expect(waiting.remove(waiter) != nil)
                case .watch(let connection, let id): idle[id] = connection
                case .close(let connection):
                    #expect(open.remove(connection) != nil)
                    idle = idle.filter { $0.value != connection }
                case .drained: Issue.record("it was never closed")
                }
            }
            let seats = seated.values.map(\.count)
            #expect(seats.allSatisfy { $0 <= 2 })
            #expect(seats.reduce(0, +) + idle.count <= 3)
            #expect(waiting.count <= 2)
        }
        for step in 1...200 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                let key = ["a", "b", "c"].randomElement(using: &random) ?? "a"
                keys["\(step)"] = key
                waiting.insert("\(step)")
                perform(pool.ask(step, key, "\(step)"))
            case 2:
                if let waiter = waiting.sorted().randomElement(using: &random), let id = Int(waiter) {
                    perform(pool.abandon(id))
                }
            case 3, 4:
                let keysInUse = seated.filter { !$0.value.isEmpty }.keys.sorted()
                guard let key = keysInUse.randomElement(using: &random) else { continue }
                let kept = (seated[key]?.removeLast() ?? nil) ?? "c\(step)"
                open.insert(kept)
                if Bool.random(using: &random) {
                    perform(pool.leave(key, keeping: kept))
                } else {
                    open.remove(kept)
                    perform(pool.leave(key, keeping: nil))
                }
            default:
                if let id = idle.keys.sorted().randomElement(using: &random) { perform(pool.idleEnded(id)) }
            }
        }
    }
}

/// Random numbers that a seed repeats.
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
