import Foundation

/// An absolute http or https address, built from components so that no value can change the meaning of another.
///
/// It never carries credentials: ``parse(_:)`` gives those of `https://user:password@host` apart.
public struct WebAddress: Sendable, Hashable {
    /// `http` or `https`.
    public var scheme: String
    /// A name or an address; IPv6 without brackets.
    public var host: String
    /// `nil` for the scheme's own.
    public var port: Int?
    /// Percent-encoded, empty or starting with `/`.
    public private(set) var path: String
    /// Percent-encoded `name=value` pairs in order.
    public private(set) var query: [String]

    /// By host and target; who differs in the rest only is told apart by comparing.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(host)
        hasher.combine(path)
        for item in query { hasher.combine(item) }
    }

    /// Makes an address from parts that are already valid, as far as ``isWellFormed`` can tell.
    public init(scheme: String = "http", host: String, port: Int? = nil) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = ""
        self.query = []
    }

    /// The address with more path: each segment is encoded whole, `/` included.
    public func appending(_ segments: String...) -> WebAddress {
        appending(segments: segments)
    }

    /// The address with more path: each segment is encoded whole, `/` included.
    public func appending(segments: [String]) -> WebAddress {
        var longer = self
        while longer.path.hasSuffix("/") { longer.path.removeLast() }
        for segment in segments { longer.path += "/" + Self.encodeSegment(segment) }
        return longer
    }

    /// The address with one more query item; both parts are encoded whole.
    public func asking(_ name: String, _ value: String) -> WebAddress {
        var longer = self
        longer.query.append(Self.encode(name) + "=" + Self.encode(value))
        return longer
    }

    /// The path and the query, as they stand in a request line.
    public var target: String {
        let path = path.isEmpty ? "/" : path
        return query.isEmpty ? path : path + "?" + query.joined(separator: "&")
    }

    /// Host and port as they stand in a URL and in a `Host` header: IPv6 in brackets, no port where none is given.
    public var authority: String {
        bracketedHost + (port.map { ":\($0)" } ?? "")
    }

    /// The host as it stands in a URL: IPv6 in brackets.
    public var bracketedHost: String { isLiteral ? "[\(host)]" : host }

    /// Whether the host is an IPv6 address; no name holds a colon.
    private var isLiteral: Bool { host.utf8.contains(UInt8(ascii: ":")) }

    /// The scheme's port where none is given.
    public var effectivePort: Int { port ?? (scheme == "https" ? 443 : 80) }

    /// Whether scheme, host and port stay what they are when they are put into a URL.
    ///
    /// A transport sends nothing else.
    public var isWellFormed: Bool {
        guard scheme == "http" || scheme == "https", port.map({ (1...65_535).contains($0) }) ?? true, !host.isEmpty
        else { return false }
        return host.unicodeScalars.allSatisfy { scalar in
            // Names beyond ASCII are for the resolver to judge.
            guard scalar.isASCII else { return !isLiteral && scalar.properties.isAlphabetic }
            return Self.isUnreserved(UInt8(ascii: scalar)) || isLiteral && (scalar == ":" || scalar == "%")
        }
    }

    /// RFC 3986's unreserved characters stay, all else is encoded.
    ///
    /// Every query of every poll comes through here, and Foundation's way takes as long as the rest of a request's making.
    public static func encode(_ text: String) -> String {
        String(unsafeUninitializedCapacity: 3 * text.utf8.count) { encoded in
            var end = encoded.startIndex
            for byte in text.utf8 {
                if isUnreserved(byte) {
                    encoded[end] = byte
                    end += 1
                } else {
                    encoded[end] = UInt8(ascii: "%")
                    encoded[end + 1] = digit(byte >> 4)
                    encoded[end + 2] = digit(byte & 15)
                    end += 3
                }
            }
            return end
        }
    }

    /// A hexadecimal digit: 0 to 15.
    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    /// As ``encode(_:)``; `.` and `..` too, which would otherwise lead up the path.
    private static func encodeSegment(_ text: String) -> String {
        text == "." || text == ".." ? text.replacing(".", with: "%2E") : encode(text)
    }

    /// RFC 3986, section 2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

extension WebAddress: CustomStringConvertible {
    /// The whole address as text.
    public var description: String { "\(scheme)://\(authority)\(target)" }
}

extension WebAddress {
    /// What a user's text holds: an address, and credentials if it had any.
    public struct Parsed: Sendable {
        /// Without credentials.
        public let address: WebAddress
        /// From `user:password@`, decoded.
        public let credentials: HTTPRequest.Authorization?
    }

    /// Reads an address as a user writes it.
    ///
    /// A fragment is dropped.
    ///
    /// - Throws: ``OutboundError`` `.invalidRequest`, whose text does not repeat the address: it may hold a password.
    public static func parse(_ text: String) throws(OutboundError) -> Parsed {
        guard let parts = URLComponents(string: text.trimmingCharacters(in: .whitespacesAndNewlines)),
            let scheme = parts.scheme?.lowercased(), let host = parts.host
        else { throw notAbsolute }
        var address = WebAddress(scheme: scheme, host: host.trimmingCharacters(in: ["[", "]"]), port: parts.port)
        guard address.isWellFormed else { throw notAbsolute }
        address.path = parts.percentEncodedPath
        address.query = parts.percentEncodedQuery.map { $0.split(separator: "&").map(String.init) } ?? []
        let credentials = parts.user.map {
            HTTPRequest.Authorization.basic(user: $0, password: Secret(parts.password ?? ""))
        }
        return Parsed(address: address, credentials: credentials)
    }

    /// The address that a link on this one leads to, such as a `Location` header: absolute or relative.
    ///
    /// Credentials and a fragment in the link are dropped.
    ///
    /// - Throws: ``OutboundError`` `.invalidRequest` for a link that is no http or https address.
    /// - Source: RFC 3986, section 5.2.
    public func resolving(_ link: String) throws(OutboundError) -> WebAddress {
        guard let base = URL(string: description), let target = URL(string: link, relativeTo: base) else {
            throw Self.notAbsolute
        }
        return try Self.parse(target.absoluteString).address
    }

    /// The one fault of a text that is to be an address.
    private static var notAbsolute: OutboundError {
        OutboundError(.invalidRequest, "the address is not an absolute http:// or https:// URL")
    }
}
