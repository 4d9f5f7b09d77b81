import Foundation
import KubeModel
import Testing

/// Our writer against Foundation's.
@Suite struct JSONWriterTests {
    @Test(
        arguments: [
            nil, true, false, 0, -7, 9_223_372_036_854_775_807, -9_223_372_036_854_775_808, 0.5, -1.5e-3, 1e300, 2.5e19,
            1e20,
            1e-300, "", "web", "a/b", "say \"hi\"\\", "\u{0}\u{1}\u{8}\t\n\u{B}\u{C}\r\u{1F}\u{7F}", "é€😀\u{2028}", [],
            [:],
            [1, [nil, ["x"]], [:]],
            ["b": 1, "a": ["d": [], "c": nil], "B": true, "": "", "é": 1, "a.b": 2, "a/b": 3, "e\u{301}": 4, "f": 5],
        ] as [JSONValue]
    )
    func `values are written as Foundation writes them, and read again`(value: JSONValue) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let written = try KubeJSON.encode(value)
        #expect(String(decoding: written, as: UTF8.self) == String(decoding: try encoder.encode(value), as: UTF8.self))
        #expect(try JSONValue(parsing: written) == value)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `a number that JSON cannot say is refused`(number: Double) {
        #expect(throws: EncodingError.self) { try KubeJSON.encode(["a": [.number(number)]] as JSONValue) }
    }
}
