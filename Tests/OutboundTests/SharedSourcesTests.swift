import Outbound
import Synchronization
import TestKit
import Testing

@Suite struct SharedSourcesTests {
    /// Answers each request with its number, or fails.
    final class Counting: HTTPTransport, SQLClient {
        let questions = Mutex(0)
        let body: Int
        let fails: Bool
        let status: Int?

        init(body: Int = 10, fails: Bool = false, status: Int? = nil) {
            self.body = body
            self.fails = fails
            self.status = status
        }

        /// Counts a question.
        private func count() async throws -> Int {
            let number = questions.withLock {
                $0 += 1
                return $0
            }
            // Whoever else asks now asks while this one is under way.
            for _ in 0..<10 { await Task.yield() }
            if fails { throw OutboundError(.cannotConnect, "nothing listens there") }
            return number
        }

        /// Counts a question, and gives a status that tells its number.
        private func answered() async throws -> Int {
            let number = try await count()
            return status ?? 200 + number
        }

        func withResponse<Answer: Sendable>(
            to request: HTTPRequest,
            _ use: (HTTPResponseHead, HTTPBody) async throws -> Answer
        ) async throws -> Answer {
            _ = try await count()
            return try await use(HTTPResponseHead(status: 200), HTTPBody { nil })
        }

        func collect(_ request: HTTPRequest, upTo limit: Int) async throws -> HTTPResponse {
            HTTPResponse(status: try await answered(), body: Array(repeating: 0, count: body))
        }

        func run(_ query: SQLQuery) async throws -> SQLResult {
            let text = String(repeating: "x", count: body)
            return SQLResult(columns: [], firstRow: ["\(try await count())", text])
        }
    }

    let clock = ManualClock()
    var url: WebAddress { WebAddress(host: "p", port: 9090) }

    /// How many of so many equal requests reach a source, asked at once and again after a while, and with two queries.
    func asked(
        _ source: Counting,
        by crowd: Int = 50,
        _ change: (inout HTTPRequest) -> Void = { _ in },
        after: Duration
    ) async -> [Int] {
        let shared = SharedSources(time: clock.source)
        var request = HTTPRequest(.get, url)
        change(&request)
        let query = SQLQuery("SELECT 1", on: Secret("postgresql://h/d"), deadline: .seconds(3))
        var counts: [Int] = []
        for round in 0..<2 {
            if round == 1 { clock.advance(by: after) }
            await withTaskGroup { group in
                for _ in 0..<crowd {
                    group.addTask { [request] in
                        _ = try? await SharingTransport(source, sharing: shared).collect(request, upTo: 100_000)
                    }
                }
            }
            counts.append(source.questions.withLock { $0 })
        }
        for _ in 0..<2 { _ = try? await SharingSQLClient(source, sharing: shared).run(query) }
        counts.append(source.questions.withLock { $0 })
        return counts
    }

    @Test func `equal questions of one moment are asked once, those of the next one anew`() async {
        #expect(await asked(Counting(), after: .milliseconds(499)) == [1, 1, 2])
        #expect(await asked(Counting(), after: .milliseconds(500)) == [1, 2, 3])
    }

    @Test(arguments: [401, 429, 503]) func `a refusal is not kept`(
        status: Int
    ) async {
        #expect(await asked(Counting(status: status), by: 1, after: .zero) == [1, 2, 3])
    }

    @Test func `a large answer is not kept`() async {
        #expect(await asked(Counting(body: 20_000), by: 1, after: .zero) == [1, 2, 4])
    }

    @Test func `what changes something is never shared`() async {
        #expect(await asked(Counting(), { $0.method = .post }, after: .zero) == [50, 100, 101])
    }

    @Test func `others' words are another question`() async throws {
        let (source, shared) = (Counting(), SharedSources(time: clock.source))
        let transport = SharingTransport(source, sharing: shared)
        var request = HTTPRequest(.get, url)
        let changes: [(inout HTTPRequest) -> Void] = [
            { _ in }, { $0.url = $0.url.asking("query", "x") }, { $0.authorization = .bearer(Secret("a")) },
            { $0.authorization = .bearer(Secret("b")) }, { $0.headers = [HTTPRequest.Header("X-Scope-OrgID", "1")] },
            { $0.deadline = .seconds(9) }, { $0.tls.skipsVerification = true },
        ]
        var statuses: [Int] = []
        for change in changes {
            change(&request)
            statuses.append(try await transport.collect(request, upTo: 100).status)
        }
        #expect(statuses == (1...changes.count).map { 200 + $0 })
    }

    @Test func `a failure is not kept`() async {
        #expect(await asked(Counting(fails: true), by: 1, after: .zero) == [1, 2, 4])
    }
}
