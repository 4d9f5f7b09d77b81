import Scaling
import TestKit
import Testing

/// Texts that nobody wrote: whatever they are, they compile and run or they fail, and nothing crashes.
@Suite struct FormulaGarbageTests {
    /// What texts are made of.
    static let pieces =
        [
            "a", "b", "zero", "gone", "$env", "x", "1", "0", "2.5", "-9223372036854775807", "9223372036854775807",
            "1e308", "\"s\"", "\"\"",
            "nil", "true", "false", "(", ")", "[", "]", "{", "}", ",", ";", ":", "?", "??", "?.", ".", "..", "|", "#",
            "#acc", "#index",
            "+", "-", "*", "/", "%", "**", "==", "!=", "<", ">", "<=", ">=", "and", "or", "not", "in", "contains",
            "startsWith", "let x =",
            "if", "else", "[1, 2, a]", "[]", "{k: 1}", "map(", "filter(", "reduce(", "sum(", "max(", "min(", "sort(",
            "len(", "int(", "float(",
            "repeat(", "split(", "take(", "flatten(", "get(", "string(", "1..3", "\n", "\u{0}", "é", "🐳", "//", "/*",
        ]

    @Test(arguments: [0, 1] as [UInt64])
    func `garbage never crashes`(round: UInt64) {
        var random = SeededGenerator(seed: testSeed &+ round)
        var good = 0
        for _ in 0..<4000 {
            let count = Int.random(in: 1...14, using: &random)
            let text = (0..<count).compactMap { _ in Self.pieces.randomElement(using: &random) }.joined(separator: " ")
            if Formulas.error(text) == nil { good += 1 }
        }
        #expect(good > 0, "seed \(testSeed)")
    }

    @Test(arguments: [0, 1] as [UInt64])
    func `sound expressions with odd operands never crash`(round: UInt64) {
        var random = SeededGenerator(seed: testSeed &+ round)
        /// An expression of so many levels.
        func expression(_ depth: Int) -> String {
            let operands = [
                "a", "gone", "zero", "1", "-9223372036854775807", "2.5", "\"s\"", "nil", "true", "[1, a]", "[]",
                "{k: 1}", "$env",
            ]
            guard depth > 0 else { return operands.randomElement(using: &random) ?? "a" }
            let (one, other) = (expression(depth - 1), expression(depth - 1))
            let forms = [
                "(\(one)) + (\(other))", "(\(one)) - (\(other))", "(\(one)) * (\(other))", "(\(one)) / (\(other))",
                "(\(one)) % (\(other))",
                "(\(one)) ** (\(other))", "(\(one)) == (\(other))", "(\(one)) < (\(other))", "(\(one)) ?? (\(other))",
                "(\(one)) in (\(other))",
                "(\(one)) ? (\(other)) : (\(one))", "(\(one))[\(other)]", "(\(one))[\(other):]",
                "max(\(one), \(other))", "get(\(one), \(other))",
                "map(\(one), {\(other)})", "reduce(\(one), {\(other)}, #acc)", "concat([\(one)], [\(other)])",
                "-(\(one))", "not (\(one))",
                "get([\(one)], 0)", "sort([\(one), \(other)])", "string(\(one))", "flatten([\(one), \(other)])",
                "int(\(one))", "uniq([\(one), \(other)])",
            ]
            return forms.randomElement(using: &random) ?? one
        }
        var codes: Set<FormulaError.Code> = []
        for _ in 0..<3000 {
            if let error = Formulas.error(expression(Int.random(in: 1...4, using: &random))) {
                codes.insert(error.code)
            }
        }
        #expect(codes.contains(.mismatchedTypes) && codes.contains(.evaluation), "seed \(testSeed)")
    }
}
