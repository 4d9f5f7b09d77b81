/// Reads of a JSON text what somebody wants of it, value by value; the rest is only checked.
///
/// For answers that come by the hundred each second, of which a number is wanted: ``JSONValue/init(parsing:)`` holds to the
/// same rules, and makes everything.
///
/// Expected flow: ``read(_:_:)``, and within each body exactly one of the methods for each value.
public struct JSONReader {
    /// Walks over the bytes.
    private var parser: JSONParser
    /// In how many lists and objects we are.
    private var depth = 0

    /// Reads a text.
    ///
    /// - Parameters:
    ///   - bytes: in UTF-8.
    ///   - body: reads its one value.
    /// - Throws: ``JSONSyntaxError``, also for what follows the value.
    public static func read(
        _ bytes: [UInt8],
        _ body: (inout JSONReader) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) {
        var reader = JSONReader(parser: JSONParser(bytes))
        reader.parser.begin()
        try body(&reader)
        try reader.parser.end()
    }

    /// Reads a text; `nil` for a value that is none, which is passed over.
    public mutating func string() throws(JSONSyntaxError) -> String? {
        parser.skipSpace()
        if parser.next == UInt8(ascii: "\"") { return try parser.text() }
        try skip()
        return nil
    }

    /// Whether the value is `null`; any is passed over.
    public mutating func isNull() throws(JSONSyntaxError) -> Bool {
        parser.skipSpace()
        // Of all values only this one begins so.
        let isNull = parser.next == UInt8(ascii: "n")
        try skip()
        return isNull
    }

    /// Whether the value that comes next is a text.
    public mutating func isString() -> Bool {
        parser.skipSpace()
        return parser.next == UInt8(ascii: "\"")
    }

    /// Reads an object.
    ///
    /// - Parameter member: is given each key, of equal ones too, and reads its value.
    /// - Returns: whether the value is an object; any other is passed over.
    /// - Throws: ``JSONSyntaxError``.
    @discardableResult
    public mutating func object(
        _ member: (_ key: String, inout JSONReader) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) -> Bool {
        parser.skipSpace()
        guard parser.next == UInt8(ascii: "{") else {
            try skip()
            return false
        }
        try enter()
        if !parser.take(UInt8(ascii: "}")) {
            repeat {
                try member(try parser.key(), &self)
            } while parser.take(UInt8(ascii: ","))
            guard parser.take(UInt8(ascii: "}")) else { throw parser.failure(.commaOrBrace) }
        }
        depth -= 1
        return true
    }

    /// Reads a list.
    ///
    /// - Parameter element: is given each place, and reads what stands there.
    /// - Returns: how many elements there are; `nil` for a value that is no list, which is passed over.
    /// - Throws: ``JSONSyntaxError``.
    @discardableResult
    public mutating func array(
        _ element: (_ place: Int, inout JSONReader) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) -> Int? {
        parser.skipSpace()
        guard parser.next == UInt8(ascii: "[") else {
            try skip()
            return nil
        }
        try enter()
        var count = 0
        if !parser.take(UInt8(ascii: "]")) {
            repeat {
                try element(count, &self)
                count += 1
            } while parser.take(UInt8(ascii: ","))
            guard parser.take(UInt8(ascii: "]")) else { throw parser.failure(.commaOrBracket) }
        }
        depth -= 1
        return count
    }

    /// Passes over a value.
    public mutating func skip() throws(JSONSyntaxError) {
        parser.skipSpace()
        switch parser.next {
        case UInt8(ascii: "{"): try object { _, value throws(JSONSyntaxError) in try value.skip() }
        case UInt8(ascii: "["): try array { _, value throws(JSONSyntaxError) in try value.skip() }
        default: _ = try parser.value(depth: depth)
        }
    }

    /// Goes into a list or an object, past its bracket.
    private mutating func enter() throws(JSONSyntaxError) {
        depth += 1
        guard depth <= JSONValue.depthLimit else { throw parser.failure(.shallower) }
        parser.skip(1)
    }
}
