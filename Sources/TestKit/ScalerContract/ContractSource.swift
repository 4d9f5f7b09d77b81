import Outbound
import Synchronization

/// A source of any kind that answers as it is told and notes every call.
///
/// It also plays a server whose answers have no end, and tells whether the scaler would have read on.
final class ContractSource: HTTPTransport, SQLClient {
    /// How many bytes of an answer a scaler may take.
    static let largestAnswer = 16 << 20

    /// What was asked, and within which time.
    enum Call: Sendable, Hashable {
        case http(HTTPRequest)
        case sql(SQLQuery)

        /// How long it may take.
        var deadline: Duration {
            switch self {
            case .http(let request): request.deadline
            case .sql(let query): query.deadline
            }
        }
    }

    /// What was asked, in order.
    private let notes = Mutex<[Call]>([])
    /// Whether more was read of an endless answer than is sane.
    private let greed = Mutex(false)
    /// Gives the answers to HTTP; an endless one for `nil`.
    private let http: @Sendable (HTTPRequest, Int) async throws -> HTTPResponse?
    /// Gives the answers to SQL.
    private let sql: @Sendable (SQLQuery, Int) async throws -> SQLResult

    /// Takes closures that are also told how many calls came before.
    init(
        http: @escaping @Sendable (HTTPRequest, Int) async throws -> HTTPResponse?,
        sql: @escaping @Sendable (SQLQuery, Int) async throws -> SQLResult
    ) {
        self.http = http
        self.sql = sql
    }

    /// Takes closures that answer each call alike.
    convenience init(
        http: @escaping @Sendable (HTTPRequest) throws -> HTTPResponse,
        sql: @escaping @Sendable (SQLQuery) throws -> SQLResult
    ) {
        self.init(http: { request, _ in try http(request) }, sql: { query, _ in try sql(query) })
    }

    /// A source that fails each time.
    static func failing(_ error: OutboundError) -> ContractSource {
        ContractSource(http: { _, _ in throw error }, sql: { _, _ in throw error })
    }

    /// A source that never answers, and tells when it is asked.
    static func silent(asked: @escaping @Sendable () -> Void) -> ContractSource {
        let wait: @Sendable () async -> OutboundError = {
            asked()
            let (stream, continuation) = AsyncStream<Never>.makeStream()
            for await _ in stream {}
            continuation.finish()
            return OutboundError(.cancelled, "the caller was cancelled")
        }
        return ContractSource(http: { _, _ in throw await wait() }, sql: { _, _ in throw await wait() })
    }

    /// What was asked so far, in order.
    var calls: [Call] { notes.withLock { $0 } }

    /// Whether more than ``largestAnswer`` was wanted of an endless answer.
    var wasReadTooFar: Bool { greed.withLock { $0 } }

    /// See `HTTPTransport`.
    func withResponse<Answer: Sendable>(
        to request: HTTPRequest,
        _ use: (HTTPResponseHead, HTTPBody) async throws -> Answer
    ) async throws -> Answer {
        guard let response = try await http(request, note(.http(request))) else {
            return try await use(HTTPResponseHead(status: 200), endlessBody())
        }
        let chunks = Mutex([response.body].filter { !$0.isEmpty })
        return try await use(response.head, HTTPBody { chunks.withLock { $0.popLast() } })
    }

    /// See `HTTPTransport`.
    func collect(_ request: HTTPRequest, upTo limit: Int) async throws -> HTTPResponse {
        let tooLarge = OutboundError(.tooLarge, "the answer is too large")
        guard let response = try await http(request, note(.http(request))) else {
            if limit > Self.largestAnswer { greed.withLock { $0 = true } }
            throw tooLarge
        }
        guard response.body.count <= limit else { throw tooLarge }
        return response
    }

    /// See `SQLClient`.
    func run(_ query: SQLQuery) async throws -> SQLResult {
        try await sql(query, note(.sql(query)))
    }

    /// Notes a call; gives how many came before.
    private func note(_ call: Call) -> Int {
        notes.withLock {
            $0.append(call)
            return $0.count - 1
        }
    }

    /// A body that ends only when more was read than is sane.
    private func endlessBody() -> HTTPBody {
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let read = Mutex(0)
        return HTTPBody {
            let total = read.withLock {
                $0 += chunk.count
                return $0
            }
            if total <= Self.largestAnswer { return chunk }
            self.greed.withLock { $0 = true }
            throw OutboundError(.connectionLost, "the reader takes everything")
        }
    }
}
