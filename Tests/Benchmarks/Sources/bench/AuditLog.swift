import Foundation

/// What the API server has noted of each request.
enum AuditLog {
    /// Writes that change nothing that anybody looks at: whose a token is, who may what, who leads.
    private static let asides: Set = ["leases", "subjectaccessreviews", "tokenreviews"]

    /// One request, once it is answered.
    fileprivate struct Line: Decodable {
        /// `create` and so on.
        let verb: String
        /// Who asked.
        let userAgent: String?
        /// What for.
        let objectRef: Reference?
        /// How it ended.
        let responseStatus: Outcome?

        /// What a request is for.
        struct Reference: Decodable {
            /// The plural.
            let resource: String?
            /// `scale` and so on.
            let subresource: String?
        }

        /// How a request ended.
        struct Outcome: Decodable {
            /// HTTP's.
            let code: Int?
        }

        /// Whether it was done.
        var isDone: Bool { responseStatus?.code.map { (200..<300).contains($0) } == true }
        /// Whether it is our operator's.
        var isBySwell: Bool { userAgent?.hasPrefix("swell") == true }
        /// Whether it changes nothing that anybody looks at.
        var isAside: Bool { asides.contains(objectRef?.resource ?? "") }
    }

    /// How long the log is now.
    static func length() throws -> UInt64 {
        let file = try open()
        defer { try? file.close() }  // It was only read.
        return try file.seekToEnd()
    }

    /// How often Swell has written since the log was so long.
    static func writes(since mark: UInt64) throws -> Int {
        var tally = Tally(since: mark) { $0.isBySwell && !$0.isAside }
        return try tally.read()
    }

    /// How often anybody has written since the log was so long.
    static func writesOfAll(since mark: UInt64) throws -> Int {
        var tally = Tally(since: mark) { !$0.isAside }
        return try tally.read()
    }

    /// How often Swell has written a subresource, and was not refused, since the log was so long, as ``Tally/read()`` finds
    /// it.
    static func tally(of subresource: String, since mark: UInt64) -> Tally {
        Tally(since: mark) { $0.isBySwell && $0.isDone && $0.objectRef?.subresource == subresource }
    }

    /// How many writes that count there are, as the log grows: each line is read once, so that looking often costs little
    /// of the machine whose work is timed.
    struct Tally {
        /// Up to where all is counted.
        private var mark: UInt64
        /// How many there are.
        private var count = 0
        /// Which writes count.
        private let isCounted: (Line) -> Bool

        /// Counts from a length of the log on.
        fileprivate init(since mark: UInt64, where isCounted: @escaping (Line) -> Bool) {
            self.mark = mark
            self.isCounted = isCounted
        }

        /// Counts what has come.
        ///
        /// - Returns: all there are since the beginning.
        mutating func read() throws -> Int {
            let file = try open()
            defer { try? file.close() }  // It was only read.
            try file.seek(toOffset: mark)
            // The last line may be half written.
            let news = try file.readToEnd() ?? Data()
            guard let end = news.lastIndex(of: UInt8(ascii: "\n")) else { return count }
            mark += UInt64(end - news.startIndex + 1)
            count += try news[...end].split(separator: UInt8(ascii: "\n"))
                .count { bytes in
                    let line = try JSONDecoder().decode(Line.self, from: Data(bytes))
                    return ["create", "update", "patch", "delete"].contains(line.verb) && isCounted(line)
                }
            return count
        }
    }

    /// The log.
    private static func open() throws -> FileHandle {
        let path = try Servers.variable("AUDIT_LOG")
        guard let file = FileHandle(forReadingAtPath: path) else { throw BenchmarkError("\(path) cannot be read") }
        return file
    }
}
