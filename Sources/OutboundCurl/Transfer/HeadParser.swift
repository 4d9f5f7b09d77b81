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

    /// The code of the current answer; `nil` before its status line.
    private var status: Int?
    /// Its header lines.
    private var lines: [UInt8] = []
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
            status = Self.status(in: line)
            lines = []
            return status == nil ? .malformed : .more
        }
        guard let status else { return .malformed }
        switch line.first {
        case nil, UInt8(ascii: "\r"), UInt8(ascii: "\n"): return finish(status)
        // The continuation of the line before.
        case UInt8(ascii: " "), UInt8(ascii: "\t"): if lines.isEmpty { return .malformed }
        case UInt8(ascii: ":"): return .malformed
        default: guard line.contains(UInt8(ascii: ":")) else { return .malformed }
        }
        lines.append(contentsOf: line)
        return .more
    }

    /// The blank line has come.
    private mutating func finish(_ status: Int) -> Step {
        if (100..<200).contains(status) {
            self.status = nil
            return .more
        }
        isDone = true
        defer { lines = [] }
        return .head(HTTPResponseHead(status: status, lines: lines))
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
