import Outbound
import OutboundCurl
import Synchronization
import Testing

@Suite struct ConnectionTests {
    /// Answers each request with the number of its connection.
    static let numbered: ScriptedServer.Script = { connection in
        while connection.request() != nil { connection.answer("\(connection.number)") }
    }

    @Test func `requests in a row share a connection`() async throws {
        try await withServer(Self.numbered) { server in
            try await withTransport { transport in
                for _ in 0..<20 {
                    let text = try await transport.collect(HTTPRequest(.get, server.url), upTo: 10).text
                    #expect(text == "1")
                }
                // Streams have connections of their own, and one that is read to its end gives its back too.
                for _ in 0..<3 {
                    let bytes = try await transport.withResponse(to: HTTPRequest(.get, server.url)) { _, body in
                        try await body.bytes()
                    }
                    #expect(bytes == [UInt8]("2".utf8))
                }
                #expect(server.accepted == 2)
            }
        }
    }

    @Test func `without keep-alive each request has its own connection`() async throws {
        try await withServer(Self.numbered) { server in
            try await withTransport(CurlTransport.Settings(keepsConnections: false)) { transport in
                for number in 1...3 {
                    let text = try await transport.collect(HTTPRequest(.get, server.url), upTo: 10).text
                    #expect(text == "\(number)")
                }
            }
        }
    }

    @Test func `a connection that the server has closed is replaced unnoticed`() async throws {
        let script: ScriptedServer.Script = { connection in
            if connection.request() != nil { connection.answer("\(connection.number)") }
        }
        try await withServer(script) { server in
            try await withTransport { transport in
                for number in 1...10 {
                    let text = try await transport.collect(HTTPRequest(.get, server.url), upTo: 10).text
                    #expect(text == "\(number)")
                }
            }
        }
    }

    @Test func `five hundred requests at once share the connections of a host`() async throws {
        try await withServer(Self.numbered) { server in
            try await withTransport(CurlTransport.Settings(connectionsPerHost: 16)) { transport in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for index in 0..<500 {
                        let url = server.url.appending("\(index)")
                        group.addTask {
                            try await transport.collect(HTTPRequest(.get, url, deadline: .seconds(60)), upTo: 10).status
                        }
                    }
                    for try await status in group { #expect(status == 200) }
                }
                #expect(server.accepted <= 16)
            }
        }
    }

    @Test func `one request too many is refused at once`() async throws {
        let first = Signal()
        let script: ScriptedServer.Script = { connection in
            guard connection.request() != nil else { return }
            first.raise()
            connection.awaitClose()
        }
        try await withServer(script) { server in
            try await withTransport(CurlTransport.Settings(transferLimit: 1)) { transport in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        let request = HTTPRequest(.get, server.url, deadline: .seconds(60))
                        try await expectFailure(.cancelled) { try await transport.collect(request, upTo: 10) }
                    }
                    await first.wait()
                    let error = try await expectFailure(.overloaded) {
                        try await transport.collect(HTTPRequest(.get, server.url), upTo: 10)
                    }
                    #expect(error.isRetryable)
                    group.cancelAll()
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func `nothing listens`() async throws {
        try await withTransport { transport in
            // Port 1 is tcpmux, which nobody has run for decades.
            let request = HTTPRequest(.get, WebAddress(host: "127.0.0.1", port: 1))
            try await expectFailure(.cannotConnect) { try await transport.collect(request, upTo: 10) }
        }
    }

    @Test func `a name that does not exist`() async throws {
        try await withTransport { transport in
            let request = HTTPRequest(.get, WebAddress(host: "swell.invalid"), deadline: .seconds(60))
            try await expectFailure(.nameResolution) { try await transport.collect(request, upTo: 10) }
        }
    }

    @Test func `an HTTP/2 connection whose peer has vanished is given up, and a new one made`() async throws {
        let relays = Mutex<[ServerConnection]>([])
        try await withNginx { nginx in
            let target = try #require(nginx.secure.port)
            let script: ScriptedServer.Script = { connection in
                relays.withLock { $0.append(connection) }
                try? connection.relay(to: target)  // An end is an end.
            }
            try await withServer(script) { server in
                try await withTransport(CurlTransport.Settings(acknowledgementLimit: .milliseconds(300))) { transport in
                    let url = WebAddress(scheme: "https", host: "127.0.0.1", port: server.port)
                    let first = try await transport.collect(HTTPRequest(.get, url, tls: nginx.trust), upTo: 100)
                    #expect(first.text.contains("HTTP/2.0"))
                    try #require(relays.withLock { $0.first }).goDeaf()
                    let end = ContinuousClock.now + .seconds(20)
                    var isAnswered = false
                    while !isAnswered, ContinuousClock.now < end {
                        let hasty = HTTPRequest(.get, url, tls: nginx.trust, deadline: .milliseconds(500))
                        // The first of them fail: nothing tells that the peer is gone but its silence.
                        isAnswered = (try? await transport.collect(hasty, upTo: 100)) != nil
                    }
                    #expect(isAnswered && server.accepted >= 2)
                }
            }
        }
    }
}
