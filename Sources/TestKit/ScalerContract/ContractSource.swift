import Outbound
import ScalerKit
import Synchronization

/// A source of any kind that answers as it is told and notes every call.
///
/// It also plays a server whose answers have no end, and tells whether the scaler would have read on.
final class ContractSource: HTTPTransport, SQLClient, ClusterReader {
    /// How many bytes of an answer a scaler may take.
    static let largestAnswer = 16 << 20

    /// What was asked, and within which time.
    enum Call: Sendable, Hashable {
        case http(HTTPRequest)
        case sql(SQLQuery)
        case pods(PodQuery)
        case data(DataQuery)

        /// How long it may take.
        var deadline: Duration {
            switch self {
            case .http(let request): request.deadline
            case .sql(let query): query.deadline
            case .pods(let query): query.deadline
            case .data(let query): query.deadline
            }
        }
    }

    /// What is said to a call; to one of another kind it means nothing.
    enum Answer: Sendable {
        case http(HTTPResponse)
        case sql(SQLResult)
        case pods(PodCount)
        case data([String: Secret<String>]?)
        /// An HTTP answer without end.
        case endless
        /// No answer.
        case failure(OutboundError)
    }

    /// What was asked, in order.
    private let notes = Mutex<[Call]>([])
    /// Whether more was read of an endless answer than is sane.
    private let greed = Mutex(false)
    /// Gives the answers; it is also told how many calls came before.
    private let answer: @Sendable (Call, Int) async throws -> Answer

    /// Takes the closure that gives the answers.
    init(_ answer: @escaping @Sendable (Call, Int) async throws -> Answer) {
        self.answer = answer
    }

    /// A source that fails each time.
    static func failing(_ error: OutboundError) -> ContractSource {
        ContractSource { _, _ in .failure(error) }
    }

    /// A source that never answers, and tells when it is asked.
    static func silent(asked: @escaping @Sendable () -> Void) -> ContractSource {
        ContractSource { _, _ in
            asked()
            let (stream, continuation) = AsyncStream<Never>.makeStream()
            for await _ in stream {}
            continuation.finish()
            return .failure(OutboundError(.cancelled, "the caller was cancelled"))
        }
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
        guard case .http(let response) = try await say(.http(request)) else {
            return try await use(HTTPResponseHead(status: 200), endlessBody())
        }
        let chunks = Mutex([response.body].filter { !$0.isEmpty })
        return try await use(response.head, HTTPBody { chunks.withLock { $0.popLast() } })
    }

    /// See `HTTPTransport`.
    func collect(_ request: HTTPRequest, upTo limit: Int) async throws -> HTTPResponse {
        let tooLarge = OutboundError(.tooLarge, "the answer is too large")
        guard case .http(let response) = try await say(.http(request)) else {
            if limit > Self.largestAnswer { greed.withLock { $0 = true } }
            throw tooLarge
        }
        guard response.body.count <= limit else { throw tooLarge }
        return response
    }

    /// See `SQLClient`.
    func run(_ query: SQLQuery) async throws -> SQLResult {
        guard case .sql(let result) = try await say(.sql(query)) else { return .empty }
        return result
    }

    /// See `ClusterReader`.
    func count(_ query: PodQuery) async throws -> PodCount {
        guard case .pods(let count) = try await say(.pods(query)) else { return PodCount() }
        return count
    }

    /// See `ClusterReader`.
    func data(_ query: DataQuery) async throws -> [String: Secret<String>]? {
        guard case .data(let data) = try await say(.data(query)) else { return nil }
        return data
    }

    /// Notes a call and gives its answer.
    private func say(_ call: Call) async throws -> Answer {
        let index = notes.withLock {
            $0.append(call)
            return $0.count - 1
        }
        let answer = try await answer(call, index)
        if case .failure(let error) = answer { throw error }
        return answer
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
