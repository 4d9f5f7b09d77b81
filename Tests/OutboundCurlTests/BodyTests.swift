import Outbound
import OutboundCurl
import Synchronization
import Testing

@Suite struct BodyTests {
    @Test func `a reader that sleeps holds its server back`() async throws {
        let total = 64 * 1024 * 1024
        let heldBack = Signal()
        let sentSoFar = Mutex(Int?.none)
        let script: ScriptedServer.Script = { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let sent = connection.sendUntilHeldBack(total)
            sentSoFar.withLock { $0 = sent }
            heldBack.raise()
            if let sent { connection.sendFiller(total - sent) }
            connection.awaitClose()
        }
        try await withServer(script) { server in
            try await withTransport { transport in
                // Silence while the reader sleeps is not the server's.
                let request = HTTPRequest(.get, server.url, idleLimit: .milliseconds(400))
                let (count, longest) = try await transport.withResponse(to: request) { _, body in
                    await heldBack.wait()
                    var (count, longest) = (0, 0)
                    for try await chunk in body {
                        count += chunk.count
                        longest = max(longest, chunk.count)
                    }
                    return (count, longest)
                }
                #expect(count == total)
                #expect(longest <= 64 * 1024 + 16 * 1024, "what waits in memory stays small")
                // The kernel's buffers take some megabytes; without holding back all would have gone out.
                #expect(try #require(sentSoFar.withLock { $0 }) < total / 2)
            }
        }
    }

    @Test(arguments: [(9, false), (10, true), (11, true)])
    func `a body may be as long as the limit and no longer`(limit: Int, isEnough: Bool) async throws {
        let script: ScriptedServer.Script = { connection in
            while connection.request() != nil { connection.answer("0123456789") }
        }
        try await withServer(script) { server in
            try await withTransport { transport in
                let request = HTTPRequest(.get, server.url)
                if isEnough {
                    #expect(try await transport.collect(request, upTo: limit).text == "0123456789")
                } else {
                    let error = try await expectFailure(.tooLarge) { try await transport.collect(request, upTo: limit) }
                    #expect(!error.isRetryable)
                }
            }
        }
    }

    @Test func `an endless body is cut off`() async throws {
        let gone = Signal()
        let script: ScriptedServer.Script = { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.sendFiller(1_000_000) {}
            gone.raise()
        }
        try await withServer(script) { server in
            try await withTransport { transport in
                try await expectFailure(.tooLarge) {
                    try await transport.collect(HTTPRequest(.get, server.url), upTo: 1_000_000)
                }
                await gone.wait()
            }
        }
    }

    @Test func `chunks arrive as they are sent`() async throws {
        let read = Signal()
        let script: ScriptedServer.Script = { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
            read.waitBlocking()
            connection.send("3\r\ntwo\r\n0\r\nX-Trailer: ignored\r\n\r\n")
            connection.awaitClose()
        }
        try await withServer(script) { server in
            try await withTransport { transport in
                try await transport.withResponse(to: HTTPRequest(.get, server.url)) { head, body in
                    #expect(head.status == 200)
                    #expect(head["transfer-encoding"] == "chunked")
                    var chunks = body.makeAsyncIterator()
                    let first = try await chunks.next()
                    #expect(first == [UInt8]("one".utf8))
                    read.raise()
                    let rest = try await [chunks.next(), chunks.next(), chunks.next()]
                    #expect(rest == [[UInt8]("two".utf8), nil, nil])
                }
            }
        }
    }

    @Test(arguments: [true, false])
    func `a server that closes in the middle is a lost connection`(isWhole: Bool) async throws {
        let script: ScriptedServer.Script = { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab")
        }
        try await withServer(script) { server in
            try await withTransport { transport in
                let request = HTTPRequest(.get, server.url)
                let error = try await expectFailure(.connectionLost) {
                    if isWhole {
                        _ = try await transport.collect(request, upTo: 10)
                    } else {
                        try await transport.withResponse(to: request) { _, body in _ = try await body.bytes() }
                    }
                }
                #expect(error.isRetryable)
            }
        }
    }

    @Test(arguments: [
        ("", OutboundError.Code.connectionLost),
        ("220 mail.example ESMTP\r\n", .malformedAnswer),
        ("HTTP/1.1 banana\r\n\r\n", .malformedAnswer),
        ("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", .malformedAnswer),
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", .malformedAnswer),
    ])
    func `an answer that is not HTTP is an error`(answer: String, code: OutboundError.Code) async throws {
        let script: ScriptedServer.Script = { connection in
            guard connection.request() != nil else { return }
            connection.send(answer)
        }
        try await withServer(script) { server in
            try await withTransport { transport in
                try await expectFailure(code) { try await transport.collect(HTTPRequest(.get, server.url), upTo: 100) }
            }
        }
    }

    @Test func `garbage of any kind is an error and nothing worse`() async throws {
        var random = SplitMix64(seed: 20_260_401)
        for round in 0..<20 {
            let bytes = (0..<10_000).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            // Every other one begins well, so that the garbage is in the head.
            let answer = (round.isMultiple(of: 2) ? [] : [UInt8]("HTTP/1.1 200 OK\r\n".utf8)) + bytes
            let script: ScriptedServer.Script = { connection in
                guard connection.request() != nil else { return }
                connection.send(answer)
            }
            try await withServer(script) { server in
                try await withTransport { transport in
                    await #expect(throws: OutboundError.self) {
                        try await transport.collect(HTTPRequest(.get, server.url), upTo: 100)
                    }
                }
            }
        }
    }

    @Test func `a head without an end is cut off`() async throws {
        let gone = Signal()
        let script: ScriptedServer.Script = { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\n")
            while connection.send("X-More: \(String(repeating: "x", count: 1000))\r\n") {}
            gone.raise()
        }
        try await withServer(script) { server in
            try await withTransport { transport in
                try await expectFailure(.malformedAnswer) {
                    try await transport.collect(HTTPRequest(.get, server.url, deadline: .seconds(30)), upTo: 100)
                }
                await gone.wait()
            }
        }
    }

    @Test func `interim answers are skipped`() async throws {
        let script: ScriptedServer.Script = { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
            connection.answer("done", status: "201 Created")
        }
        try await withServer(script) { server in
            try await withTransport { transport in
                let response = try await transport.collect(HTTPRequest(.get, server.url), upTo: 100)
                #expect(response.status == 201)
                #expect(response.head.headers == [HTTPRequest.Header("Content-Length", "4")])
            }
        }
    }
}

/// A repeatable source of random numbers.
private struct SplitMix64: RandomNumberGenerator {
    /// Where the sequence stands.
    private var state: UInt64

    /// The sequence of a seed.
    init(seed: UInt64) { state = seed }

    /// The next number.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
