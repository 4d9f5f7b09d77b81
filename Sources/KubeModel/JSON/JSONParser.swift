extension JSONValue {
    /// How deep lists and objects may nest in a text.
    ///
    /// Whatever walks a value calls itself once for each level, so that the depth is bounded where values come in.
    /// Kubernetes' own objects stay far below.
    public static let depthLimit = 256

    /// Reads JSON in UTF-8, nothing more lenient; a byte order mark before it is skipped.
    ///
    /// Of equal keys the last one counts, as it does for an API server. A number that is whole becomes an
    /// ``integer(_:)`` if it fits, however it is written; one with a fraction or an exponent is a `Double` first.
    ///
    /// - Throws: ``JSONSyntaxError``.
    /// - Complexity: O(bytes), whatever they are.
    /// - Source: RFC 8259.
    public init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        var parser = JSONParser(bytes)
        self = try parser.document()
    }
}

/// Walks once over the bytes of a JSON text, without a look back.
///
/// Each method that reads begins at ``offset`` and leaves it after what it read.
struct JSONParser {
    /// The text.
    let bytes: [UInt8]
    /// How many bytes are read.
    private(set) var offset = 0

    /// Begins before the first byte.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The one value, with nothing but white space around it.
    mutating func document() throws(JSONSyntaxError) -> JSONValue {
        begin()
        let value = try value(depth: 0)
        try end()
        return value
    }

    /// Passes over a byte order mark.
    mutating func begin() {
        if bytes.starts(with: Self.byteOrderMark) { offset = Self.byteOrderMark.count }
    }

    /// Makes sure that nothing but white space is left.
    mutating func end() throws(JSONSyntaxError) {
        skipSpace()
        guard offset == bytes.count else { throw failure(.end) }
    }

    /// A value inside so many lists and objects.
    mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        skipSpace()
        switch next {
        case UInt8(ascii: "\""):
            return .string(try text())
        case UInt8(ascii: "{"):
            return .object(try members(depth: depth + 1))
        case UInt8(ascii: "["):
            return .array(try elements(depth: depth + 1))
        case let byte where byte == UInt8(ascii: "-") || Self.isDigit(byte):
            return try number()
        default:
            for (word, value) in Self.words where bytes[offset...].starts(with: word.utf8) {
                skip(word.utf8.count)
                return value
            }
            throw failure(.value)
        }
    }

    /// What an object holds.
    private mutating func members(depth: Int) throws(JSONSyntaxError) -> [String: JSONValue] {
        guard depth <= JSONValue.depthLimit else { throw failure(.shallower) }
        skip(1)
        var members: [String: JSONValue] = [:]
        if take(UInt8(ascii: "}")) { return members }
        repeat {
            let key = try key()
            members[key] = try value(depth: depth)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw failure(.commaOrBrace) }
        return members
    }

    /// A key and its colon.
    mutating func key() throws(JSONSyntaxError) -> String {
        skipSpace()
        guard next == UInt8(ascii: "\"") else { throw failure(.key) }
        let key = try text()
        guard take(UInt8(ascii: ":")) else { throw failure(.colon) }
        return key
    }

    /// What a list holds.
    private mutating func elements(depth: Int) throws(JSONSyntaxError) -> [JSONValue] {
        guard depth <= JSONValue.depthLimit else { throw failure(.shallower) }
        skip(1)
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return elements }
        repeat {
            elements.append(try value(depth: depth))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw failure(.commaOrBracket) }
        return elements
    }

    /// The values that are written as a word.
    private static let words: [(String, JSONValue)] = [("true", true), ("false", false), ("null", nil)]

    /// What some editors write before a text in UTF-8.
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}

extension JSONParser {
    /// The byte to read; `nil` at the end.
    var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    /// Passes over bytes that have been looked at.
    mutating func skip(_ count: Int) {
        offset += count
    }

    /// Passes over one byte, if it comes next after white space.
    mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        skip(1)
        return true
    }

    /// Passes over white space.
    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { skip(1) }
    }

    /// What is wrong with the byte that comes next, or with there being none.
    func failure(_ expected: JSONSyntaxError.Expectation) -> JSONSyntaxError {
        JSONSyntaxError(offset: offset, expected: expected)
    }
}
