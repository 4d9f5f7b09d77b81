import Scaling
import Testing

/// The examples of expr's language definition, and what binds more tightly than what.
@Suite struct FormulaLanguageTests {
    @Test(
        arguments: [
            ("42", 42), ("0x2A", 42), ("0o52", 42), ("0b101010", 42), ("1_000", 1000), ("007", 7), ("0.5", 0.5),
            (".5", 0.5),
            ("1.", 1), ("1e3", 1000), ("1.5E-1", 0.15), ("2e+2", 200), ("a // the queue\n + b", 14),
            ("a /* and */ + b", 14),
            ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 2 - 3", 5), ("8 / 4 / 2", 1), ("7 / 2", 3.5),
            ("2 ** 3 ** 2", 512),
            ("2 ^ 3", 8), ("-2 ** 2", -4), ("(-2) ** 2", 4), ("2 ** -1", 0.5), ("-a + b", 6), ("- -a", 4), ("+a", 4),
            ("7 % 4", 3), ("int(b) % 4", 2), ("-7 % 4", -3), ("2 * 7 % 4", 2), ("1 + 7 % 4", 4), ("7 % -1", 0),
            ("a > 3 ? 1 : 2", 1), ("a > 3 ? b > 20 ? 1 : 2 : 3", 2), ("a < 3 ? 1 : a < 5 ? 2 : 3", 2),
            ("false ?: 2", 2),
            ("if a > 3 { 1 } else { 2 }", 1), ("if a > 5 { 1 } else if a > 3 { 2 } else { 3 }", 2),
            ("let x = 42; x * 2", 84), ("let x = 42; let y = 2; x * y", 84), ("let x = a; x + (let y = b; x * y)", 44),
            ("let big = filter([a, b], {# > 5}); len(big) > 0 ? first(big) : 0", 10),
            ("a + b ?? 3", 14), ("(gone ?? 2) + 3", 5), ("gone ?? gone ?? 7", 7), ("-gone ?? 2", -2),
            ("a + gone ?? 1", 5),
            ("[1, 2, 3][-1]", 3), ("[a, b,][1]", 10), ("[[1, 2], [3]][0][1]", 2), ("{x: 5}.x", 5), ("{x: 5}[\"x\"]", 5),
            ("{\"x\": {y: a}}.x.y", 4), ("{x: 5}?.x", 5), ("{1: a}[\"1\"]", 4), ("{(\"p\" + \"q\"): a}.pq", 4),
            ("{a: 1,}.a", 1),
            ("{\"in\": 3}.in", 3), ("$env[\"a\"]", 4), ("$env.b", 10), ("len($env)", 4), ("$env?.a", 4),
            ("a | max(7)", 7), ("[a, b] | sum()", 14), ("[a, b] | filter(# > 5) | map({# * 2}) | sum()", 20),
            ("a > 3 ? a : b | min(2)", 4), ("b > 3 ? b : a | min(2)", 10), ("a < 3 ? a : b | min(2)", 2),
            ("sum(1..3)", 6), ("sum(1..1 + 2)", 6), ("len(3..1)", 0), ("\"1\" + \"2\"", 12), ("'7'", 7), ("`8`", 8),
        ] as [(String, Double)]
    )
    func `expressions have the value that expr gives them`(text: String, expected: Double) throws {
        #expect(try Formulas.value(text) == expected)
    }

    @Test(arguments: [
        "1 < a and a < 5", "1 < a < 5", "not (5 < a < 9)", "1 <= 1 <= a >= 4", "true or false and false",
        "not false and true",
        "!false && true || false", "not (a == 4) or true", "a == 4.0", "4 == a", "a != b", "[1, 2] == [1.0, 2]",
        "[1] != [1, 2]",
        "{x: 1} == {x: 1.0}", "{x: 1} != {y: 1}", "nil == nil", "gone == nil", "a != nil", "\"a\" < \"b\"",
        "\"x\" != \"y\"",
        "\"John\" in [\"John\", \"Jane\"]", "\"name\" in {\"name\": \"John\"}", "not (\"x\" in {name: 1})",
        "a in [1, 4]",
        "a not in [1, 2]", "2 in 1..3", "4 not in 1..3", "\"a\" in $env", "\"nope\" not in $env", "true == true",
        "nil in [nil]",
        "\"hello\" contains \"ell\"", "\"hello\" startsWith \"he\"", "\"hello\" endsWith \"lo\"",
        "\"hello\" not contains \"x\"",
        "let s = \"abc\"; s[1:2] == \"b\"", "\"a\\tb\\x41\\u0042\" == `a\tbAB`", "'it\\'s' == \"it's\"",
        "[1, 2, 3, 4, 5][1:4] == [2, 3, 4]", "[1, 2, 3, 4, 5][1:-1] == [2, 3, 4]", "[1, 2, 3, 4, 5][:3] == [1, 2, 3]",
        "[1, 2, 3, 4, 5][3:] == [4, 5]", "[1, 2, 3][:] == [1, 2, 3]", "[1, 2][5:] == []", "[1, 2][-9:1] == [1]",
        "1..3 == [1, 2, 3]", "get({k: 1}, \"z\")?.x.y == nil", "[1][0:][0] == 1", "1; true",
        "filter(0..9, {# % 2 == 0}) == [0, 2, 4, 6, 8]", "filter(0..9, # % 2 == 0) == [0, 2, 4, 6, 8]",
        "map([{n: 1}, {n: 2}], .n) == [1, 2]", "map([[1, 2], [3]], {map(#, {# * 2})}) == [[2, 4], [6]]",
        "map([{n: 1}], {let x = .n; x + 1}) == [2]", "map([5, 6], #index) == [0, 1]", "any([1, 2], {# == 2; # > 1})",
    ])
    func `these are true`(text: String) throws {
        #expect(try Formulas.holds(text))
    }

    @Test(arguments: [
        "false and 1 / zero > 0", "true and false", "true or [1][9] == 1 ? false : true", "a > b or a == b", "!(a < b)",
        "a > 5 and gone > 1",
    ])
    func `these are false and look no further than they must`(text: String) throws {
        #expect(try !Formulas.holds(text))
    }
}
