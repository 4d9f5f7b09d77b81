import Foundation
import KubeModel

/// Reads messages of the protocol buffers wire format into JSON.
///
/// - Source: Protocol Buffers, "Encoding".
struct ProtobufReader {
    /// Why bytes are no message.
    struct Failure: Error, CustomStringConvertible {
        /// What is wrong, without the bytes.
        let description: String
    }

    /// What a field holds on the wire.
    enum Value {
        /// A number of up to 64 bits.
        case number(UInt64)
        /// Anything with a length.
        case bytes(ArraySlice<UInt8>)
    }

    /// What is not read yet.
    private var rest: ArraySlice<UInt8>

    /// Starts at the front.
    init(_ bytes: ArraySlice<UInt8>) {
        self.rest = bytes
    }

    /// The next field and its value; `nil` at the end.
    mutating func next() throws(Failure) -> (number: UInt64, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let tag = try number()
        switch tag & 7 {
        case 0: return (tag >> 3, .number(try number()))
        case 2:
            let length = try number()
            guard length <= UInt64(rest.count) else { throw Failure(description: "a field is longer than the body") }
            let bytes = rest.prefix(Int(length))
            rest = rest.dropFirst(Int(length))
            return (tag >> 3, .bytes(bytes))
        default: throw Failure(description: "wire type \(tag & 7) is not used by Kubernetes")
        }
    }

    /// A number of up to ten bytes.
    private mutating func number() throws(Failure) -> UInt64 {
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while let byte = rest.popFirst(), shift < 64 {
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw Failure(description: "a number is cut off")
    }

    /// A whole message as JSON.
    ///
    /// - Throws: ``Failure``, also for a field that the message is not known to have: dropping it would change what
    ///   the client asked for.
    static func object(_ bytes: ArraySlice<UInt8>, as message: ProtobufMessage) throws(Failure) -> JSONValue {
        var reader = ProtobufReader(bytes)
        var members: [String: JSONValue] = [:]
        while let (number, value) = try reader.next() {
            guard let field = message.fields[number] else {
                throw Failure(
                    description: "field number \(number) is not supported here; send JSON, as kubectl apply does"
                )
            }
            if case .ignored = field.type { continue }
            if let entries = try self.entries(value, of: field.type) {
                members[field.name] = .object((members[field.name]?.object ?? [:]).merging(entries) { $1 })
                continue
            }
            let read = try json(value, field.type)
            if field.isList {
                members[field.name] = .array((members[field.name]?.array ?? []) + [read])
            } else if field.keepsEmpty || !isEmpty(read) {
                members[field.name] = read
            }
        }
        return .object(members)
    }

    /// One value that is no map.
    private static func json(_ value: Value, _ type: ProtobufMessage.Kind) throws(Failure) -> JSONValue {
        switch (type, value) {
        case (.text, .bytes(let bytes)): return .string(String(decoding: bytes, as: UTF8.self))
        case (.integer, .number(let number)): return .integer(Int64(bitPattern: number))
        case (.flag, .number(let number)): return .bool(number != 0)
        case (.message(let message), .bytes(let bytes)): return try object(bytes, as: message)
        case (.quantity, .bytes(let bytes)):
            return try object(bytes, as: ProtobufMessage([1: .text("string")]))["string"] ?? ""
        case (.integerOrText, .bytes(let bytes)):
            let parts = try object(
                bytes,
                as: ProtobufMessage([1: .integer("type"), 2: .integer("number"), 3: .text("text")])
            )
            return parts["type"] == nil ? parts["number"] ?? 0 : parts["text"] ?? ""
        case (.ignored, _): return .null
        case (.text, _), (.integer, _), (.flag, _), (.message, _), (.quantity, _), (.integerOrText, _), (.textMap, _),
            (.bytesMap, _), (.quantityMap, _):
            throw Failure(description: "a field has another type than expected")
        }
    }

    /// One entry of a map; `nil` for what is no map.
    private static func entries(
        _ value: Value,
        of type: ProtobufMessage.Kind
    ) throws(Failure) -> [String: JSONValue]? {
        switch type {
        case .textMap, .bytesMap, .quantityMap: break
        case .text, .integer, .flag, .message, .quantity, .integerOrText, .ignored: return nil
        }
        guard case .bytes(let bytes) = value else { throw Failure(description: "a map has no entries") }
        var reader = ProtobufReader(bytes)
        var (key, content) = ("", ArraySlice<UInt8>())
        while let (number, value) = try reader.next() {
            guard case .bytes(let bytes) = value else { throw Failure(description: "a map has no texts") }
            if number == 1 { key = String(decoding: bytes, as: UTF8.self) } else { content = bytes }
        }
        switch type {
        case .bytesMap: return [key: .string(Data(content).base64EncodedString())]
        case .quantityMap: return [key: try json(.bytes(content), .quantity)]
        default: return [key: .string(String(decoding: content, as: UTF8.self))]
        }
    }

    /// Whether a value is what Go leaves out.
    private static func isEmpty(_ value: JSONValue) -> Bool {
        [.null, .bool(false), .integer(0), .string(""), [:], []].contains(value)
    }
}
