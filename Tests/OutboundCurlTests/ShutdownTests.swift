import Outbound
import OutboundCurl
import Testing

@Suite struct ShutdownTests {
    @Test func `closing ends every call and every connection`() async throws {
        let asked = (0..<3).map { _ in Signal() }
        let gone = (0..<3).map { _ in Signal() }
        let script: ScriptedServer.Script = { connection in
            guard let request = connection.request(), let index = Int(request.target.dropFirst()) else { return }
            // The first has a head, the others have nothing.
            if index == 0 { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab") }
            asked[index].raise()
            connection.awaitClose()
            gone[index].raise()
        }
        try await withServer(script) { server in
            let transport = try CurlTransport(environment: [:])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<3 {
                    let url = server.url.appending("\(index)")
                    group.addTask {
                        let request = HTTPRequest(.get, url, deadline: .seconds(60))
                        try await expectFailure(.closed) {
                            if index == 2 {
                                _ = try await transport.collect(request, upTo: 10)
                            } else {
                                try await transport.withResponse(to: request) { _, body in _ = try await body.bytes() }
                            }
                        }
                    }
                }
                for signal in asked { await signal.wait() }
                await transport.close()
                try await group.waitForAll()
            }
            for signal in gone { await signal.wait() }
        }
    }

    @Test func `a closed transport takes no request and may be closed again`() async throws {
        let transport = try CurlTransport(environment: [:])
        await transport.close()
        await transport.close()
        let error = try await expectFailure(.closed) {
            try await transport.collect(HTTPRequest(.get, WebAddress(host: "127.0.0.1")), upTo: 10)
        }
        #expect(!error.isRetryable)
    }

    @Test func `many may wait for the end`() async throws {
        let transport = try CurlTransport(environment: [:])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { await transport.close() } }
        }
    }

    @Test func `a transport that is dropped lets its connections go`() async throws {
        let gone = Signal()
        let script: ScriptedServer.Script = { connection in
            while connection.request() != nil { connection.answer("x") }
            gone.raise()
        }
        try await withServer(script) { server in
            do {
                let transport = try CurlTransport(environment: [:])
                #expect(try await transport.collect(HTTPRequest(.get, server.url), upTo: 10).text == "x")
            }
            await gone.wait()
        }
    }

    @Test func `requests that race with the end are answered or closed`() async throws {
        try await withServer(ConnectionTests.numbered) { server in
            for _ in 0..<20 {
                let transport = try CurlTransport(environment: [:])
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<20 {
                        group.addTask {
                            do {
                                _ = try await transport.collect(HTTPRequest(.get, server.url), upTo: 10)
                            } catch {
                                #expect((error as? OutboundError)?.code == .closed)
                            }
                        }
                    }
                    group.addTask { await transport.close() }
                }
            }
        }
    }
}
