import KubeModel
import Testing

@Suite struct JSONParserTests {
    /// Lists in lists.
    static func nested(_ depth: Int, _ inner: String = "") -> [UInt8] {
        Array((String(repeating: "[", count: depth) + inner + String(repeating: "]", count: depth)).utf8)
    }

    @Test(
        arguments: [
            (" \t\r\n null \n", nil), ("\u{FEFF}true", true), ("[ ]", []), ("{ }", [:]),
            ("[false , [ ] ]", [false, []]),
            ("0", 0), ("-0", 0), ("-12", -12), ("1.0", 1), ("1e2", 100), ("1E+2", 100), ("-0.0", 0), ("1.5e1", 15),
            ("-1.5e-3", -0.0015), ("0.30000000000000004", 0.30000000000000004), ("2e-324", 0),
            ("5e-324", .number(.leastNonzeroMagnitude)),
            ("1e19", 1e19), ("1.7976931348623157e308", 1.7976931348623157e308),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", 9_223_372_036_854_775_808.0),
            ("-9223372036854775809", -9_223_372_036_854_775_809.0),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0000\u00e9\u20AC""#, "\0\u{E9}\u{20AC}"),
            (#""\ud83d\uDE00""#, "\u{1F600}"), ("\"\u{1F600}\u{7F}\u{2028}\"", "\u{1F600}\u{7F}\u{2028}"),
            (#""a\tb\tc""#, "a\tb\tc"),
            (#"{"a":1,"b":{"a":null},"a":2}"#, ["a": 2, "b": ["a": nil]]), (#"{"a":1,"\u0061":2}"#, ["a": 2]),
            (#"{"":""}"#, ["": ""]),
        ] as [(String, JSONValue)]
    )
    func `JSON is read as what it says`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == value)
        try JSONReader.read(Array(text.utf8)) { reader throws(JSONSyntaxError) in try reader.skip() }
    }

    @Test(
        arguments: [
            ("", 0, .value), (" ", 1, .value), ("\u{FEFF}", 3, .value), ("\u{FEFF}\u{FEFF}1", 3, .value),
            (" \u{FEFF}1", 1, .value), ("\u{A0}1", 0, .value), ("// x\n1", 0, .value), ("nul", 0, .value),
            ("True", 0, .value), ("NaN", 0, .value), ("-Infinity", 1, .digit), ("+1", 0, .value), (".5", 0, .value),
            ("-", 1, .digit), ("1.", 2, .digit), ("1.e1", 2, .digit), ("1e", 2, .digit), ("1e+", 3, .digit),
            ("01", 1, .end), ("-01", 2, .end), ("0x1", 1, .end), ("1_0", 1, .end), ("1 2", 2, .end), ("1\0", 1, .end),
            ("nulll", 4, .end), ("{}}", 2, .end), ("1e999", 0, .finiteNumber), ("[-1e999]", 1, .finiteNumber),
            ("[", 1, .value), ("[,1]", 1, .value), ("[1,]", 3, .value), ("[1 2]", 3, .commaOrBracket),
            ("[1", 2, .commaOrBracket), ("[1}", 2, .commaOrBracket), ("{", 1, .key), ("{]", 1, .key),
            ("{1:2}", 1, .key), ("{a:1}", 1, .key), ("{'a':1}", 1, .key), (#"{"a":1,}"#, 7, .key),
            (#"{"a"}"#, 4, .colon), (#"{"a" 1}"#, 5, .colon), (#"{"a":}"#, 5, .value),
            (#"{"a":1"#, 6, .commaOrBrace), (#"{"a":1]"#, 6, .commaOrBrace), ("\"", 1, .quote), (#""\""#, 3, .quote),
            (#""a"#, 2, .quote), ("\"a\tb\"", 2, .escapedControl), ("\"\0\"", 1, .escapedControl),
            (#""\x""#, 2, .escape), (#""\"#, 2, .escape), (#""\U0041""#, 2, .escape), (#""\u12""#, 5, .hexDigits),
            (#""\u00g0""#, 5, .hexDigits), (#""\u"#, 3, .hexDigits), (#""\ud83d""#, 1, .surrogatePair),
            (#""\ude00\ud83d""#, 1, .surrogatePair), (#""\ud83d\u0041""#, 1, .surrogatePair),
            (#""\ud83d\n""#, 1, .surrogatePair), (#""\ud83d\u""#, 9, .hexDigits),
        ] as [(String, Int, JSONSyntaxError.Expectation)]
    )
    func `what is no JSON is refused where it stops being some`(
        text: String,
        offset: Int,
        expected: JSONSyntaxError.Expectation
    ) {
        #expect(throws: JSONSyntaxError(offset: offset, expected: expected)) {
            try JSONValue(parsing: Array(text.utf8))
        }
        #expect(throws: JSONSyntaxError(offset: offset, expected: expected), "passed over, it is refused as well") {
            try JSONReader.read(Array(text.utf8)) { reader throws(JSONSyntaxError) in try reader.skip() }
        }
    }

    @Test(arguments: [
        [0xFF], [0x80], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
        [0xE2, 0x82] + Array(#"\u00ac"#.utf8),
    ])
    func `texts and keys are valid UTF-8`(bytes: [UInt8]) {
        let text = Array(#"{"a":""#.utf8) + bytes + Array(#""}"#.utf8)
        #expect(throws: JSONSyntaxError(offset: 6, expected: .utf8)) { try JSONValue(parsing: text) }
        let key = Array(#"{""#.utf8) + bytes + Array(#"":1}"#.utf8)
        #expect(throws: JSONSyntaxError(offset: 2, expected: .utf8)) { try JSONValue(parsing: key) }
    }

    @Test(arguments: [[0x31, 0], [0, 0x31], [0xFF, 0xFE, 0x31, 0], [0xFE, 0xFF, 0, 0x31]] as [[UInt8]])
    func `other encodings are refused`(bytes: [UInt8]) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes) }
    }

    @Test func `nesting is read to the limit and no deeper`() throws {
        let limit = JSONValue.depthLimit
        var value = try JSONValue(parsing: Self.nested(limit))
        var depth = 1
        while let inner = value.array?.first {
            value = inner
            depth += 1
        }
        #expect(depth == limit)
        let tooDeep = JSONSyntaxError(offset: limit, expected: .shallower)
        for depth in [limit + 1, 10_000, 1_000_000] {
            #expect(throws: tooDeep) { try JSONValue(parsing: Self.nested(depth)) }
            #expect(throws: tooDeep) { try JSONValue(parsing: [UInt8](repeating: UInt8(ascii: "["), count: depth)) }
        }
        let objects = String(repeating: #"{"a":"#, count: limit)
        #expect(throws: JSONSyntaxError(offset: 5 * limit, expected: .shallower)) {
            try JSONValue(parsing: Array((objects + "{}").utf8))
        }
        // What lies side by side is not deep.
        #expect(try JSONValue(parsing: Array(("[" + String(repeating: "[],", count: limit) + "1]").utf8)).array != nil)
    }

    @Test func `long lists, objects and texts are read whole, even deep inside`() throws {
        let numbers = "0" + (1..<100_000).map { ",\($0)" }.joined()
        let list = JSONValue.array((0..<100_000).map { .integer($0) })
        #expect(try JSONValue(parsing: Self.nested(1, numbers)) == list)
        let deep = try JSONValue(parsing: Self.nested(JSONValue.depthLimit, numbers))
        #expect((1..<JSONValue.depthLimit).reduce(deep) { value, _ in value.array?.first ?? nil } == list)
        let members = (0..<50_000).map { #""k\#($0)":\#($0)"# }.joined(separator: ",")
        #expect(try JSONValue(parsing: Array("{\(members)}".utf8)).object?["k49999"] == 49_999)
        let text = String(repeating: "\u{E9}\n", count: 100_000)
        #expect(try JSONValue(parsing: KubeJSON.encode(text)) == .string(text))
    }

    @Test func `callers that are generic themselves read the same way`() throws {
        func decode<Value: Decodable>(_ text: String) throws -> Value {
            try KubeJSON.decode(from: Array(text.utf8))
        }
        let value: JSONValue = try decode(#"{"a":1,"a":2}"#)
        #expect(value == ["a": 2])
        #expect(throws: JSONSyntaxError(offset: 3, expected: .value)) {
            let _: JSONValue = try decode("[1,]")
        }
    }

    @Test func `errors tell the place and quote nothing`() {
        let error = #expect(throws: JSONSyntaxError.self) {
            try JSONValue(parsing: Array(#"{"password":hunter2}"#.utf8))
        }
        #expect(error.map(String.init(describing:)) == "no JSON: expected a value at byte 12")
    }
}
