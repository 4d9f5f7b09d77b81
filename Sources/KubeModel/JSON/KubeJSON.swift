import Foundation

/// How Kubernetes' JSON is read and written here: sorted keys, slashes as they are.
public enum KubeJSON {
    /// Decodes one value; a ``JSONValue`` as ``JSONValue/init(parsing:)`` says.
    ///
    /// - Throws: `DecodingError`; for a ``JSONValue`` ``JSONSyntaxError``.
    /// - Complexity: O(bytes); more for a typed value that holds a ``JSONValue``, see ``JSONValue/init(from:)``.
    public static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from bytes: [UInt8]) throws -> Value {
        // Looked at here, not left to an overload, which callers that are generic themselves would miss.
        if type is JSONValue.Type, let value = try JSONValue(parsing: bytes) as? Value { return value }
        return try JSONDecoder().decode(type, from: Data(bytes))
    }

    /// Encodes one value; equal values give equal bytes; a ``JSONValue`` as ``JSONValue/written()`` says.
    ///
    /// - Throws: `EncodingError`, for a number that JSON cannot say.
    public static func encode(_ value: some Encodable) throws -> [UInt8] {
        if let value = value as? JSONValue { return try value.written() }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(value))
    }

    /// A typed value as plain JSON.
    ///
    /// - Throws: `EncodingError`, for a number that JSON cannot say; ``JSONSyntaxError`` for one nested too deeply.
    public static func value(of value: some Encodable) throws -> JSONValue {
        try decode(from: encode(value))
    }

    /// Plain JSON as a typed value.
    ///
    /// - Throws: `DecodingError`; `EncodingError`, for a number that JSON cannot say.
    public static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from value: JSONValue) throws -> Value
    {
        try decode(from: encode(value))
    }
}
