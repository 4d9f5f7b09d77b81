import Outbound
import Synchronization
import Testing

@Suite struct ObservedTransportTests {
    /// Answers with a status, or not at all.
    struct Answering: HTTPTransport {
        let status: Int?

        func withResponse<Answer: Sendable>(
            to request: HTTPRequest,
            _ use: (HTTPResponseHead, HTTPBody) async throws -> Answer
        ) async throws -> Answer {
            let response = try await collect(request, upTo: 0)
            return try await use(response.head, HTTPBody { nil })
        }

        func collect(_ request: HTTPRequest, upTo limit: Int) async throws -> HTTPResponse {
            guard let status else { throw OutboundError(.cannotConnect, "nobody listens") }
            return HTTPResponse(status: status)
        }
    }

    /// What went wrong after the head.
    struct Trouble: Error {}

    /// A clock that is a second later each time it is read.
    static func time() -> TimeSource {
        let reads = Mutex(0)
        let uptime: @Sendable () -> Duration = {
            reads.withLock { reads in
                reads += 1
                return .seconds(reads)
            }
        }
        return TimeSource(now: TimeSource.system.now, uptime: uptime, sleep: { _ in })
    }

    @Test(arguments: [200, 404, 503, nil])
    func `every request is told once, with its status or none`(status: Int?) async throws {
        let told = Mutex<[Int?]>([])
        let transport = ObservedTransport(Answering(status: status), time: Self.time()) { request, status, duration in
            #expect(request.url.host == "db" && duration == .seconds(1))
            told.withLock { $0.append(status) }
        }
        let request = HTTPRequest(.get, WebAddress(host: "db"))
        // That there is no answer is told above, which is what this test is about.
        _ = try? await transport.collect(request, upTo: 10)
        _ = try? await transport.withResponse(to: request) { head, _ in head.status }
        #expect(told.withLock { $0 } == [status, status])
    }

    @Test func `what fails after the head is told by the head alone`() async throws {
        let told = Mutex<[Int?]>([])
        let transport = ObservedTransport(Answering(status: 200), time: Self.time()) { _, status, _ in
            told.withLock { $0.append(status) }
        }
        await #expect(throws: Trouble.self) {
            try await transport.withResponse(to: HTTPRequest(.get, WebAddress(host: "db"))) { _, _ in throw Trouble() }
        }
        #expect(told.withLock { $0 } == [200])
    }
}
