import Outbound

/// A request's method and address as a value, read as Go's servers read them.
struct APICall: Sendable, Hashable {
    /// Such as `GET`.
    let method: String
    /// As sent, without the query.
    let path: String
    /// The decoded parts of the path between slashes; `nil` when one cannot be decoded, or would hold a slash then.
    let segments: [String]?
    /// As sent, without the question mark.
    let query: String

    /// Makes a call.
    init(_ method: String = "GET", _ path: String, query: String = "") {
        self.method = method
        self.path = path
        self.segments = Self.segments(of: path)
        self.query = query
    }

    /// See ``segments``.
    private static func segments(of path: String) -> [String]? {
        var segments: [String] = []
        for part in path.split(separator: "/") {
            guard let segment = PercentEncoding.decode(part), !segment.utf8.contains(UInt8(ascii: "/")) else {
                return nil
            }
            segments.append(segment)
        }
        return segments
    }

    /// The first value of a query item; `nil` when it is not there or cannot be decoded.
    ///
    /// - Source: Go, `net/url`, `ParseQuery`: `+` is a space, an item that cannot be decoded is left out.
    func value(of name: String) -> String? {
        for item in query.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard PercentEncoding.decode(parts[0], isForm: true) == name else { continue }
            if let value = PercentEncoding.decode(parts.count == 2 ? parts[1] : "", isForm: true) { return value }
        }
        return nil
    }

    /// Whether a stream of changes is asked for.
    ///
    /// - Source: Kubernetes, `apimachinery/pkg/runtime/conversion.go`: anything but `false` and `0` is true.
    var isWatch: Bool {
        guard let value = value(of: "watch")?.lowercased() else { return false }
        return value != "false" && value != "0"
    }
}
