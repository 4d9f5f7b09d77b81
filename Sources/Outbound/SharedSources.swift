/// Answers of sources, so that a question that many triggers ask at one time is asked once.
///
/// Two questions are one when they are equal word for word, credentials and deadline included.
public struct SharedSources: Sendable {
    /// A request and how much of its answer is wanted.
    struct Page: Hashable, Sendable {
        /// The request.
        let request: HTTPRequest
        /// Bytes of body.
        let limit: Int

        /// Of what differs from question to question as a rule: hashing all of it takes longer than comparing all of it, and
        /// hashing it each time that a table grows takes longer than both.
        private let digest: Int

        /// Puts a request and a limit together.
        init(request: HTTPRequest, limit: Int) {
            self.request = request
            self.limit = limit
            var hasher = Hasher()
            hasher.combine(request.url)
            // Of one query, tenants differ in these.
            hasher.combine(request.headers)
            hasher.combine(request.secretHeaders)
            hasher.combine(request.authorization)
            self.digest = hasher.finalize()
        }

        /// By what was worked out once.
        func hash(into hasher: inout Hasher) { hasher.combine(digest) }
    }

    /// How old an answer may be for who asks next: long enough for a thousand triggers whose ticks fall together, and no
    /// longer than half of the shortest interval, or an object would be given its own last answer once more.
    static let age = Duration.milliseconds(500)
    /// The longest body that is kept: triggers want a number, and its answer is a few hundred bytes.
    static let keptBytes = 16 * 1024

    /// By request.
    let pages = SharedCache<Page, HTTPResponse>(sweeping: .seconds(2))
    /// By query.
    let rows = SharedCache<SQLQuery, SQLResult>(sweeping: .seconds(2))
    /// The clocks.
    let time: TimeSource

    /// Nothing has been asked yet.
    public init(time: TimeSource) {
        self.time = time
    }
}

/// Asks as another transport does, and shares answers to equal GETs that are asked at one time.
public struct SharingTransport: HTTPTransport {
    /// Sends.
    private let inner: any HTTPTransport
    /// What was answered a moment ago.
    private let shared: SharedSources

    /// Takes the transport that sends.
    public init(_ inner: any HTTPTransport, sharing shared: SharedSources) {
        self.inner = inner
        self.shared = shared
    }

    /// See ``HTTPTransport``; streams are not shared.
    public func withResponse<Answer: Sendable>(
        to request: HTTPRequest,
        _ use: (HTTPResponseHead, HTTPBody) async throws -> Answer
    ) async throws -> Answer {
        try await inner.withResponse(to: request, use)
    }

    /// See ``HTTPTransport``.
    public func collect(_ request: HTTPRequest, upTo limit: Int) async throws -> HTTPResponse {
        guard request.method == .get, request.body.isEmpty else { return try await inner.collect(request, upTo: limit) }
        let page = SharedSources.Page(request: request, limit: limit)
        return try await shared.pages
            .value(for: page, at: shared.time.uptime(), noOlderThan: SharedSources.age) {
                let response = try await inner.collect(request, upTo: limit)
                // A server's refusal goes to those who wait for it, and to nobody after them.
                let isKept = response.head.isSuccess && response.body.count <= SharedSources.keptBytes
                return (response, lifetime: isKept ? SharedSources.age : .zero)
            }
            .value
    }
}

/// Asks as another client does, and shares answers to equal queries that are asked at one time.
public struct SharingSQLClient: SQLClient {
    /// Asks.
    private let inner: any SQLClient
    /// What was answered a moment ago.
    private let shared: SharedSources

    /// Takes the client that asks.
    public init(_ inner: any SQLClient, sharing shared: SharedSources) {
        self.inner = inner
        self.shared = shared
    }

    /// See ``SQLClient``.
    public func run(_ query: SQLQuery) async throws -> SQLResult {
        try await shared.rows
            .value(for: query, at: shared.time.uptime(), noOlderThan: SharedSources.age) {
                let result = try await inner.run(query)
                let bytes = (result.firstRow ?? []).reduce(0) { $0 + ($1?.utf8.count ?? 0) }
                return (result, lifetime: bytes <= SharedSources.keptBytes ? SharedSources.age : .zero)
            }
            .value
    }
}
