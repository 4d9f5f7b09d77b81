/// Sends HTTP requests.
///
/// `OutboundCurl` is the real one; TestKit has a scripted one; LocalCluster answers in process.
public protocol HTTPTransport: Sendable {
    /// Sends a request and hands over the head as soon as it has come, with the body as a stream.
    ///
    /// The connection belongs to the call until `use` returns; a body not read to its end is dropped with it. A slow
    /// reader slows the sender: at most a few chunks wait in memory.
    ///
    /// - Parameters:
    ///   - request: its deadline covers the head; its idle limit each wait for a chunk.
    ///   - use: runs once; what it throws is thrown on.
    /// - Returns: what `use` returns.
    /// - Throws: ``OutboundError``; status codes are answers, not errors. `.cancelled` when the task is cancelled.
    func withResponse<Answer: Sendable>(
        to request: HTTPRequest,
        _ use: (HTTPResponseHead, HTTPBody) async throws -> Answer
    ) async throws -> Answer

    /// Sends a request and gathers the whole answer within the request's deadline.
    ///
    /// - Parameters:
    ///   - request: its deadline covers all of it.
    ///   - limit: bytes of body; one more is an error, and the rest is never read.
    /// - Returns: status, headers and body.
    /// - Throws: ``OutboundError``, `.tooLarge` past the limit.
    func collect(_ request: HTTPRequest, upTo limit: Int) async throws -> HTTPResponse
}

/// Status and headers of an answer.
public struct HTTPResponseHead: Sendable, Hashable {
    /// The status code, 100 to 599.
    public var status: Int
    /// See ``headers``.
    private var fields: Fields

    /// Headers, read or as they came: of most answers nobody wants any.
    private enum Fields: Sendable {
        /// In the order received.
        case read([HTTPRequest.Header])
        /// Lines with their ends.
        case lines([UInt8])
    }

    /// Makes a head.
    public init(status: Int, headers: [HTTPRequest.Header] = []) {
        self.status = status
        self.fields = .read(headers)
    }

    /// Makes a head from its lines, which are read when somebody wants them.
    ///
    /// - Parameters:
    ///   - status: the code.
    ///   - lines: with their ends, each a name, a colon and a value, or more of the value before it.
    package init(status: Int, lines: [UInt8]) {
        self.status = status
        self.fields = .lines(lines)
    }

    /// Headers in the order received.
    public var headers: [HTTPRequest.Header] {
        get {
            switch fields {
            case .read(let headers): headers
            case .lines(let lines): HTTPRequest.Header.read(lines)
            }
        }
        set { fields = .read(newValue) }
    }

    /// Whether two heads say the same.
    public static func == (one: Self, other: Self) -> Bool {
        one.status == other.status && one.headers == other.headers
    }

    /// By what it says.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(status)
        hasher.combine(headers)
    }

    /// The first header of a name, without regard to case.
    public subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// 200 to 299.
    public var isSuccess: Bool { (200..<300).contains(status) }
}

/// A whole answer.
public struct HTTPResponse: Sendable, Hashable {
    /// Status and headers.
    public var head: HTTPResponseHead
    /// The body, decompressed.
    public var body: [UInt8]

    /// Makes an answer.
    public init(status: Int, headers: [HTTPRequest.Header] = [], body: [UInt8] = []) {
        self.init(head: HTTPResponseHead(status: status, headers: headers), body: body)
    }

    /// Makes an answer from its head.
    public init(head: HTTPResponseHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }

    /// The status code.
    public var status: Int { head.status }
}

/// The chunks of a body as they come, decompressed.
///
/// One reader, one pass.
public struct HTTPBody: AsyncSequence, Sendable {
    /// Bytes, never empty.
    public typealias Element = [UInt8]

    /// Gives the next chunk, or `nil` at the end.
    private let pull: @Sendable () async throws -> [UInt8]?

    /// A body fed by a transport; each chunk is asked for when the one before has been used.
    public init(_ pull: @escaping @Sendable () async throws -> [UInt8]?) {
        self.pull = pull
    }

    /// The reader.
    public struct AsyncIterator: AsyncIteratorProtocol {
        /// See ``HTTPBody``.
        let pull: @Sendable () async throws -> [UInt8]?

        /// Waits for the next chunk.
        public mutating func next() async throws -> [UInt8]? {
            try await pull()
        }
    }

    /// Starts reading.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(pull: pull)
    }
}
