import KubeModel
import Testing

@Suite struct JSONValueTests {
    @Test(
        arguments: [
            ("null", .null), ("true", true), ("false", false), ("0", 0), ("1", 1), ("-7", -7), ("1.5", 1.5),
            ("9223372036854775807", .integer(.max)), ("1e300", .number(1e300)), (#""""#, ""), (#""1""#, "1"),
            (#""true""#, "true"),
            ("[]", []), ("{}", [:]), (#"[null,1,"a",[{}]]"#, [nil, 1, "a", [[:]]]),
            (#"{"a":{"b":[1]},"c":null}"#, ["a": ["b": [1]], "c": nil]),
        ] as [(String, JSONValue)]
    )
    func `JSON goes both ways`(text: String, value: JSONValue) throws {
        #expect(try KubeJSON.decode(JSONValue.self, from: Array(text.utf8)) == value)
        #expect(try KubeJSON.decode(JSONValue.self, from: KubeJSON.encode(value)) == value)
    }

    @Test(arguments: ["", "{", "nul", "{'a':1}", "[1,]x"])
    func `what is no JSON is refused`(text: String) {
        #expect(throws: (any Error).self) { try KubeJSON.decode(JSONValue.self, from: Array(text.utf8)) }
    }

    @Test func `deep values are read, set and removed`() {
        var value: JSONValue = ["spec": ["replicas": 3], "text": "x"]
        #expect(value[path: "spec", "replicas"]?.integer == 3)
        #expect(value[path: "spec", "none", "deeper"] == nil)
        #expect(value[path: "text", "deeper"] == nil)
        value[path: "status", "conditions", "ready"] = true
        #expect(value[path: "status", "conditions", "ready"]?.bool == true)
        value[path: "spec", "replicas"] = JSONValue?.none
        #expect(value["spec"] == [:])
        value["spec"] = .null
        #expect(value["spec"] == .null)
    }

    @Test(
        arguments: [(.integer(3), 3, 3.0), (.number(3.0), 3, 3.0), (.number(2.5), nil, 2.5), ("3", nil, nil)]
            as [(JSONValue, Int64?, Double?)]
    )
    func `numbers are whole or not`(value: JSONValue, integer: Int64?, double: Double?) {
        #expect(value.integer == integer)
        #expect(value.double == double)
    }

    @Test func `equal values give equal bytes, with slashes as they are`() throws {
        let value: JSONValue = ["b": 1, "a": "x/y", "c": [true]]
        #expect(String(decoding: try KubeJSON.encode(value), as: UTF8.self) == #"{"a":"x/y","b":1,"c":[true]}"#)
    }
}
