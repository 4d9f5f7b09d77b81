/// Cuts a stream of chunks into lines, wherever the chunks are cut.
///
/// Pure; one value for one stream.
public struct LineFramer: Sendable {
    /// The longest line unless said otherwise: ten times what etcd stores in one object.
    public static let defaultLimit = 16 << 20

    /// Bytes of the longest line, without its end.
    private let limit: Int
    /// The beginning of a line whose end has not come.
    private var partial: [UInt8] = []

    /// Starts a stream.
    public init(limit: Int = Self.defaultLimit) {
        self.limit = limit
    }

    /// Whether the stream stands in the middle of a line; if it ends so, that line was cut.
    public var isWithinLine: Bool { !partial.isEmpty }

    /// Takes a chunk and gives the lines that it completes, without their ends; empty lines are left out.
    ///
    /// - Throws: ``OutboundError`` `.tooLarge` past the limit; the stream is of no use then.
    /// - Complexity: O(bytes of the chunk), and of the line it completes.
    public mutating func append(_ chunk: [UInt8]) throws(OutboundError) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = chunk[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            try extend(with: rest[..<end])
            if !partial.isEmpty { lines.append(partial) }
            partial = []
            rest = rest[(end + 1)...]
        }
        try extend(with: rest)
        return lines
    }

    /// Adds to the line.
    private mutating func extend(with bytes: ArraySlice<UInt8>) throws(OutboundError) {
        guard partial.count + bytes.count <= limit else {
            throw OutboundError(.tooLarge, "the server sent a line of more than \(limit) bytes")
        }
        partial += bytes
    }
}
