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
    }

    /// How long the log is now.
    static func length() throws -> UInt64 {
        let file = try open()
        defer { try? file.close() }  // It was only read.
        return try file.seekToEnd()
    }

    /// How often Swell has written since the log was so long.
    static func writes(since mark: UInt64) throws -> Int {
        try count(since: mark) { !asides.contains($0?.resource ?? "") }
    }

    /// How often Swell has written replicas since the log was so long.
    static func scalings(since mark: UInt64) throws -> Int {
        try count(since: mark) { $0?.subresource == "scale" }
    }

    /// How often Swell has written what is counted since the log was so long.
    private static func count(since mark: UInt64, where isCounted: (Line.Reference?) -> Bool) throws -> Int {
        let file = try open()
        defer { try? file.close() }  // It was only read.
        try file.seek(toOffset: mark)
        let lines = (try file.readToEnd() ?? Data()).split(separator: UInt8(ascii: "\n"))
        return try lines.count { bytes in
            // The last line may be half written.
            guard bytes.last == UInt8(ascii: "}") else { return false }
            let line = try JSONDecoder().decode(Line.self, from: Data(bytes))
            guard ["create", "update", "patch", "delete"].contains(line.verb) else { return false }
            return line.userAgent?.hasPrefix("swell") == true && isCounted(line.objectRef)
        }
    }

    /// The log.
    private static func open() throws -> FileHandle {
        let path = try Servers.variable("AUDIT_LOG")
        guard let file = FileHandle(forReadingAtPath: path) else { throw BenchmarkError("\(path) cannot be read") }
        return file
    }
}
