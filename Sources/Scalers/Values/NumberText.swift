/// The digits of a number at the start of a text.
///
/// Read byte by byte: each poll of a source that answers in plain text comes through here, and a regular expression is
/// compiled anew each time, which takes longer than all the rest.
enum NumberText {
    /// A whole number, perhaps with a sign; `nil` if the text begins otherwise.
    static func whole(startOf text: Substring) -> Substring? {
        guard let rest = afterDigits(afterSign(text.utf8[...])) else { return nil }
        return text[..<rest.startIndex]
    }

    /// A number, perhaps with a sign, a fraction and an exponent; `nil` if the text begins otherwise.
    ///
    /// Digits may be missing on one side of the point. A beginning of an exponent without digits is none.
    static func decimal(startOf text: Substring) -> Substring? {
        let start = afterSign(text.utf8[...])
        let integer = afterDigits(start)
        var rest = integer ?? start
        if rest.first == UInt8(ascii: ".") {
            let fraction = afterDigits(rest.dropFirst())
            guard integer != nil || fraction != nil else { return nil }
            rest = fraction ?? rest.dropFirst()
        } else if integer == nil {
            return nil
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = afterDigits(afterSign(rest.dropFirst())) ?? rest
        }
        return text[..<rest.startIndex]
    }

    /// What follows a sign, if there is one.
    private static func afterSign(_ text: Substring.UTF8View) -> Substring.UTF8View {
        text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
    }

    /// What follows digits; `nil` if there are none.
    private static func afterDigits(_ text: Substring.UTF8View) -> Substring.UTF8View? {
        let rest = text.drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return rest.startIndex == text.startIndex ? nil : rest
    }
}
