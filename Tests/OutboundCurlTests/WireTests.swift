import CCurl
import Outbound
import Testing

@testable import OutboundCurl

@Suite struct HeadParserTests {
    /// Feeds lines and gives the last step.
    private func parse(_ lines: [String]) -> HeadParser.Step {
        var parser = HeadParser()
        var step = HeadParser.Step.more
        for line in lines {
            step = [UInt8](line.utf8).withUnsafeBytes { parser.take($0) }
            if step == .malformed { break }
        }
        return step
    }

    @Test func `a head is read line by line`() {
        let step = parse(["HTTP/1.1 404 Not Found\r\n", "A: 1\r\n", "b:2 \r\n", "C:\r\n", "A: x:y\r\n", "\r\n"])
        let headers = [("A", "1"), ("b", "2"), ("C", ""), ("A", "x:y")].map { HTTPRequest.Header($0, $1) }
        #expect(step == .head(HTTPResponseHead(status: 404, headers: headers)))
    }

    @Test(arguments: ["HTTP/2 200 \r\n", "HTTP/1.0 200\n", "HTTP/1.1 200 \r\n"])
    func `a status line needs no reason`(line: String) {
        #expect(parse([line, "\r\n"]) == .head(HTTPResponseHead(status: 200)))
    }

    @Test func `interim heads, folded lines and trailers are dealt with`() {
        let lines = ["HTTP/1.1 100 Continue\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "A: 1\r\n", " 2\r\n", "\r\n"]
        let headers = [HTTPRequest.Header("A", "1 2")]
        #expect(parse(lines) == .head(HTTPResponseHead(status: 200, headers: headers)))
        #expect(parse(lines + ["Trailer: x\r\n"]) == .more)
    }

    @Test(arguments: [
        ["A: 1\r\n"], ["\r\n"], ["HTTP/1.1\r\n"], ["HTTP/1.1 20 OK\r\n"], ["HTTP/1.1 2000 OK\r\n"],
        ["HTTP/1.1 999 OK\r\n"], ["HTTP/1.1 +20 OK\r\n"], ["HTTP/1.1 200 OK\r\n", "no colon\r\n"],
        ["HTTP/1.1 200 OK\r\n", ": x\r\n"], ["HTTP/1.1 200 OK\r\n", " folded\r\n"],
    ])
    func `what is no head is malformed`(lines: [String]) {
        #expect(parse(lines) == .malformed)
    }

    @Test func `a head is bounded`() {
        let line = "A: \(String(repeating: "x", count: 1000))\r\n"
        #expect(parse(["HTTP/1.1 200 OK\r\n"] + [String](repeating: line, count: 400)) == .malformed)
    }
}

@Suite struct WireRequestTests {
    /// Prepares a request without a proxy.
    private func wire(_ request: HTTPRequest) throws -> WireRequest {
        try WireRequest(request, through: ProxySettings(environment: [:]), by: .now, as: .whole(limit: 1))
    }

    @Test(arguments: ["a\r\nX-Evil: 1", "a\nb", "a\rb", "a\0b", "a\u{7F}b"])
    func `a header cannot smuggle another`(value: String) throws {
        let url = WebAddress(host: "h")
        let requests = [
            HTTPRequest(.get, url, headers: [.init("A", value)]), HTTPRequest(.get, url, headers: [.init(value, "x")]),
            HTTPRequest(.get, url, secretHeaders: ["A": Secret(value)]),
            HTTPRequest(.get, url, secretHeaders: [value: "x"]),
            HTTPRequest(.get, url, authorization: .bearer(Secret(value))),
        ]
        for request in requests {
            let error = #expect(throws: OutboundError.self) { try wire(request) }
            #expect(error?.code == .invalidRequest)
            #expect(error?.debugDescription.contains(value) == false)
        }
    }

    @Test(arguments: ["", "a b", "a/b", "a@b", "a?b", "a#b", "a\r\nb", "[::1]", "::1/x", "a%41"])
    func `a host cannot be anything else`(host: String) throws {
        for url in [WebAddress(host: host), WebAddress(scheme: "https", host: host)] {
            #expect(throws: OutboundError.self) { try wire(HTTPRequest(.get, url)) }
        }
        let named = HTTPRequest(
            .get,
            WebAddress(scheme: "https", host: "h"),
            tls: TLSSettings(serverName: host)
        )
        #expect(throws: OutboundError.self) { try wire(named) }
    }

    @Test func `a server name replaces the host for TLS only`() throws {
        let tls = TLSSettings(serverName: "name")
        let secure = try wire(HTTPRequest(.get, WebAddress(scheme: "https", host: "::1", port: 6443), tls: tls))
        #expect(secure.url == "https://name:6443/")
        #expect(secure.connectTo == "::[::1]:6443")
        #expect(secure.headerLines.withValue { $0 }.contains("Host: [::1]:6443"))
        let plain = try wire(HTTPRequest(.get, WebAddress(host: "h"), tls: tls))
        #expect(plain.url == "http://h/")
        #expect(plain.connectTo == nil)
    }

    @Test func `only a request with a body says what it does not say of one`() throws {
        let url = WebAddress(host: "h")
        for request in [HTTPRequest(.get, url), HTTPRequest(.head, url), HTTPRequest(.delete, url)] {
            #expect(try wire(request).headerLines.withValue { $0 } == ["User-Agent: swell"])
        }
        let lines = ["Content-Type:", "Expect:", "User-Agent: swell"]
        for request in [HTTPRequest(.post, url), HTTPRequest(.put, url), HTTPRequest(.get, url, body: [1])] {
            #expect(try wire(request).headerLines.withValue { $0 } == lines)
        }
    }

    @Test func `nothing that can be printed holds a secret`() throws {
        let proxies = try ProxySettings(environment: ["HTTP_PROXY": "http://u:canary@p"])
        let request = HTTPRequest(
            .get,
            WebAddress(host: "h").asking("api_key", "canary-in-the-query"),
            secretHeaders: ["X": "canary"],
            authorization: .basic(user: "u", password: "canary")
        )
        let wire = try WireRequest(request, through: proxies, by: .now, as: .whole(limit: 1))
        #expect(wire.origin == "GET http://h")
        for value in [wire.headerLines as Any, wire.proxy as Any, request.authorization as Any, proxies] {
            var dumped = ""
            dump(value, to: &dumped)
            #expect(!"\(value) \(String(reflecting: value)) \(dumped)".contains("canary"))
        }
    }
}

@Suite struct CurlFailureTests {
    @Test(arguments: [
        (CURLE_COULDNT_RESOLVE_HOST, "", 0, OutboundError.Code.nameResolution),
        (CURLE_COULDNT_CONNECT, "", 0, .cannotConnect),
        (CURLE_GOT_NOTHING, "", 0, .connectionLost), (CURLE_RECV_ERROR, "reset by peer", 0, .connectionLost),
        (CURLE_RECV_ERROR, "SSL_read: tlsv13 alert certificate required", 0, .tls),
        (CURLE_RECV_ERROR, "CONNECT tunnel failed", 407, .unauthorized),
        (CURLE_RECV_ERROR, "CONNECT tunnel failed", 503, .cannotConnect),
        (CURLE_PEER_FAILED_VERIFICATION, "", 0, .tls), (CURLE_SSL_CERTPROBLEM, "", 0, .invalidRequest),
        (CURLE_UNSUPPORTED_PROTOCOL, "Received HTTP/0.9 when not allowed", 0, .malformedAnswer),
        (CURLE_HTTP2_STREAM, "", 0, .connectionLost), (CURLE_OUT_OF_MEMORY, "", 0, .overloaded),
    ])
    func `libcurl's codes are told apart`(
        code: CURLcode,
        message: String,
        connect: Int,
        expected: OutboundError.Code
    ) {
        let failure = CurlFailure(
            code: code,
            message: message,
            origin: "GET http://h",
            connectCode: connect,
            hasOwnAuthorities: false,
            endedUnheard: false
        )
        #expect(failure.error.code == expected)
        #expect(!failure.error.summary.contains("http"), "a summary names no host")
    }

    @Test func `credentials in libcurl's words are cut out`() {
        let failure = CurlFailure(
            code: CURLE_COULDNT_RESOLVE_PROXY,
            message: "Unsupported proxy 'http://user:canary@p:1'",
            origin: "GET http://h",
            connectCode: 0,
            hasOwnAuthorities: false,
            endedUnheard: false
        )
        #expect(failure.error.detail == "GET http://h: Unsupported proxy 'http://p:1' [curl 5]")
    }
}
