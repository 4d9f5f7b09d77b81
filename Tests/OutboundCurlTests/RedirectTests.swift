import Outbound
import Testing

@testable import OutboundCurl

@Suite struct RedirectTests {
    /// A request with every kind of credential.
    private static func request(_ method: HTTPRequest.Method, _ url: String) throws -> HTTPRequest {
        HTTPRequest(
            method,
            try WebAddress.parse(url).address,
            headers: [.init("Accept", "text/plain"), .init("Cookie", "a=b")],
            secretHeaders: ["X-API-KEY": "k"],
            authorization: .bearer("t")
        )
    }

    @Test(arguments: [
        ("http://a/x", "/y?z=1", "http://a/y?z=1", true),
        ("http://a/x/y", "../z", "http://a/z", true),
        ("http://a:80/x", "http://A/y", "http://A/y", true),
        ("http://a/x", "https://a/x", "https://a/x", true),
        ("https://a/x", "http://a/x", "http://a/x", false),
        ("http://a/x", "http://a:8080/x", "http://a:8080/x", false),
        ("http://a/x", "https://a:8443/x", "https://a:8443/x", false),
        ("http://a/x", "http://b/x", "http://b/x", false),
        ("http://a/x", "//b/x", "http://b/x", false),
        ("http://a/x", "http://a.b/x", "http://a.b/x", false),
        ("http://a/x", "http://a@b/x", "http://b/x", false),
    ])
    func `credentials stay with their host`(from: String, location: String, to: String, keeps: Bool) throws {
        for method in [HTTPRequest.Method.get, .head] {
            for status in [301, 302, 303, 307, 308] {
                let head = HTTPResponseHead(status: status, headers: [.init("location", location)])
                let request = try Self.request(method, from)
                let next = try request.redirected(to: #require(request.redirect(in: head)))
                #expect(next.url.description == to)
                #expect(next.method == method)
                #expect((next.authorization != nil) == keeps)
                #expect(next.secretHeaders.isEmpty != keeps)
                #expect(next.headers.map(\.name) == (keeps ? ["Accept", "Cookie"] : ["Accept"]))
            }
        }
    }

    @Test func `other answers and other methods stand`() throws {
        let location = [HTTPRequest.Header("Location", "/y")]
        for status in [200, 201, 300, 304, 305, 400] {
            let head = HTTPResponseHead(status: status, headers: location)
            #expect(try Self.request(.get, "http://a/").redirect(in: head) == nil)
        }
        #expect(try Self.request(.get, "http://a/").redirect(in: HTTPResponseHead(status: 302)) == nil)
        for method in [HTTPRequest.Method.post, .put, .patch, .delete] {
            let head = HTTPResponseHead(status: 302, headers: location)
            #expect(try Self.request(method, "http://a/").redirect(in: head) == nil)
        }
    }

    @Test(arguments: ["ftp://a/", "file:///etc/passwd", "gopher://a/", "http://", "http://a:99999/"])
    func `a redirect to anything but the web is an error`(location: String) throws {
        let error = #expect(throws: OutboundError.self) {
            try Self.request(.get, "http://a/").redirected(to: location)
        }
        #expect(error?.code == .malformedAnswer)
    }

    @Test func `redirects are followed, and not for ever`() async throws {
        let script: ScriptedServer.Script = { connection in
            while let request = connection.request() {
                if request.target == "/nowhere" {
                    connection.answer("", status: "302 Found", headers: ["Location: ftp://127.0.0.1/"])
                    continue
                }
                let hop = Int(request.target.dropFirst()) ?? 0
                if hop == 0 {
                    connection.answer("\(connection.number)")
                } else {
                    connection.answer("see there", status: "302 Found", headers: ["Location: /\(hop - 1)"])
                }
            }
        }
        try await withServer(script) { server in
            try await withTransport { transport in
                let ten = HTTPRequest(.get, server.url.appending("10"))
                #expect(try await transport.collect(ten, upTo: 100).text == "1")
                let streamed = try await transport.withResponse(to: ten) { _, body in try await body.bytes() }
                #expect(!streamed.isEmpty)
                let eleven = HTTPRequest(.get, server.url.appending("11"))
                try await expectFailure(.malformedAnswer) { try await transport.collect(eleven, upTo: 100) }
                let nowhere = HTTPRequest(.get, server.url.appending("nowhere"))
                try await expectFailure(.malformedAnswer) { try await transport.collect(nowhere, upTo: 100) }
            }
        }
    }

    @Test func `a key does not follow a redirect to another server`() async throws {
        try await withServer(CurlTransportTests.echo) { other in
            let script: ScriptedServer.Script = { connection in
                guard connection.request() != nil else { return }
                connection.answer("", status: "307 Temporary Redirect", headers: ["Location: \(other.url)"])
            }
            try await withServer(script) { server in
                try await withTransport { transport in
                    let request = HTTPRequest(
                        .get,
                        server.url,
                        secretHeaders: ["X-API-KEY": "canary"],
                        authorization: .basic(user: "u", password: "canary")
                    )
                    let text = try await transport.collect(request, upTo: 4096).text
                    #expect(text.hasPrefix("GET / HTTP/1.1"))
                    #expect(!text.lowercased().contains("x-api-key") && !text.contains("Authorization"))
                }
            }
        }
    }
}
