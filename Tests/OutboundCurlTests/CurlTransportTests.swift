import Outbound
import OutboundCurl
import Testing

@Suite struct CurlTransportTests {
    /// Answers every request with itself: its line, its headers and its body.
    static let echo: ScriptedServer.Script = { connection in
        while let request = connection.request() {
            let lines = [request.line] + request.headers + ["", String(decoding: request.body, as: UTF8.self)]
            connection.answer(lines.joined(separator: "\n"))
        }
    }

    @Test func `a request is sent as it is written`() async throws {
        try await withServer(Self.echo) { server in
            try await withTransport { transport in
                let request = HTTPRequest(
                    .post,
                    server.url.appending("a b", "..", "c/d").asking("q", "x&y=z"),
                    headers: [.init("Content-Type", "application/json"), .init("X-Empty", "")],
                    secretHeaders: ["X-API-KEY": "abc"],
                    authorization: .bearer("t0ken"),
                    body: [UInt8]("{}".utf8)
                )
                let text = try await transport.collect(request, upTo: 4096).text
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                #expect(lines.first == "POST /a%20b/%2E%2E/c%2Fd?q=x%26y%3Dz HTTP/1.1")
                #expect(
                    lines.dropFirst().dropLast(2).sorted() == [
                        "Accept-Encoding: gzip, deflate", "Accept: */*", "Authorization: Bearer t0ken",
                        "Content-Length: 2", "Content-Type: application/json", "Host: 127.0.0.1:\(server.port)",
                        "User-Agent: swell", "X-API-KEY: abc", "X-Empty:",
                    ]
                )
                #expect(lines.last == "{}")
            }
        }
    }

    @Test(arguments: [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete])
    func `every method is sent with and without a body`(method: HTTPRequest.Method) async throws {
        try await withServer(Self.echo) { server in
            try await withTransport { transport in
                for body in method == .head ? [""] : ["", "some body"] {
                    let request = HTTPRequest(method, server.url, body: [UInt8](body.utf8))
                    let response = try await transport.collect(request, upTo: 4096)
                    #expect(response.status == 200)
                    if method == .head {
                        #expect(response.body.isEmpty)
                    } else {
                        #expect(response.text.hasPrefix("\(method.rawValue) / HTTP/1.1\n"))
                        #expect(response.text.hasSuffix("\n\n\(body)"))
                        #expect(!response.text.contains("urlencoded"))
                    }
                }
            }
        }
    }
}
