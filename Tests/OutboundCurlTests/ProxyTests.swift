import Outbound
import Testing

@testable import OutboundCurl

@Suite struct ProxyTests {
    /// `NO_PROXY`, an address, and whether it goes through the proxy.
    private static let exceptions: [(String, String, Bool)] = [
        // Loopback is never proxied.
        ("", "http://example.com", true), ("", "http://localhost", false), ("", "http://LOCALHOST:8080", false),
        ("", "http://127.0.0.1", false), ("", "https://127.1.2.3:1", false), ("", "http://[::1]", false),
        ("", "http://[::ffff:127.0.0.1]", false), ("", "http://localhost.example.com", true),
        // Everything.
        ("*", "http://example.com", false), ("a, * ,b", "http://10.0.0.1", false),
        // A name, with its subdomains.
        ("example.com", "http://example.com", false), ("example.com", "http://www.example.com", false),
        ("Example.Com", "http://WWW.example.com", false), ("example.com", "http://notexample.com", true),
        ("example.com", "http://example.com.org", true), (" a , example.com ,,", "http://example.com", false),
        // Subdomains only.
        (".example.com", "http://example.com", true), (".example.com", "http://www.example.com", false),
        ("*.example.com", "http://example.com", true), ("*.example.com", "http://a.b.example.com", false),
        ("*example.com", "http://www.example.com", true),
        // With a port.
        ("example.com:80", "http://example.com", false), ("example.com:80", "https://example.com", true),
        ("example.com:443", "https://example.com", false), ("example.com:8080", "http://www.example.com:8080", false),
        (":80", "http://example.com", true),
        // Addresses.
        ("10.0.0.1", "http://10.0.0.1", false), ("10.0.0.1", "http://10.0.0.2", true),
        ("10.0.0.1:81", "http://10.0.0.1:81", false), ("10.0.0.1:81", "http://10.0.0.1:82", true),
        ("fd00::1", "http://[fd00::1]", false), ("[fd00::1]", "http://[fd00::1]:90", false),
        ("[fd00::1]:90", "http://[fd00::1]:90", false), ("[fd00::1]:90", "http://[fd00::1]:91", true),
        ("fd00:0::1", "http://[fd00::1]", false), ("0.0.1", "http://10.0.0.1", false),
        // Blocks of addresses.
        ("10.0.0.0/8", "http://10.255.0.1", false), ("10.0.0.0/8", "http://11.0.0.1", true),
        ("10.0.0.0/9", "http://10.127.0.1", false), ("10.0.0.0/9", "http://10.128.0.1", true),
        ("10.0.0.1/32", "http://10.0.0.1", false), ("0.0.0.0/0", "http://8.8.8.8", false),
        ("0.0.0.0/0", "http://[fd00::1]", true), ("fd00::/8", "http://[fdff::1]", false),
        ("fd00::/8", "http://[fc00::1]", true), ("10.0.0.0/8", "http://ten.example", true),
        ("10.0.0.0/33", "http://10.0.0.1", true), ("/8", "http://10.0.0.1", true),
    ]

    /// An environment, an address, and the proxy for it.
    private static let variables: [([String: String], String, String?)] = [
        (["HTTP_PROXY": "http://p:1"], "http://a", "http://p:1"),
        (["http_proxy": "http://p:1"], "http://a", "http://p:1"),
        (["HTTP_PROXY": "http://p:1", "http_proxy": "http://q:1"], "http://a", "http://p:1"),
        (["HTTP_PROXY": "", "http_proxy": "http://q:1"], "http://a", "http://q:1"),
        (["HTTP_PROXY": "http://p:1"], "https://a", nil),
        (["https_proxy": "p"], "https://a", "http://p:80"),
        (["https_proxy": "https://p/"], "https://a", "https://p:443"),
        (["https_proxy": "socks5://u:w@p"], "https://a", "socks5h://u:w@p:1080"),
        (["https_proxy": "[::1]:3128"], "https://a", "http://[::1]:3128"),
        (["HTTPS_PROXY": "http://p:1", "no_proxy": "a"], "https://a", nil),
        (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "b", "no_proxy": "a"], "https://a", "http://p:1"),
        (["ALL_PROXY": "http://p:1"], "http://a", nil),
        (["HTTP_PROXY": "http://p:1", "REQUEST_METHOD": "GET"], "http://a", nil),
    ]

    /// Whether a proxy for everything would be used.
    private func isProxied(_ url: String, except list: String) throws -> Bool {
        let proxies = try ProxySettings(environment: [
            "HTTP_PROXY": "proxy:1", "HTTPS_PROXY": "proxy:2", "NO_PROXY": list,
        ])
        return proxies.proxy(for: try WebAddress.parse(url).address) != nil
    }

    @Test(arguments: exceptions)
    func `the exceptions are Go's`(list: String, url: String, isProxied: Bool) throws {
        #expect(try self.isProxied(url, except: list) == isProxied)
    }

    @Test(arguments: variables)
    func `the variables are Go's`(environment: [String: String], url: String, expected: String?) throws {
        let proxy = try ProxySettings(environment: environment).proxy(for: try WebAddress.parse(url).address)
        #expect(proxy?.url.withValue { $0 } == expected)
    }

    @Test(arguments: ["ftp://p:1", "http://", "http://canary@:80", "http://u:canary@p:port"])
    func `a proxy that is none stops the start`(value: String) throws {
        let error = #expect(throws: OutboundError.self) { try ProxySettings(environment: ["HTTPS_PROXY": value]) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.debugDescription.contains("canary") == false)
    }

    /// A transport that sends everything through a port of this machine.
    private func withProxied(
        _ server: ScriptedServer,
        _ body: (CurlTransport) async throws -> Void
    ) async throws {
        let proxy = "http://user:pass%20word@127.0.0.1:\(server.port)"
        try await withCurlTransport(environment: ["HTTP_PROXY": proxy, "HTTPS_PROXY": proxy], body)
    }

    @Test func `an http request is handed to the proxy whole`() async throws {
        try await withServer(CurlTransportTests.echo) { server in
            try await withProxied(server) { transport in
                let request = HTTPRequest(.get, WebAddress(host: "swell.invalid", port: 81).appending("x"))
                let text = try await transport.collect(request, upTo: 4096).text
                #expect(text.hasPrefix("GET http://swell.invalid:81/x HTTP/1.1\n"))
                #expect(text.contains("Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ="))
            }
        }
    }

    @Test func `an https request goes through a tunnel and keeps its secrets from the proxy`() async throws {
        try await withNginx { nginx in
            let script: ScriptedServer.Script = { connection in
                guard let request = connection.request() else { return }
                #expect(request.line == "CONNECT swell.invalid:443 HTTP/1.1")
                #expect(!request.headers.contains { $0.lowercased().hasPrefix("authorization") })
                connection.send("HTTP/1.1 200 Connected\r\nX-Proxy: yes\r\n\r\n")
                #expect(throws: Never.self) { try connection.relay(to: nginx.secure.effectivePort) }
            }
            try await withServer(script) { server in
                try await withProxied(server) { transport in
                    let request = HTTPRequest(
                        .get,
                        WebAddress(scheme: "https", host: "swell.invalid"),
                        authorization: .bearer("secret"),
                        tls: TLSSettings(authorities: nginx.certificates.authority, skipsVerification: true)
                    )
                    let response = try await transport.collect(request, upTo: 100)
                    #expect(response.status == 200)
                    #expect(response.head["X-Proxy"] == nil)
                }
            }
        }
    }

    @Test(arguments: [
        ("407 Proxy Authentication Required", OutboundError.Code.unauthorized), ("403 Forbidden", .cannotConnect),
        ("502 Bad Gateway", .cannotConnect),
    ])
    func `a proxy that refuses is told apart`(status: String, code: OutboundError.Code) async throws {
        let script: ScriptedServer.Script = { connection in
            if connection.request() != nil { connection.answer("", status: status) }
        }
        try await withServer(script) { server in
            try await withProxied(server) { transport in
                let request = HTTPRequest(.get, WebAddress(scheme: "https", host: "swell.invalid"))
                let error = try await expectFailure(code) { try await transport.collect(request, upTo: 100) }
                #expect(!error.debugDescription.contains("pass"))
            }
        }
    }
}
