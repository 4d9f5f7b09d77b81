import Outbound

/// Puts a head together from the lines that libcurl hands over.
///
/// Pure.
///
/// Interim answers (1xx) are skipped, trailers after the head are ignored.
struct HeadParser {
    /// What a line led to.
    enum Step: Equatable {
        /// More lines are wanted, or the line does not matter.
        case more
        /// The head is complete.
        case head(HTTPResponseHead)
        /// The answer is not HTTP, or its head is larger than ``limit``.
        case malformed
    }

    /// Bytes of all lines together, interim answers included; curl itself allows about as much since 8.3.
    static let limit = 300 * 1024

    /// What has been read of the current answer; `nil` before its status line.
    private var head: HTTPResponseHead?
    /// Bytes seen.
    private var size = 0
    /// Whether the final head has been given.
    private var isDone = false

    /// Whether any line has come.
    var hasBegun: Bool { size > 0 }

    /// A parser for one transfer.
    init() {}

    /// Takes one line with its line end.
    mutating func take(_ line: UnsafeRawBufferPointer) -> Step {
        if isDone { return .more }
        size += line.count
        if size > Self.limit { return .malformed }
        if line.starts(with: "HTTP/".utf8) {
            head = Self.status(in: line).map { HTTPResponseHead(status: $0) }
            return head == nil ? .malformed : .more
        }
        guard let head else { return .malformed }
        guard line.first.map({ $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }) ?? false else {
            return finish(head)
        }
        return field(line)
    }

    /// Takes a header line, or the continuation of the one before.
    ///
    /// - Source: RFC 9112, section 5.2, on line folding.
    private mutating func field(_ line: UnsafeRawBufferPointer) -> Step {
        if line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
            guard let last = head?.headers.indices.last else { return .malformed }
            head?.headers[last].value += " " + line[...].trimmedText
            return .more
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon != 0 else { return .malformed }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        let header = HTTPRequest.Header(name, line[(colon + 1)...].trimmedText)
        head?.headers.append(header)
        return .more
    }

    /// The blank line has come.
    private mutating func finish(_ head: HTTPResponseHead) -> Step {
        if (100..<200).contains(head.status) {
            self.head = nil
            return .more
        }
        isDone = true
        return .head(head)
    }

    /// The code in `HTTP/1.1 200 OK`: three digits after the first space.
    private static func status(in line: UnsafeRawBufferPointer) -> Int? {
        let parts = line.split(maxSplits: 2, omittingEmptySubsequences: true) { $0.isSpace }
        guard parts.count >= 2, parts[1].count == 3 else { return nil }
        guard let code = Int(String(decoding: parts[1], as: UTF8.self)) else { return nil }
        return (100...599).contains(code) ? code : nil
    }
}

extension UInt8 {
    /// Whether it is white space, line ends included.
    fileprivate var isSpace: Bool { self == UInt8(ascii: " ") || (9...13).contains(self) }
}

extension Slice<UnsafeRawBufferPointer> {
    /// The text without white space at its ends, line ends included.
    fileprivate var trimmedText: String {
        guard let first = firstIndex(where: { !$0.isSpace }), let last = lastIndex(where: { !$0.isSpace })
        else { return "" }
        return String(decoding: self[first...last], as: UTF8.self)
    }
}
