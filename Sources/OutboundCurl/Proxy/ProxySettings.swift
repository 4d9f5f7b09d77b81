import Foundation
import Outbound

/// A proxy to send requests through.
struct Proxy: Sendable, Hashable {
    /// Its URL in libcurl's form, credentials included.
    let url: Secret<String>
    /// Its name, for looking it up.
    let host: String
}

/// Which requests go through which proxy, as the environment says.
///
/// Pure.
///
/// - Source: Go's `golang.org/x/net/http/httpproxy`, which decides for KEDA: `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`,
///   the upper case first; no `ALL_PROXY`; loopback addresses and `localhost` never through a proxy.
struct ProxySettings: Sendable {
    /// For http addresses.
    private let plain: Proxy?
    /// For https addresses.
    private let secure: Proxy?
    /// Hosts that are asked directly.
    private let exceptions: ProxyExceptions

    /// Reads an environment.
    ///
    /// - Throws: ``OutboundError`` `.invalidRequest`, without the value, which may hold a password.
    init(environment: [String: String]) throws(OutboundError) {
        /// The first spelling that is set to something.
        func value(_ name: String) -> String? {
            [environment[name], environment[name.lowercased()]].lazy.compactMap { $0 }.first { !$0.isEmpty }
        }
        // A CGI script gets a request's `Proxy:` header under this name; Go looks for the same sign of it.
        let isCGI = environment["REQUEST_METHOD"] != nil
        self.plain =
            try isCGI ? nil : value("HTTP_PROXY").map { text throws(OutboundError) in try Proxy(text, "HTTP_PROXY") }
        self.secure = try value("HTTPS_PROXY").map { text throws(OutboundError) in try Proxy(text, "HTTPS_PROXY") }
        self.exceptions = ProxyExceptions(value("NO_PROXY") ?? "")
    }

    /// The proxy for an address; `nil` to connect directly.
    func proxy(for address: WebAddress) -> Proxy? {
        guard let proxy = address.scheme == "https" ? secure : plain else { return nil }
        return exceptions.cover(address) ? nil : proxy
    }
}

extension Proxy {
    /// The kinds of proxies that Go's transport knows.
    ///
    /// Go lets SOCKS proxies resolve names, which libcurl calls socks5h.
    private static let schemes = ["http": "http", "https": "https", "socks5": "socks5h", "socks5h": "socks5h"]

    /// Reads the value of a variable; a value without a scheme is an http proxy.
    fileprivate init(_ text: String, _ variable: String) throws(OutboundError) {
        let text = text.trimmingCharacters(in: .whitespaces)
        let whole = text.contains("://") ? text : "http://" + text
        guard let parts = URLComponents(string: whole), let host = parts.host, !host.isEmpty,
            let scheme = parts.scheme.flatMap({ Self.schemes[$0.lowercased()] }), let rest = whole.firstRange(of: "://")
        else {
            throw OutboundError(
                .invalidRequest,
                "\(variable) is not the URL of an http, https or socks5 proxy",
                isRetryable: false
            )
        }
        self.url = Secret(scheme + "://" + withDefaultPort(whole[rest.upperBound...], parts))
        self.host = host
    }
}

/// The rest of a proxy's URL with a port: libcurl would take 1080 where Go takes the scheme's own.
private func withDefaultPort(_ rest: Substring, _ parts: URLComponents) -> String {
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard parts.port == nil else { return String(authority) }
    let port = ["http": 80, "https": 443][parts.scheme?.lowercased() ?? ""] ?? 1080
    return "\(authority.hasSuffix(":") ? authority.dropLast() : authority):\(port)"
}
