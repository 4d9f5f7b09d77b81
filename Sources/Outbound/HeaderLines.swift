extension HTTPRequest.Header {
    /// Reads header lines with their ends.
    ///
    /// - Source: RFC 9112, section 5, on spaces around a value, and section 5.2, on line folding.
    static func read(_ lines: [UInt8]) -> [Self] {
        var headers: [Self] = []
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            if let last = headers.indices.last, line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
                headers[last].value += " " + text(line)
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
                headers.append(Self(String(decoding: line[..<colon], as: UTF8.self), text(line[(colon + 1)...])))
            }
        }
        return headers
    }

    /// The text without white space at its ends, line ends included.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || 9...13 ~= byte }
        let start = bytes.drop(while: isSpace)
        let end = start.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start.startIndex
        return String(decoding: start[..<end], as: UTF8.self)
    }
}
