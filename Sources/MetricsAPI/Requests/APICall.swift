import Foundation

/// A request's method and address as a value, read as Go's servers read them.
struct APICall: Sendable, Hashable {
    /// Such as `GET`.
    var method: String
    /// As sent, without the query.
    var path: String
    /// As sent, without the question mark.
    var query: String

    /// Makes a call.
    init(_ method: String = "GET", _ path: String, query: String = "") {
        self.method = method
        self.path = path
        self.query = query
    }

    /// The decoded parts between slashes; `nil` when one cannot be decoded, or would hold a slash once decoded.
    var segments: [String]? {
        var segments: [String] = []
        for part in path.split(separator: "/") {
            guard let segment = part.removingPercentEncoding, !segment.contains("/") else { return nil }
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
            guard Self.decoded(parts[0]) == name else { continue }
            if let value = Self.decoded(parts.count == 2 ? parts[1] : "") { return value }
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

    /// One part of a query item.
    private static func decoded(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }
}
