import Scaling
import Testing

/// Nothing that a formula says takes long, or much memory, or a deep stack.
@Suite struct FormulaLimitTests {
    /// A text so many times.
    static func times(_ count: Int, _ text: String) -> String { String(repeating: text, count: count) }

    @Test(arguments: [
        times(50_000, "(") + "1" + times(50_000, ")"), times(60_000, "("), times(60_000, "["), times(60_000, "-"),
        times(20_000, "not "), times(10_000, "max(") + "1" + times(10_000, ")"), times(20_000, "{a:"),
        times(60_000, "!"),
        times(12_000, "1 ? "), times(10_000, "let x = "), times(12_000, "1 ** "), times(10_000, "if 1 {"),
        times(6000, "if true {1} else "), times(100_000, "a"), times(30_000, "[0]"), "a" + times(12_000, "[0]"),
        "a" + times(9000, " + a"), times(5000, "map([1], ") + "1" + times(5000, ")"), times(60_000, "#"),
        "[1]" + times(5000, "|map(#)"),
    ])
    func `what is long or deep is refused`(text: String) throws {
        let error = try #require(Formulas.error(text))
        #expect([.limit, .syntax, .unknownName].contains(error.code))
    }

    @Test func `long sums and long ladders are fine`() throws {
        #expect(try Formulas.value("a" + Self.times(4000, " + a")) == 16_004)
        #expect(try Formulas.value("zero" + Self.times(150, " > 1 ? 5 : a")) == 5)
        #expect(try Formulas.value(Self.times(190, "(") + "a" + Self.times(190, ")")) == 4)
        #expect(try Formulas.value(Self.times(190, "-") + "a") == 4)
        #expect(try Formulas.value("sum(map(1..20000, # * 2))") == 400_020_000)
    }

    @Test(arguments: [
        "len(1..1000000000)", "len(0..9223372036854775807)", "len(-9223372036854775807..9223372036854775807)",
        "len(1..100000) + len(1..100000)", "len(map(1..1000, {map(1..1000, {#})}))", "len(repeat(\"x\", 1000000000))",
        "len(repeat(repeat(\"x\", 50000), 50000))", "len(reduce(1..1000, #acc + #acc, \"x\"))",
        "len(reduce(1..1000, concat(#acc, #acc), [1]))", "len(flatten(reduce(1..200, [#acc], [1])))",
        "len(reduce(1..200, ({x: #acc}), {x: 1}))", "len(uniq(1..20000))", "sum(1..60000, sum(1..10))",
        "count(1..60000, # in 1..1)", "count(1..30000, any([1, 2, 3], # > 5) or any([4, 5, 6], # > 7))",
        "indexOf(repeat(\"a\", 40000), repeat(\"a\", 20000) + \"b\")",
        "len(replace(repeat(\"a\", 1000), \"a\", repeat(\"b\", 1000)))",
        "len(join(map(1..1000, \"x\"), repeat(\"y\", 1000)))", "len(sort(1..99999)) + len(sort(1..99999))",
        "let x = 1..90000; count(1..90000, # in x)", "let x = 1..40000; count(1..40000, {x == x})",
    ])
    func `a run that would not end soon is stopped`(text: String) throws {
        let formula = try Formulas.compile(text)
        let error = #expect(throws: FormulaError.self) { try formula.value(Formulas.inputs) }
        #expect(error?.code == .limit)
    }
}
