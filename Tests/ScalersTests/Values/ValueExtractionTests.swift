import KubeModel
import Testing

@testable import Scalers

@Suite struct ValueExtractionTests {
    @Test(arguments: [
        (NumberKind.decimal, "5", 5.0), (.decimal, "+5.", 5), (.decimal, ".5e1x", 5), (.decimal, "1e", 1),
        (.decimal, "12abc", 12), (.decimal, "\t\n 3", 3), (.decimal, "0x10", 0), (.whole, "12.9", 12),
        (.whole, "-7 up", -7),
        (.quantity, "250m", 0.25), (.quantity, " 1Gi\n", 1_073_741_824), (.quantity, "3", 3),
    ])
    func `a text begins with its number; a quantity is all of it`(kind: NumberKind, text: String, value: Double) throws
    {
        #expect(try ValueExtraction(.number, as: kind).number(in: text) == value)
    }

    @Test(arguments: [
        (NumberKind.decimal, ""), (.decimal, "NaN"), (.decimal, "inf"), (.decimal, "1e999"), (.decimal, "."),
        (.decimal, "x5"), (.whole, ".5"), (.whole, "9223372036854775808"), (.quantity, "5 jobs"), (.quantity, ""),
        (.quantity, "1e999"),
    ])
    func `a text without a finite number is an error`(kind: NumberKind, text: String) {
        #expect(throws: ValueProblem.self) { try ValueExtraction(.number, as: kind).number(in: text) }
    }

    @Test(arguments: [
        (NumberKind.decimal, "5.5", 5.5), (.decimal, #""500m""#, 0.5), (.decimal, #""1e3""#, 1000), (.whole, "5.9", 5),
        (.whole, "-5.9", -5), (.whole, "7", 7), (.quantity, "5.5", 5.5), (.quantity, #""2k""#, 2000),
    ])
    func `a value in JSON is a number or a quantity`(kind: NumberKind, json: String, value: Double) throws {
        let extraction = ValueExtraction(.json(try GJSONPath("v")), as: kind)
        #expect(try extraction.number(in: #"{"v":\#(json)}"#) == value)
    }

    @Test(arguments: [
        (NumberKind.decimal, "null", "null"), (.decimal, "true", "truth"), (.decimal, "[1]", "add .#"),
        (.decimal, "{}", "object"), (.decimal, #""""#, "quantity"), (.decimal, #""many""#, "quantity"),
        (.whole, #""5""#, "text"), (.whole, "1e300", "64 bits"), (.quantity, "[]", "list"),
    ])
    func `another value in JSON is an error that says what it is`(kind: NumberKind, json: String, message: String)
        throws
    {
        let extraction = ValueExtraction(.json(try GJSONPath("v")), as: kind)
        let error = #expect(throws: ValueProblem.self) { try extraction.number(in: #"{"v":\#(json)}"#) }
        #expect(error?.message.contains(message) == true && error?.message.contains("path \"v\"") == true)
    }

    @Test(arguments: [
        ("v: 5", 5.0), ("v: -1.5e1", -15), ("v: 0x1F", 31), ("v: 0o17", 15), ("v: \"6\"", 6), ("v: '7 jobs'", 7),
        ("v: 8 # eight", 8), ("{\"v\": 9}", 9), ("---\nv: 10\n---\nv: 11\n", 10), ("v: |\n  12\n", 12),
        ("# a & b, c * d\nv: 13", 13),
    ])
    func `a value in YAML is a number or a text that begins with one`(text: String, value: Double) throws {
        let extraction = ValueExtraction(.yaml(try DottedPath("v")), as: .decimal)
        #expect(try extraction.number(in: text) == value)
    }

    @Test(arguments: [
        ("v: .nan", "not a finite number"), ("v: -.inf", "not a finite number"), ("v: 1e999", "not a finite number"),
        ("v: true", "truth"), ("v: ~", "null"), ("v:", "null"), ("v: many", "begin with a number"),
        ("v: [1]", "not found"), ("v: {a: 1}", "not found"), ("w: 1", "not found"), ("- 1", "not a YAML object"),
        ("", "not a YAML object"), ("v: 1\nv: 2", "not a YAML object"), ("\tv: 1", "not a YAML object"),
        ("a: &x 1\nv: *x", "aliases"), (String(repeating: "[", count: 100_000), "not a YAML object"),
    ])
    func `another value in YAML is an error`(text: String, message: String) throws {
        let extraction = ValueExtraction(.yaml(try DottedPath("v")), as: .decimal)
        let error = #expect(throws: ValueProblem.self) { try extraction.number(in: text) }
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("a.b.c", 1.0), ("a.list.1", 20), ("a.list.2.d", 3), ("a.7", 8), ("a.b.x-y_z", 4),
    ])
    func `a dotted path leads through keys and indexes`(path: String, value: Double) throws {
        let text = "a:\n  b: {c: 1, x-y_z: 4}\n  list: [10, 20, {d: 3}]\n  7: 8\n"
        #expect(try ValueExtraction(.yaml(DottedPath(path)), as: .decimal).number(in: text) == value)
    }

    @Test(arguments: ["a.b.c.d", "a.list.3", "a.list.01", "a.list.-1", "a.list", "b"])
    func `a dotted path may lead nowhere`(path: String) throws {
        let text = "a:\n  b: {c: 1}\n  list: [10, 20, 30]\n"
        let extraction = ValueExtraction(.yaml(try DottedPath(path)), as: .decimal)
        #expect(throws: ValueProblem.self) { try extraction.number(in: text) }
    }
}
