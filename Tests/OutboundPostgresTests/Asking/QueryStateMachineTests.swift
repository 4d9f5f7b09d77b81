import Outbound
import Testing

@testable import OutboundPostgres

@Suite struct QueryStateMachineTests {
    static let columns = [SQLResult.Column(name: "n", kind: .number)]
    static let row = SQLResult(columns: columns, firstRow: ["1"])
    static let refusal = ServerRefusal(state: "42P01", message: "no such table", detail: "")

    /// `BEGIN`, `SET LOCAL`, and that it is the query's turn.
    func begun() -> QueryStateMachine {
        var dialogue = QueryStateMachine(query: 2)
        for event in [QueryStateMachine.Event.succeeded, .endOfStatement, .succeeded] {
            guard case .readOn = dialogue.received(event) else {
                Issue.record("the preamble needs nothing but reading")
                continue
            }
        }
        guard case .expectRows = dialogue.received(.endOfStatement) else {
            Issue.record("the query's turn is announced")
            return dialogue
        }
        return dialogue
    }

    /// Feeds events and returns the verdict of the last.
    func verdict(_ dialogue: inout QueryStateMachine, _ events: [QueryStateMachine.Event]) throws
        -> QueryStateMachine.Verdict
    {
        for event in events.dropLast() { _ = dialogue.received(event) }
        guard case .finish(let verdict) = dialogue.received(try #require(events.last)) else {
            throw Unfinished()
        }
        return verdict
    }

    /// The dialogue should have been over.
    struct Unfinished: Error {}

    @Test func `the first row is the answer, and the connection stays clean`() throws {
        var dialogue = begun()
        let second = SQLResult(columns: [], firstRow: [])
        let verdict = try verdict(
            &dialogue,
            [
                .row(Self.row), .row(second), .endOfRows([]), .endOfStatement, .succeeded, .endOfStatement,
                .endOfAnswer(isInTransaction: false),
            ]
        )
        #expect(try verdict.result.get() == Self.row)
        #expect(verdict.isClean)
    }

    @Test func `no row leaves the columns`() throws {
        var dialogue = begun()
        let verdict = try verdict(
            &dialogue,
            [
                .endOfRows(Self.columns), .endOfStatement, .succeeded, .endOfStatement,
                .endOfAnswer(isInTransaction: false),
            ]
        )
        #expect(try verdict.result.get() == SQLResult(columns: Self.columns, firstRow: nil))
    }

    @Test func `a refused query is rolled back before the connection is used again`() throws {
        var dialogue = begun()
        for event in [QueryStateMachine.Event.refused(Self.refusal), .endOfStatement, .skipped, .endOfStatement] {
            _ = dialogue.received(event)
        }
        guard case .rollBack = dialogue.received(.endOfAnswer(isInTransaction: true)) else {
            Issue.record("an open transaction is rolled back")
            return
        }
        let verdict = try verdict(&dialogue, [.succeeded, .endOfStatement, .endOfAnswer(isInTransaction: false)])
        #expect(throws: OutboundError.self) { try verdict.result.get() }
        #expect(verdict.isClean)
    }

    @Test func `a transaction that cannot be rolled back costs the connection`() throws {
        var dialogue = begun()
        _ = dialogue.received(.refused(Self.refusal))
        _ = dialogue.received(.endOfAnswer(isInTransaction: true))
        let verdict = try verdict(
            &dialogue,
            [.refused(Self.refusal), .endOfStatement, .endOfAnswer(isInTransaction: true)]
        )
        #expect(!verdict.isClean)
    }

    @Test func `a failing commit spoils the answer`() throws {
        var dialogue = begun()
        let verdict = try verdict(
            &dialogue,
            [
                .row(Self.row), .endOfRows([]), .endOfStatement, .refused(Self.refusal), .endOfStatement,
                .endOfAnswer(isInTransaction: false),
            ]
        )
        #expect(throws: OutboundError.self) { try verdict.result.get() }
    }

    @Test func `the first refusal is the one that is told`() throws {
        var dialogue = QueryStateMachine(query: 2)
        let second = ServerRefusal(state: "25P02", message: "aborted", detail: "")
        let verdict = try verdict(
            &dialogue,
            [.refused(Self.refusal), .endOfStatement, .refused(second), .endOfAnswer(isInTransaction: false)]
        )
        #expect(!dialogue.hasBegun)
        let error = #expect(throws: OutboundError.self) { try verdict.result.get() }
        #expect(error?.summary.contains("42P01") == true)
    }

    @Test(arguments: 0..<200)
    func `whatever a server says, the dialogue never traps`(seed: UInt64) {
        var random = SplitMix(seed)
        var dialogue = QueryStateMachine(query: 2)
        for _ in 0..<40 {
            let events: [QueryStateMachine.Event] = [
                .succeeded, .row(Self.row), .endOfRows(Self.columns), .refused(Self.refusal), .skipped, .endOfStatement,
                .endOfAnswer(isInTransaction: true), .endOfAnswer(isInTransaction: false), .unusable, .largeRow,
            ]
            guard let event = events.randomElement(using: &random) else { return }
            if case .finish(let verdict) = dialogue.received(event) {
                if case .success = verdict.result { #expect(dialogue.answer != nil) }
                return
            }
        }
    }
}

/// Random numbers that a seed repeats.
struct SplitMix: RandomNumberGenerator {
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
