import Outbound

/// A request's method and address as a value, read as Go's servers read them.
struct APICall: Sendable {
    /// Such as `GET`.
    let method: String
    /// As sent, without the query.
    let path: String
    /// The decoded parts of the path between slashes; `nil` when one cannot be decoded, or would hold a slash then.
    let segments: [String]?
    /// What the query asks for, in order, decoded.
    private let items: [(name: String, value: String)]

    /// Makes a call.
    init(_ method: String = "GET", _ path: String, query: String = "") {
        self.method = method
        self.path = path
        self.segments = Self.segments(of: path)
        self.items = Self.items(of: query)
    }

    /// See ``segments``.
    private static func segments(of path: String) -> [String]? {
        var segments: [String] = []
        for part in path.utf8.split(separator: UInt8(ascii: "/")) {
            guard let segment = PercentEncoding.decode(Substring(part)), !segment.utf8.contains(UInt8(ascii: "/"))
            else {
                return nil
            }
            segments.append(segment)
        }
        return segments
    }

    /// See ``items``.
    ///
    /// - Source: Go, `net/url`, `ParseQuery`: `+` is a space, an item that cannot be decoded is left out.
    private static func items(of query: String) -> [(name: String, value: String)] {
        query.utf8.split(separator: UInt8(ascii: "&"))
            .compactMap { item in
                let name = item.prefix { $0 != UInt8(ascii: "=") }
                let value = item.dropFirst(name.count + 1)
                guard let name = PercentEncoding.decode(Substring(name), isForm: true),
                    let value = PercentEncoding.decode(Substring(value), isForm: true)
                else { return nil }
                return (name, value)
            }
    }

    /// The first value of a query item; `nil` when it is not there or cannot be decoded.
    func value(of name: String) -> String? { items.first { $0.name == name }?.value }

    /// Whether a stream of changes is asked for.
    ///
    /// - Source: Kubernetes, `apimachinery/pkg/runtime/conversion.go`: anything but `false` and `0` is true.
    var isWatch: Bool {
        guard let value = value(of: "watch")?.lowercased() else { return false }
        return value != "false" && value != "0"
    }
}
