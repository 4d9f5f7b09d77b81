import KubeModel
import Testing

@Suite struct JSONReaderTests {
    /// What a text of any kind comes to, put together again by the reader.
    private static func value(_ reader: inout JSONReader) throws(JSONSyntaxError) -> JSONValue {
        if reader.isString() { return .string(try reader.string() ?? "") }
        // Tried one after the other on copies: each passes over what it is not for.
        var copy = reader
        if try copy.isNull() {
            reader = copy
            return nil
        }
        copy = reader
        var elements: [JSONValue] = []
        let count = try copy.array { place, element throws(JSONSyntaxError) in
            #expect(place == elements.count)
            elements.append(try value(&element))
        }
        if let count {
            #expect(count == elements.count)
            reader = copy
            return .array(elements)
        }
        copy = reader
        var members: [String: JSONValue] = [:]
        if try copy.object({ key, member throws(JSONSyntaxError) in members[key] = try value(&member) }) {
            reader = copy
            return .object(members)
        }
        try reader.skip()
        return true
    }

    @Test(
        arguments: [
            ("null", nil), (" true ", true), (#" "a" "#, "a"), ("[]", []), ("{}", [:]),
            (#"[ null, "x" , [true], {"a" : "b", "c": [null]}]"#, [nil, "x", [true], ["a": "b", "c": [nil]]]),
            (#"{"a":"1","a":"2"}"#, ["a": "2"]),
        ] as [(String, JSONValue)]
    )
    func `values are read one by one`(text: String, expected: JSONValue) throws {
        var read: JSONValue?
        try JSONReader.read(Array(text.utf8)) { reader throws(JSONSyntaxError) in read = try Self.value(&reader) }
        #expect(read == expected)
    }

    @Test func `what is wanted as something else is passed over`() throws {
        try JSONReader.read(Array(#"[1, {"a": [2]}, null, "b", [3]]"#.utf8)) { reader throws(JSONSyntaxError) in
            let count = try reader.array { place, value throws(JSONSyntaxError) in
                switch place {
                case 0: #expect(try value.string() == nil)
                case 1: #expect(try value.array { _, inner throws(JSONSyntaxError) in try inner.skip() } == nil)
                case 2: #expect(try !value.object { _, inner throws(JSONSyntaxError) in try inner.skip() })
                case 3: #expect(try !value.isNull())
                default: try value.skip()
                }
            }
            #expect(count == 5)
        }
    }

    @Test func `depth is bounded as for a value that is made`() throws {
        for inside in [true, false] {
            let bytes = JSONParserTests.nested(JSONValue.depthLimit + (inside ? 0 : 1))
            let isRead =
                (try? JSONReader.read(bytes) { reader throws(JSONSyntaxError) in try reader.skip() }) != nil
            #expect(isRead == inside)
        }
    }
}
