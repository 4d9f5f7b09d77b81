import Scaling
import Testing

/// Every function, mostly with the examples of expr's language definition.
@Suite struct FormulaFunctionTests {
    @Test(arguments: [
        "all([1, 2], # > 0)", "not all([1, 2], # > 1)", "all([], false)", "none([1, 2], # > 2)", "none([], true)",
        "any([1, 2], # > 1)", "not any([], true)", "one([1, 2], # > 1)", "not one([1, 2], # > 0)",
        "filter([1, 2, 3], # > 1) == [2, 3]", "map([1, 2], # + 1) == [2, 3]", "count([1, 2, 3], # > 1) == 2",
        "count([true, false, true]) == 2", "sum([1, 2, 3]) == 6", "sum([]) == 0", "sum([1, 2], # * 10) == 30",
        "sum([0.5, 1]) == 1.5", "find([1, 2, 3, 4], # > 2) == 3", "find([1], # > 2) == nil",
        "findIndex([1, 2, 3, 4], # > 2) == 2", "findIndex([1], # > 2) == nil", "findLast([1, 2, 3, 4], # > 2) == 4",
        "findLastIndex([1, 2, 3, 4], # > 2) == 3", "sortBy([{n: 2}, {n: 1}], .n) == [{n: 1}, {n: 2}]",
        "sortBy([1, 3, 2], #, \"desc\") == [3, 2, 1]", "reduce(1..9, #acc + #) == 45",
        "reduce(1..9, #acc + #, 10) == 55",
        "reduce([7], #acc + #index, 0) == 0", "reduce([], #acc, 3) == 3",
        "abs(-5) == 5", "abs(-5.5) == 5.5", "abs(3) == 3", "ceil(1.5) == 2.0", "floor(1.5) == 1.0", "round(1.5) == 2.0",
        "round(-1.5) == -2.0", "ceil(2) == 2", "type(ceil(2)) == \"float\"", "int(\"123\") == 123", "int(1.9) == 1",
        "int(-1.9) == -1", "float(\"123.45\") == 123.45", "type(float(1)) == \"float\"",
        "max(5, 7) == 7", "max([1, 5], 2) == 5", "max(1, [2, [9]], 3) == 9", "type(max(1, 2)) == \"int\"",
        "min(5, 7) == 5", "min([4, 2]) == 2", "max([]) == nil", "mean([1, 2, 3]) == 2.0", "mean(1, 2) == 1.5",
        "mean([]) == 0",
        "median([1, 2, 3]) == 2.0", "median([4, 1, 3, 2]) == 2.5", "median([]) == 0", "median(5) == 5",
        "bitand(0b1010, 0b1100) == 0b1000", "bitor(0b1010, 0b1100) == 0b1110", "bitxor(0b1010, 0b1100) == 0b110",
        "bitnand(0b1010, 0b1100) == 0b10", "bitshl(5, 2) == 20", "bitshr(20, 2) == 5", "bitushr(-5, 62) == 3",
        "bitnot(10) == -11", "bitshl(1, 200) == 0",
        "len([1, 2, 3]) == 3", "len({a: 1}) == 1", "len(\"Hello\") == 5", "len(\"größe\") == 5", "first([1, 2]) == 1",
        "first([]) == nil", "last([1, 2]) == 2", "last([]) == nil", "get([1, 2, 3], 1) == 2", "get([1], 7) == nil",
        "get({name: \"John\"}, \"name\") == \"John\"", "get({}, \"x\") == nil", "take([1, 2, 3, 4], 2) == [1, 2]",
        "take([1], 5) == [1]", "reverse([3, 1, 4]) == [4, 1, 3]", "uniq([1, 2, 3, 2, 1]) == [1, 2, 3]",
        "uniq([1, 1.0]) == [1]",
        "concat([1, 2], [3, 4], []) == [1, 2, 3, 4]", "flatten([1, 2, [3, [4]]]) == [1, 2, 3, 4]",
        "sort([3, 1, 4]) == [1, 3, 4]", "sort([3, 1, 4], \"desc\") == [4, 3, 1]",
        "sort([\"b\", \"a\"]) == [\"a\", \"b\"]",
        "keys({name: \"John\", age: 30}) == [\"age\", \"name\"]", "values({b: 1, a: 2}) == [2, 1]",
        "string(123) == \"123\"", "string(1.0) == \"1\"", "string(1.5) == \"1.5\"",
        "string([1, nil, {x: true}]) == \"[1 <nil> map[x:true]]\"",
        "type(42) == \"int\"", "type(\"hello\") == \"string\"", "type(nil) == \"nil\"", "type(a) == \"float\"",
        "type([]) == \"array\"", "type({}) == \"map\"", "type(true) == \"bool\"",
        "trim(\"  Hello  \") == \"Hello\"", "trim(\"__Hello__\", \"_\") == \"Hello\"", "trim(\"__\", \"_\") == \"\"",
        "trimPrefix(\"HelloWorld\", \"Hello\") == \"World\"", "trimPrefix(\" x\") == \"x\"",
        "trimSuffix(\"HelloWorld\", \"World\") == \"Hello\"", "trimSuffix(\"x\", \"y\") == \"x\"",
        "upper(\"hello\") == \"HELLO\"", "lower(\"HELLO\") == \"hello\"",
        "split(\"apple,orange,grape\", \",\") == [\"apple\", \"orange\", \"grape\"]",
        "split(\"apple,orange,grape\", \",\", 2) == [\"apple\", \"orange,grape\"]",
        "split(\"abc\", \"\") == [\"a\", \"b\", \"c\"]",
        "split(\"a\", \",\", 0) == []", "split(\"\", \",\") == [\"\"]",
        "splitAfter(\"apple,orange,grape\", \",\") == [\"apple,\", \"orange,\", \"grape\"]",
        "splitAfter(\"apple,orange,grape\", \",\", 2) == [\"apple,\", \"orange,grape\"]",
        "replace(\"Hello World\", \"World\", \"Universe\") == \"Hello Universe\"",
        "replace(\"aaa\", \"a\", \"b\", 2) == \"bba\"",
        "replace(\"ab\", \"\", \"-\") == \"-a-b-\"", "repeat(\"Hi\", 3) == \"HiHiHi\"", "repeat(\"\", 3) == \"\"",
        "join([\"apple\", \"orange\", \"grape\"], \",\") == \"apple,orange,grape\"", "join([\"a\", \"b\"]) == \"ab\"",
        "indexOf(\"apple pie\", \"pie\") == 6", "indexOf(\"x\", \"y\") == -1",
        "lastIndexOf(\"apple pie apple\", \"apple\") == 10", "lastIndexOf(\"aaa\", \"aa\") == 1",
        "hasPrefix(\"HelloWorld\", \"Hello\") == true", "hasSuffix(\"HelloWorld\", \"World\") == true",
    ])
    func `functions do what expr says`(text: String) throws {
        #expect(try Formulas.holds(text))
    }

    @Test(arguments: [
        ("int(\"x\") + 0", "\"x\" is no integer"), ("float(\"x\") + 0", "\"x\" is no number"),
        ("int(1e300)", "1e+300 does not fit an int"),
        ("reduce([], #acc)", "reduce has neither items nor a value to start with"),
        ("take([1], -1)[0]", "-1 items cannot be taken"), ("sum([1, \"x\"])", "+ does not work on int and string"),
        ("max([true])", "expected a number, not bool"),
        ("sort([1, \"x\"])[0]", "only numbers or only strings can be sorted"),
        ("sort([1], \"up\")[0]", "the order of sorting is \"asc\" or \"desc\""),
        ("bitshl(1, -1)", "bits cannot be moved by -1 places"),
        ("len(repeat(\"x\", -1))", "nothing can be repeated -1 times"),
        ("len(concat([1], get([1, \"x\"], 5)))", "concat takes arrays, not nil"),
        ("len(get([1, \"x\"], 5))", "len does not take nil"), ("len(join([1]))", "expected a string, not int"),
        ("count([1])", "expected a bool, not int"), ("[1, 2][2]", "there is no item 2 in an array of 2"),
        ("[a][-2]", "there is no item -2 in an array of 1"),
        (
            "[nil, 1][0] + 1",
            "+ does not work on nil and int; say what counts instead of nil, such as (a ?? 0)"
        ),
    ])
    func `what functions refuse while they run is said`(text: String, message: String) {
        #expect(Formulas.error(text)?.code == .evaluation)
        #expect(Formulas.error(text)?.message == message)
    }
}
