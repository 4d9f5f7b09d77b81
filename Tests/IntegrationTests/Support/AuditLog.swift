import Foundation
import KubeModel

/// What kube-apiserver has written down of its requests.
enum AuditLog {
    /// One request that was answered.
    struct Line: Decodable {
        /// Who asked.
        let user: User
        /// What for, such as `patch`.
        let verb: String
        /// Path and query.
        let requestURI: String
        /// How it was answered.
        let responseStatus: Status?
        /// What it was about; `nil` for what is no resource.
        let objectRef: Reference?

        /// What a request is about.
        struct Reference: Decodable {
            /// The plural of its kind.
            let resource: String?
            /// Such as `status`.
            let subresource: String?
            /// Empty for the core.
            let apiGroup: String?
            /// `nil` for all of them, and for one that is made.
            let name: String?
        }

        /// What somebody must be allowed to do for it.
        var right: Right? {
            guard let reference = objectRef, let resource = reference.resource else { return nil }
            let whole = [resource, reference.subresource].compactMap(\.self).joined(separator: "/")
            return Right(group: reference.apiGroup ?? "", resource: whole, verb: verb, name: reference.name ?? "")
        }

        /// Who asked.
        struct User: Decodable { let username: String }
        /// How it was answered.
        struct Status: Decodable { let code: Int? }
    }

    /// How long the log is now, for ``lines(from:)`` later.
    static var end: UInt64 {
        get throws {
            let file = try FileHandle(forReadingFrom: URL(filePath: TestServers.variable("AUDIT_LOG")))
            defer { try? file.close() }
            return try file.seekToEnd()
        }
    }

    /// All requests from a place in the log on.
    static func lines(from start: UInt64) throws -> [Line] {
        let file = try FileHandle(forReadingFrom: URL(filePath: TestServers.variable("AUDIT_LOG")))
        defer { try? file.close() }
        try file.seek(toOffset: start)
        // The last line may not be complete.
        return (try file.readToEnd() ?? Data()).split(separator: UInt8(ascii: "\n"))
            .compactMap { try? KubeJSON.decode(Line.self, from: [UInt8]($0)) }
    }
}
