extension JSONValue {
    /// This value in UTF-8: sorted keys, slashes as they are, no white space; equal values give equal bytes.
    ///
    /// The same bytes as Foundation's encoder, which takes ten times as long: each patch is written so, and each answer to
    /// an HPA.
    ///
    /// - Throws: `EncodingError`, for a number that JSON cannot say.
    /// - Complexity: O(bytes).
    /// - Source: RFC 8259.
    public func written() throws -> [UInt8] {
        var writer = JSONWriter()
        try writer.write(self)
        return writer.bytes
    }
}

/// Appends values to the bytes of a JSON text.
private struct JSONWriter {
    /// The text so far.
    private(set) var bytes: [UInt8] = []

    /// Any value.
    mutating func write(_ value: JSONValue) throws {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .integer(let value): append(String(value))
        case .number(let value): try write(value)
        case .string(let value): write(value)
        case .array(let elements):
            try write(elements, between: "[", "]") { writer, element in try writer.write(element) }
        case .object(let members):
            // By their bytes: Swift takes two ways to write é for one.
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            try write(sorted, between: "{", "}") { writer, member in
                writer.write(member.key)
                writer.append(":")
                try writer.write(member.value)
            }
        }
    }

    /// A number; a whole one without a fraction.
    private mutating func write(_ number: Double) throws {
        guard number.isFinite else {
            let context = EncodingError.Context(codingPath: [], debugDescription: "JSON has no word for \(number)")
            throw EncodingError.invalidValue(number, context)
        }
        let text = number.description
        append(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    /// A text; only what has to be escaped is, which is nothing in most.
    private mutating func write(_ text: String) {
        append("\"")
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if isPlain { append(text) } else { escape(text) }
        append("\"")
    }

    /// A text with something in it to be escaped.
    private mutating func escape(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append(#"\""#)
            case UInt8(ascii: "\\"): append(#"\\"#)
            case 0x08: append(#"\b"#)
            case 0x09: append(#"\t"#)
            case 0x0A: append(#"\n"#)
            case 0x0C: append(#"\f"#)
            case 0x0D: append(#"\r"#)
            case 0x00..<0x20: append(#"\u00"# + (byte < 0x10 ? "0" : "") + String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
    }

    /// Parts with commas between.
    private mutating func write<Part>(
        _ parts: [Part],
        between opening: String,
        _ closing: String,
        _ write: (inout JSONWriter, Part) throws -> Void
    ) throws {
        append(opening)
        for (index, part) in parts.enumerated() {
            if index > 0 { append(",") }
            try write(&self, part)
        }
        append(closing)
    }

    /// Text as it is.
    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }
}
