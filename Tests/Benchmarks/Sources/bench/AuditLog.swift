import Foundation

/// What the API server has noted of each request.
enum AuditLog {
    /// Writes that change nothing that anybody looks at: whose a token is, who may what, who leads.
    private static let asides: Set = ["leases", "subjectaccessreviews", "tokenreviews"]

    /// One request, once it is answered.
    private struct Line: Decodable {
        /// `create` and so on.
        let verb: String
        /// Who asked.
        let userAgent: String?
        /// What for.
        let objectRef: Reference?

        /// What a request is for.
        struct Reference: Decodable {
            /// The plural.
            let resource: String?
            /// `scale` and so on.
            let subresource: String?
        }

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
        try count(since: mark) { $0.isBySwell && !$0.isAside }
    }

    /// How often Swell has written replicas since the log was so long.
    static func scalings(since mark: UInt64) throws -> Int {
        try count(since: mark) { $0.isBySwell && $0.objectRef?.subresource == "scale" }
    }

    /// How often anybody has written since the log was so long.
    static func writesOfAll(since mark: UInt64) throws -> Int {
        try count(since: mark) { !$0.isAside }
    }

    /// How many writes that count there are since the log was so long.
    private static func count(since mark: UInt64, where isCounted: (Line) -> Bool) throws -> Int {
        let file = try open()
        defer { try? file.close() }  // It was only read.
        try file.seek(toOffset: mark)
        let lines = (try file.readToEnd() ?? Data()).split(separator: UInt8(ascii: "\n"))
        return try lines.count { bytes in
            // The last line may be half written.
            guard bytes.last == UInt8(ascii: "}") else { return false }
            let line = try JSONDecoder().decode(Line.self, from: Data(bytes))
            return ["create", "update", "patch", "delete"].contains(line.verb) && isCounted(line)
        }
    }

    /// The log.
    private static func open() throws -> FileHandle {
        let path = try Servers.variable("AUDIT_LOG")
        guard let file = FileHandle(forReadingAtPath: path) else { throw BenchmarkError("\(path) cannot be read") }
        return file
    }
}
