import Outbound
import OutboundCurl
import Synchronization
import Testing

@Suite struct DeadlineTests {
    /// Answers nothing.
    static let silent: ScriptedServer.Script = { $0.awaitClose() }
    /// Sends a head and two bytes of ten, and no more.
    static let stalled: ScriptedServer.Script = { connection in
        guard connection.request() != nil else { return }
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab")
        connection.awaitClose()
    }

    @Test(arguments: [Duration.zero, .milliseconds(50), .milliseconds(300)])
    func `a silent server ends at the deadline`(deadline: Duration) async throws {
        try await withServer(Self.silent) { server in
            try await withTransport { transport in
                let request = HTTPRequest(.get, server.url, deadline: deadline)
                let error = try await expectFailure(.timedOut) { try await transport.collect(request, upTo: 10) }
                #expect(error.isRetryable)
                try await expectFailure(.timedOut) { try await transport.withResponse(to: request) { _, _ in } }
            }
        }
    }

    @Test func `the deadline covers the whole of a gathered answer`() async throws {
        try await withServer(Self.stalled) { server in
            try await withTransport { transport in
                let request = HTTPRequest(.get, server.url, deadline: .milliseconds(100))
                try await expectFailure(.timedOut) { try await transport.collect(request, upTo: 10) }
            }
        }
    }

    @Test func `nothing is sent past the deadline, not even on a connection that is open`() async throws {
        let asked = Mutex(0)
        let script: ScriptedServer.Script = { connection in
            while connection.request() != nil {
                asked.withLock { $0 += 1 }
                connection.answer("")
            }
        }
        try await withServer(script) { server in
            try await withTransport { transport in
                _ = try await transport.collect(HTTPRequest(.get, server.url), upTo: 10)
                // As after a suspension of the process: the time was over before the loop came to it.
                let late = HTTPRequest(.post, server.url, deadline: .seconds(1), begun: .now - .seconds(2))
                try await expectFailure(.timedOut) { try await transport.collect(late, upTo: 10) }
                try await expectFailure(.timedOut) { try await transport.withResponse(to: late) { _, _ in } }
                // On the same connection, so that what came before it has been read.
                _ = try await transport.collect(HTTPRequest(.get, server.url), upTo: 10)
                #expect(asked.withLock { $0 } == 2 && server.accepted == 1)
            }
        }
    }

    @Test func `the deadline of a stream ends with its head, and then silence counts`() async throws {
        let request = { (server: ScriptedServer) in
            HTTPRequest(.get, server.url, deadline: .seconds(30), idleLimit: .milliseconds(100))
        }
        try await withServer(Self.stalled) { server in
            try await withTransport { transport in
                let read = Mutex([UInt8]())
                let error = try await expectFailure(.timedOut) {
                    try await transport.withResponse(to: request(server)) { _, body in
                        for try await chunk in body { read.withLock { $0 += chunk } }
                    }
                }
                #expect(read.withLock { $0 } == [UInt8]("ab".utf8))
                #expect(error.summary == "the server stopped sending")
            }
        }
    }

    @Test func `a stream without an idle limit outlives its deadline`() async throws {
        let goOn = Signal()
        let script: ScriptedServer.Script = { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na")
            goOn.waitBlocking()
            connection.send("b")
        }
        try await withServer(script) { server in
            try await withTransport { transport in
                let stream = HTTPRequest(.get, server.url, deadline: .milliseconds(200))
                let text = try await transport.withResponse(to: stream) { _, body in
                    // Another request's deadline, later than the stream's, is the clock here.
                    let other = HTTPRequest(.get, server.url.appending("silent"), deadline: .milliseconds(400))
                    try await expectFailure(.timedOut) { try await transport.collect(other, upTo: 10) }
                    goOn.raise()
                    return try await body.bytes()
                }
                #expect(text == [UInt8]("ab".utf8))
            }
        }
    }

    @Test func `waiting for a connection counts towards the deadline`() async throws {
        try await withServer(Self.stalled) { server in
            let settings = CurlTransport.Settings(connectionsPerHost: 1)
            try await withTransport(settings) { transport in
                try await transport.withResponse(to: HTTPRequest(.get, server.url)) { _, _ in
                    // Another stream: whole answers have connections of their own.
                    let second = HTTPRequest(.get, server.url, deadline: .milliseconds(100))
                    try await expectFailure(.timedOut) { try await transport.withResponse(to: second) { _, _ in } }
                }
                #expect(server.accepted == 1)
            }
        }
    }
}
