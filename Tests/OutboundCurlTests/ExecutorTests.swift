import Foundation
import Outbound
import OutboundCurl
import Testing

@Suite struct ExecutorTests {
    /// The name of the thread that runs this.
    private static func thread() -> String? { Thread.current.name }

    /// What runs where a task prefers.
    private func named() async -> String? { Self.thread() }

    @Test func `tasks run on the loop's thread, and send from there`() async throws {
        let script: ScriptedServer.Script = { connection in
            while connection.request() != nil { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab") }
        }
        try await withServer(script) { server in
            try await withCurlTransport(environment: [:]) { transport in
                let bodies = try await withTaskExecutorPreference(transport.executor) {
                    #expect(await named() == "swell-curl")
                    return try await withThrowingTaskGroup(of: [UInt8].self) { group in
                        for _ in 0..<100 {
                            group.addTask {
                                let answer = try await transport.collect(HTTPRequest(.get, server.url), upTo: 10)
                                #expect(Self.thread() == "swell-curl")
                                return answer.body
                            }
                        }
                        return try await group.reduce(into: []) { $0.append($1) }
                    }
                }
                #expect(bodies == [[UInt8]](repeating: Array("ab".utf8), count: 100))
            }
        }
    }

    @Test func `what is left when the loop ends runs elsewhere`() async throws {
        let transport = try CurlTransport(environment: [:])
        let ended = await withTaskExecutorPreference(transport.executor) {
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        for _ in 0..<10 { await Task.yield() }
                        return true
                    }
                }
                await transport.close()
                return await group.reduce(into: 0) { count, _ in count += 1 }
            }
        }
        #expect(ended == 100)
        let name = await withTaskExecutorPreference(transport.executor) { await named() }
        #expect(name != "swell-curl")
    }
}
