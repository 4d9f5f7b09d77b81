/// Texts in which `%41` stands for a letter, as in addresses and forms.
///
/// - Source: RFC 3986, section 2.1; Go, `net/url`, for forms.
public enum PercentEncoding {
    /// A text as it is meant; in a form a plus sign is a blank.
    ///
    /// - Returns: `nil` where two hexadecimal digits do not follow a `%`, and for bytes that are no UTF-8.
    public static func decode(_ text: Substring, isForm: Bool = false) -> String? {
        // Most texts stand for themselves.
        let isCoded = text.utf8.contains { $0 == UInt8(ascii: "%") || isForm && $0 == UInt8(ascii: "+") }
        guard isCoded else { return String(text) }
        return bytes(of: text.utf8, isForm: isForm).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// See ``decode(_:isForm:)-(Substring,_)``.
    public static func decode(_ text: String, isForm: Bool = false) -> String? {
        decode(text[...], isForm: isForm)
    }

    /// The bytes that a text stands for; `nil` where two hexadecimal digits do not follow a `%`.
    public static func bytes(of text: some Sequence<UInt8>, isForm: Bool = false) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text.makeIterator()
        while let byte = rest.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.next().flatMap(hexadecimal), let low = rest.next().flatMap(hexadecimal) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            } else {
                bytes.append(isForm && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return bytes
    }

    /// The value of a hexadecimal digit.
    private static func hexadecimal(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
