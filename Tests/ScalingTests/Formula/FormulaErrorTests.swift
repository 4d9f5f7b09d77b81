import Scaling
import Testing

/// What is refused, where, and in which words.
@Suite struct FormulaErrorTests {
    @Test(
        arguments: [
            ("", .syntax, "the formula ends too early (column 1)"),
            ("a +", .syntax, "the formula ends too early (column 4)"),
            ("(a + b", .syntax, "the formula ends too early, expected \")\" (column 7)"),
            ("a + * b", .syntax, "unexpected \"*\" (column 5)"),
            ("a b", .syntax, "unexpected \"b\" (column 3)"),
            ("a; b", .syntax, "unexpected \";\" (column 2)"),
            ("a +\n  ) b", .syntax, "unexpected \")\" (line 2, column 3)"),
            ("a @ b", .syntax, "unexpected character \"@\" (column 3)"),
            ("a & b", .syntax, "unexpected character \"&\" (column 3)"),
            ("a = b", .syntax, "unexpected \"=\" (column 3)"),
            ("\"abc", .syntax, "the string has no end (column 1)"),
            ("\"a\\qb\"", .syntax, "the string has an escape that does not exist: \\q (column 1)"),
            ("1 /* x", .syntax, "the comment has no end (column 3)"),
            ("12x", .syntax, "\"12x\" is no number (column 1)"),
            ("1e", .syntax, "\"1e\" is no number, or too large (column 1)"),
            ("1e999", .syntax, "\"1e999\" is no number, or too large (column 1)"),
            ("9223372036854775808", .syntax, "\"9223372036854775808\" is no integer, or too large (column 1)"),
            ("a ?? b + 1", .syntax, "\"+\" and ?? cannot be mixed; put one in parentheses (column 8)"),
            ("a not b", .syntax, "unexpected \"not\" (column 3)"),
            ("let a = 1; a", .syntax, "\"a\" is a trigger already, take another name (column 5)"),
            ("let max = 1; a", .syntax, "\"max\" is a function already, take another name (column 5)"),
            ("let x = 1; let x = 2; x", .syntax, "\"x\" is a variable already, take another name (column 16)"),
            ("# > 1 ? 1 : 2", .syntax, "# and .field mean an item, so they stand inside {…} only (column 1)"),
            ("count([1], # > 0; true)", .syntax, "unexpected \";\", expected \")\" (column 17)"),
            (
                "any([1])", .syntax,
                "unexpected \")\", expected what any does with each item, such as {# > 1} (column 8)"
            ),
            (
                "{5.5: 1}.x", .syntax,
                "unexpected 5.5, expected a key: a name, a string, an integer, or an expression in parentheses (column 2)"
            ),
            ("if a > 1 { 2 }", .syntax, "the formula ends too early, expected \"else\" (column 15)"),
            ("queue + b", .unknownName, "unknown name \"queue\"; names here are those of the triggers (column 1)"),
            ("a + zeroo", .unknownName, "unknown name \"zeroo\", did you mean \"zero\"? (column 5)"),
            (
                "my-trigger + 1", .unknownName,
                "unknown name \"my\"; the trigger \"my-trigger\" is written $env[\"my-trigger\"], since its name is no identifier (column 1)"
            ),
            ("$env[\"zer\"]", .unknownName, "unknown name \"zer\", did you mean \"zero\"? (column 5)"),
            ("maxx(a, b)", .unknownName, "unknown function \"maxx\", did you mean max? (column 1)"),
            ("frobnicate(a)", .unknownName, "unknown function \"frobnicate\" (column 1)"),
            ("max + 1", .unknownName, "max is a function, write max(…) (column 1)"),
            ("filter([1], #acc > 1)", .unknownName, "#acc does not exist in filter, there is # (column 13)"),
            ("map([1], #acc)", .unknownName, "#acc does not exist in map, there is #, #index (column 10)"),
            ("a > 1", .mismatchedTypes, "the formula gives bool, not a number; write it as … ? 1 : 0 (column 1)"),
            ("nil", .mismatchedTypes, "the formula gives nil, not a number (column 1)"),
            ("[a]", .mismatchedTypes, "the formula gives array, not a number (column 1)"),
            (
                "a % 2", .mismatchedTypes,
                "% does not work on float and int; triggers are float, write int(…) around them (column 3)"
            ),
            ("a + true", .mismatchedTypes, "+ does not work on float and bool (column 3)"),
            ("a + \"x\"", .mismatchedTypes, "+ does not work on float and string (column 3)"),
            ("a and b", .mismatchedTypes, "&& does not work on float and float (column 3)"),
            ("a == \"x\" ? 1 : 2", .mismatchedTypes, "== does not work on float and string (column 3)"),
            ("a < \"x\" ? 1 : 2", .mismatchedTypes, "< does not work on float and string (column 3)"),
            ("a contains \"x\" ? 1 : 2", .mismatchedTypes, "contains does not work on float and string (column 3)"),
            ("a in \"x\" ? 1 : 2", .mismatchedTypes, "in does not work on float and string (column 3)"),
            ("\"x\" in [1] ? 1 : 2", .mismatchedTypes, "in does not work on string and array (column 5)"),
            ("len(1.5..2)", .mismatchedTypes, ".. does not work on float and int (column 8)"),
            ("not a ? 1 : 2", .mismatchedTypes, "not needs a bool, not float (column 1)"),
            ("-\"x\"", .mismatchedTypes, "a sign needs a number, not string (column 1)"),
            ("a ? 1 : 2", .mismatchedTypes, "the condition is no bool but float (column 1)"),
            ("a.x", .mismatchedTypes, "float has no fields such as \"x\" (column 3)"),
            ("a[0]", .mismatchedTypes, "float has no items (column 2)"),
            ("a[0:1]", .mismatchedTypes, "float has no parts (column 2)"),
            ("[1][\"x\"]", .mismatchedTypes, "an array's items are chosen by int, not string (column 4)"),
            ("[1][a]", .mismatchedTypes, "an array's items are chosen by int, not float (column 4)"),
            ("{x: 1}[0]", .mismatchedTypes, "a map's values are chosen by string, not int (column 7)"),
            ("len([1][a:])", .mismatchedTypes, "a part's bounds are int, not float (column 9)"),
            ("a(1)", .mismatchedTypes, "\"a\" is a value, it cannot be called (column 1)"),
            ("abs(true)", .mismatchedTypes, "abs takes a number, not bool (column 1)"),
            ("abs(1, 2)", .mismatchedTypes, "abs takes 1 arguments, not 2 (column 1)"),
            ("max()", .mismatchedTypes, "max takes at least 1 arguments, not 0 (column 1)"),
            ("max(a, true)", .mismatchedTypes, "max takes numbers or arrays as argument 2, not bool (column 1)"),
            ("len(split(\"x\"))", .mismatchedTypes, "split takes 2 to 3 arguments, not 1 (column 5)"),
            ("sum(a)", .mismatchedTypes, "sum takes an array, not float (column 1)"),
            ("count([1], #)", .mismatchedTypes, "what count does with each item gives int, not bool (column 1)"),
            (
                "sortBy([1], #, 3)[0]", .mismatchedTypes,
                "the order of sortBy is \"asc\" or \"desc\", not int (column 1)"
            ),
            ("now()", .unsupported, "now: formulas do not have this function of expr (column 1)"),
            ("\"a\" matches \"b\" ? 1 : 2", .unsupported, "matches: formulas have no regular expressions (column 5)"),
            ("a.Abs()", .unsupported, "\"Abs\": formulas have no methods (column 3)"),
            ("a / zero", .result, "the formula divides by zero (column 3)"),
            ("zero / zero", .result, "the formula divides by zero (column 6)"),
            ("1 + a / (b - 10)", .result, "the formula divides by zero (column 7)"),
            ("b ** 400", .result, "the formula gives no number but infinity"),
            ("(-1) ** 0.5", .result, "the formula gives no number but NaN"),
            ("5 % 0", .evaluation, "5 % 0 is a division by zero (column 3)"),
            ("9223372036854775807 + 1", .evaluation, "9223372036854775807 + 1 is too large for an int (column 21)"),
            ("-9223372036854775807 - 2", .evaluation, "-9223372036854775807 - 2 is too large for an int (column 22)"),
            ("9223372036854775807 * 2", .evaluation, "9223372036854775807 * 2 is too large for an int (column 21)"),
            ("-(-9223372036854775807 - 1)", .evaluation, "-(-9223372036854775808) is too large for an int (column 1)"),
            ("gone", .evaluation, "expected a number, not nil (column 1)"),
            (
                "gone + 1", .evaluation,
                "+ does not work on nil and int; say what counts instead of nil, such as (a ?? 0) (column 6)"
            ),
            ("a > 1 ? true : 1", .evaluation, "expected a number, not bool (column 7)"),
        ] as [(String, FormulaError.Code, String)]
    )
    func `errors say what is wrong and where`(text: String, code: FormulaError.Code, description: String) throws {
        let error = try #require(Formulas.error(text))
        #expect(error.code == code)
        #expect(error.description == description)
    }

    @Test func `a division by zero that does not reach the result does no harm`() throws {
        #expect(try Formulas.value("min(10, a / zero)") == 10)
        #expect(try Formulas.value("zero > 0 ? a / zero : 0") == 0)
        #expect(try Formulas.value("1 / (a / zero)") == 0)
    }

    @Test func `an error is one line however the formula is written`() throws {
        for text in [
            "\"a\nb", "a\u{0}b", "`\n` + 1", "{\"\n\": 1}.x.\n", "$env[\"\n\"]", String(repeating: "x", count: 500),
        ] {
            let error = try #require(Formulas.error(text))
            #expect(!error.description.contains { $0.isNewline || $0 == "\0" })
            #expect(error.description.count < 200)
        }
    }
}
