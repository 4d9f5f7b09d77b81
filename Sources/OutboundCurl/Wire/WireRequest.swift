import Foundation
import Outbound

/// An ``HTTPRequest`` checked and put into libcurl's terms; what the loop's thread needs, as a value.
struct WireRequest: Sendable {
    /// The request as the caller wrote it.
    let request: HTTPRequest
    /// The URL for libcurl; its host is the name to verify.
    let url: String
    /// `host:port` to connect to where that differs from the URL's, in `CURLOPT_CONNECT_TO`'s form.
    let connectTo: String?
    /// All header lines, secret ones included, without line ends.
    let headerLines: Secret<[String]>
    /// The proxy to use, with its credentials; `nil` for a direct connection.
    let proxy: Proxy?
    /// PEM certificates to trust besides those of the request or of the system.
    var addedAuthorities: String?
    /// When the answer, or its head, must be there.
    let deadline: ContinuousClock.Instant
    /// How the body is handed over.
    let mode: DeliveryMode

    /// Checks a request.
    ///
    /// - Throws: ``OutboundError`` `.invalidRequest`; its text repeats no value.
    init(
        _ request: HTTPRequest,
        through proxies: ProxySettings,
        by deadline: ContinuousClock.Instant,
        as mode: DeliveryMode
    ) throws(OutboundError) {
        self.request = request
        self.deadline = deadline
        self.mode = mode
        self.proxy = proxies.proxy(for: request.url)
        let url = request.url
        guard url.isWellFormed else { throw OutboundError(.invalidRequest, "the host or port of the URL is not valid") }
        var lines: [String] = []
        if url.scheme == "https", let serverName = request.tls.serverName {
            // libcurl asks for and verifies the name in the URL, so the name goes there and the address beside it.
            var named = url
            named.host = serverName
            guard named.isWellFormed else { throw OutboundError(.invalidRequest, "the TLS server name is not valid") }
            self.url = named.description
            self.connectTo = "::\(url.bracketedHost):\(url.effectivePort)"
            lines.append("Host: \(url.authority)")
        } else {
            self.url = url.description
            self.connectTo = nil
        }
        lines += try Self.lines(of: request)
        self.headerLines = Secret(lines)
    }

    /// The name that libcurl looks up, the host's or the proxy's; `nil` where there is an address instead.
    var lookupName: String? {
        let host = proxy?.host ?? request.url.host
        return IPAddress(host) == nil ? host : nil
    }

    /// Where the request goes, for the log: no path, no query, as those may hold keys.
    var origin: String { "\(request.method.rawValue) \(request.url.scheme)://\(request.url.authority)" }

    /// The caller's headers and credentials as lines, and an end to two habits of libcurl's.
    private static func lines(of request: HTTPRequest) throws(OutboundError) -> [String] {
        var lines: [String] = []
        for header in request.headers { lines.append(try line(header.name, header.value)) }
        for (name, secret) in request.secretHeaders.sorted(by: { $0.key < $1.key }) {
            lines.append(try secret.withValue { value throws(OutboundError) in try line(name, value) })
        }
        // Most requests have few headers or none, and a set of their names takes longer than looking.
        func isSet(_ name: String) -> Bool {
            request.headers.contains { $0.name.lowercased() == name }
                || request.secretHeaders.keys.contains { $0.lowercased() == name }
        }
        if let authorization = request.authorization {
            lines.append(try line("Authorization", authorization.headerValue))
        }
        if request.mayHaveBody {
            // A line without a value takes the header away: libcurl would call every body a form, and wait before big ones.
            for name in ["Content-Type", "Expect"] where !isSet(name.lowercased()) { lines.append("\(name):") }
        }
        if !isSet("user-agent") { lines.append("User-Agent: swell") }
        return lines
    }

    /// One line, if its parts cannot break out of it.
    ///
    /// - Source: RFC 9110, sections 5.1 and 5.5.
    private static func line(_ name: String, _ value: String) throws(OutboundError) -> String {
        guard !name.isEmpty, name.utf8.allSatisfy({ isTokenCharacter($0) }) else {
            throw OutboundError(.invalidRequest, "the name of a header holds a character that no header may have")
        }
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw OutboundError(.invalidRequest, "the value of a header holds a control character, such as a line end")
        }
        // libcurl's form for a header with nothing in it.
        return value.allSatisfy({ $0 == " " || $0 == "\t" }) ? "\(name);" : "\(name): \(value)"
    }

    /// Whether a byte may stand in a header's name: RFC 9110's `tchar`.
    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension HTTPRequest {
    /// Whether libcurl is told of a body, be it an empty one.
    fileprivate var mayHaveBody: Bool {
        switch method {
        case .get, .head, .delete: !body.isEmpty
        case .post, .put, .patch: true
        }
    }
}

extension HTTPRequest.Authorization {
    /// The value of the `Authorization` header: call it only to put it onto the wire.
    ///
    /// - Source: RFC 7617, section 2, with UTF-8; RFC 6750, section 2.1.
    fileprivate var headerValue: String {
        switch self {
        case .basic(let user, let password):
            password.withValue { "Basic " + Data("\(user):\($0)".utf8).base64EncodedString() }
        case .bearer(let token):
            token.withValue { "Bearer \($0)" }
        }
    }
}
