import Foundation
import KubeModel
import Testing

/// Foundation's decoder, by way of `JSONValue.init(from:)`, against the parser.
@Suite struct JSONAgreementTests {
    /// Texts with some of everything; their keys stay different whatever two edits do to them.
    static let samples = [
        #"{"apiVersion":"v1","items":[{"replicas":3,"ready":true},{"weights":[-1.5e-3,0.25,10]}],"next":null}"#,
        #" [ "a\"\\\/\b\n\u00e9\ud83d\ude00", {"é€😀" : [ ] , "empty" : { }}, false, -0, 12.50, 9007199254740991 ] "#,
        #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1.5,"3"]}]}}"#,
        "\u{FEFF}[[[[1]]],[2,[3,[null]]]]\r\n", "-120.5e+01", #""\uD83D\uDE00 x""#, "true",
    ]

    /// Bytes that mean something in JSON, and some that never do.
    static let telling = Array(#"{}[]:,"\/ 0159.eE+-utnaf'"#.utf8) + [0x00, 0x09, 0x0A, 0x1F, 0x7F, 0x80, 0xC3, 0xFF]

    @Test(arguments: samples)
    func `each beginning of a text is judged alike`(sample: String) {
        let bytes = Array(sample.utf8)
        for length in 0...bytes.count { Self.expectAgreement(on: Array(bytes[..<length])) }
    }

    @Test(arguments: samples)
    func `each text with one other byte is judged alike`(sample: String) {
        let bytes = Array(sample.utf8)
        for place in bytes.indices {
            for byte in Self.telling {
                var changed = bytes
                changed[place] = byte
                Self.expectAgreement(on: changed)
                changed.insert(bytes[place], at: place + 1)
                Self.expectAgreement(on: changed)
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64], samples)
    func `texts with several edits are judged alike`(seed: UInt64, sample: String) {
        var random = SplitMix64(state: seed)
        for _ in 0..<500 {
            var bytes = Array(sample.utf8)
            for _ in 0..<Int.random(in: 2...6, using: &random) { Self.edit(&bytes, using: &random) }
            Self.expectAgreement(on: bytes)
        }
    }

    /// Takes a byte out, puts one in, changes one, or makes two change places.
    private static func edit(_ bytes: inout [UInt8], using random: inout SplitMix64) {
        guard let place = bytes.indices.randomElement(using: &random) else { return }
        let byte = telling.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(byte, at: place)
        case 2: bytes[place] = byte
        default: bytes.swapAt(place, Int.random(in: bytes.indices, using: &random))
        }
    }

    /// Both read the same value, or neither reads one, or Foundation is lenient in a way it is known to be.
    private static func expectAgreement(on bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
        // Why Foundation refuses does not matter here.
        let theirs = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        let text = String(decoding: bytes, as: UTF8.self)
        do throws(JSONSyntaxError) {
            let ours = try JSONValue(parsing: bytes)
            #expect(ours == theirs, "\(text.debugDescription)", sourceLocation: sourceLocation)
        } catch {
            guard theirs != nil, !isLenience(error, on: bytes) else { return }
            Issue.record("refused, \(error): \(text.debugDescription)", sourceLocation: sourceLocation)
        }
    }

    /// Whether Foundation accepts what JSON does not allow: a comma before a closing bracket, NUL, UTF-16 and UTF-32.
    private static func isLenience(_ error: JSONSyntaxError, on bytes: [UInt8]) -> Bool {
        let before = bytes[..<error.offset].last { !Array(" \t\r\n".utf8).contains($0) }
        let isTrailingComma =
            before == UInt8(ascii: ",") && error.offset < bytes.count && Array("]}".utf8).contains(bytes[error.offset])
        return isTrailingComma || bytes.contains(0)
    }
}

/// Numbers that come again with the same seed.
private struct SplitMix64: RandomNumberGenerator {
    /// Where the sequence stands.
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
