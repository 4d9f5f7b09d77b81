import Scaling
import Testing

/// How KEDA makes a float of what a formula gives, and what becomes of nil.
@Suite struct FormulaWrappingTests {
    @Test(
        arguments: [
            ("a > 1 ? 3 : b", 3), ("a > 9 ? 3 : b", 10), ("int(a)", 4), ("\"3.5\"", 3.5), ("float(a)", 4),
            ("float(a) * 2", 8),
            ("float(a); float(b)", 10), ("a ?? 1", 4), ("gone ?? 3", 3), ("gone ?? \"3\"", 3), ("gone ?? nil", nil),
            ("let x = gone ?? a; x", 4),
            ("gone ?? gone", nil), ("1; gone ?? 2", 2), ("float(a) > 1 ? nil : float(a)", nil),
            ("gone == nil ? b : a + gone", 10),
            ("gone != nil ? 1 : 0 /* ?? */", 0),
        ] as [(String, Double?)]
    )
    func `the result becomes a float, or stays nil where KEDA lets it`(text: String, expected: Double?) throws {
        #expect(try Formulas.value(text) == expected)
    }

    @Test(
        arguments: [
            ("float(a) > 1", .result), ("float(a) > 1 ? 1 : 2", .result), ("gone", .evaluation),
            ("a > 9 ? 1 : gone", .evaluation),
            ("(gone ?? a) > 1", .mismatchedTypes), ("nil ?? nil", .mismatchedTypes), ("a > 1", .mismatchedTypes),
        ] as [(String, FormulaError.Code)]
    )
    func `what becomes no float fails as in KEDA`(text: String, code: FormulaError.Code) {
        #expect(Formulas.error(text)?.code == code)
    }

    @Test func `a formula is compiled once and run for many values`() throws {
        let formula = try Formula("a * 2", variables: ["a"])
        #expect(formula.text == "a * 2")
        #expect(try formula.value(["a": 1]) == 2)
        #expect(try formula.value(["a": -0.25]) == -0.5)
        #expect(throws: FormulaError.self) { try formula.value([:]) }
        #expect(throws: FormulaError.self) { try formula.value(["a": .nan]) }
        #expect(throws: FormulaError.self) { try formula.value(["a": .infinity]) }
    }
}
