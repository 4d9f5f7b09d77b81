import Outbound
import OutboundCurl
import Testing

@Suite struct CancellationTests {
    /// Runs a call in a task, cancels it when the server has come to a point, and expects `.cancelled`.
    private func expectCancelled(
        _ signal: Signal,
        _ call: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await expectFailure(.cancelled) { try await call() } }
            await signal.wait()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test(arguments: [true, false])
    func `a call is cancelled while it waits for the head`(isWhole: Bool) async throws {
        let asked = Signal()
        let gone = Signal()
        let script: ScriptedServer.Script = { connection in
            guard connection.request() != nil else { return }
            asked.raise()
            connection.awaitClose()
            gone.raise()
        }
        try await withServer(script) { server in
            try await withTransport { transport in
                let request = HTTPRequest(.get, server.url, deadline: .seconds(60))
                try await expectCancelled(asked) {
                    if isWhole {
                        _ = try await transport.collect(request, upTo: 10)
                    } else {
                        try await transport.withResponse(to: request) { _, _ in }
                    }
                }
                await gone.wait()
            }
        }
    }

    @Test(arguments: [true, false])
    func `a call is cancelled while it waits for the body`(isWhole: Bool) async throws {
        let sent = Signal()
        let gone = Signal()
        let script: ScriptedServer.Script = { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab")
            sent.raise()
            connection.awaitClose()
            gone.raise()
        }
        try await withServer(script) { server in
            try await withTransport { transport in
                let request = HTTPRequest(.get, server.url, deadline: .seconds(60))
                try await expectCancelled(sent) {
                    if isWhole {
                        _ = try await transport.collect(request, upTo: 10)
                    } else {
                        try await transport.withResponse(to: request) { _, body in _ = try await body.bytes() }
                    }
                }
                await gone.wait()
            }
        }
    }

    @Test func `a call is cancelled while it queues for a connection`() async throws {
        let asked = Signal()
        let script: ScriptedServer.Script = { connection in
            guard connection.request() != nil else { return }
            asked.raise()
            connection.awaitClose()
        }
        try await withServer(script) { server in
            try await withTransport(CurlTransport.Settings(connectionsPerHost: 1)) { transport in
                let request = HTTPRequest(.get, server.url, deadline: .seconds(60))
                // Of two requests one has the connection; the other fails too, or the group would not end.
                try await expectCancelled(asked) {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<2 { group.addTask { _ = try await transport.collect(request, upTo: 10) } }
                        try await group.waitForAll()
                    }
                }
            }
        }
    }

    @Test func `a cancelled task sends nothing`() async throws {
        try await withServer(CurlTransportTests.echo) { server in
            try await withTransport { transport in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.cancelAll()
                    group.addTask {
                        try await expectFailure(.cancelled) {
                            try await transport.collect(HTTPRequest(.get, server.url), upTo: 10)
                        }
                    }
                    try await group.waitForAll()
                }
                // The transport is as good as before.
                #expect(try await transport.collect(HTTPRequest(.get, server.url), upTo: 4096).status == 200)
            }
        }
    }

    @Test func `what the reader throws is thrown on and the transfer ends`() async throws {
        /// An error of the reader's own.
        struct Enough: Error {}
        let gone = Signal()
        let script: ScriptedServer.Script = { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab")
            connection.awaitClose()
            gone.raise()
        }
        try await withServer(script) { server in
            try await withTransport { transport in
                await #expect(throws: Enough.self) {
                    try await transport.withResponse(to: HTTPRequest(.get, server.url)) { _, _ in throw Enough() }
                }
                await gone.wait()
            }
        }
    }

    @Test func `a body that outlives its call is closed`() async throws {
        try await withServer(CurlTransportTests.echo) { server in
            try await withTransport { transport in
                let body = try await transport.withResponse(to: HTTPRequest(.get, server.url)) { _, body in body }
                try await expectFailure(.closed) { try await body.bytes() }
            }
        }
    }
}
