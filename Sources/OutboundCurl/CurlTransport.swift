public import Outbound

/// The ``HTTPTransport`` of the real world: libcurl's multi interface, on a thread for whole answers and one for streams.
///
/// Expected flow: make one, use it from any number of tasks, ``close()`` it; ``withCurlTransport(_:environment:authorities:_:)``
/// does all three. Transports share nothing, so a crowd on one never delays another.
///
/// Guarantees: no call blocks a thread of the caller's. Connections are kept and shared between requests with equal TLS
/// settings; ``collect(_:upTo:)`` shares them over HTTP/2 where the server offers it. GET and HEAD follow up to ten
/// redirects; credentials stay with the host that they were meant for.
///
/// Caveats: a redirect page counts towards the limit of ``collect(_:upTo:)``. Dropping a transport without
/// ``close()`` ends its thread, but nobody waits for it.
public final class CurlTransport: HTTPTransport {
    /// Where the work is done.
    private let loop: CurlLoop
    /// The same for streams, which speak HTTP/1.1: libcurl 7.88 may write a request into the connection of a running
    /// HTTP/1.1 stream once the same host also has an HTTP/2 connection in the same multi handle.
    private let streamLoop: CurlLoop
    /// As the environment had them at the start.
    private let proxies: ProxySettings
    /// PEM certificates that are trusted whatever a request trusts.
    private let authorities: @Sendable () -> String?
    /// Unread bytes of a stream at which its server is held back.
    private let streamWindow: Int

    /// Redirects in a row that are followed.
    ///
    /// - Source: Go's `net/http`, `Client.CheckRedirect`, which KEDA leaves as it is.
    private static let redirectLimit = 10

    /// Starts a transport and its thread.
    ///
    /// - Parameters:
    ///   - settings: its bounds.
    ///   - environment: the process's; `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are read, in both spellings.
    ///   - authorities: PEM certificates that are trusted whatever a request trusts, asked for at each request; every
    ///     one must be good, or no TLS connection is made at all.
    /// - Throws: ``OutboundError``: `.invalidRequest` for a proxy that is no URL, `.overloaded` without memory for it.
    public init(
        _ settings: Settings = Settings(),
        environment: [String: String],
        authorities: @escaping @Sendable () -> String? = { nil }
    ) throws(OutboundError) {
        self.authorities = authorities
        self.proxies = try ProxySettings(environment: environment)
        self.streamWindow = settings.streamWindow
        self.loop = try CurlLoop(settings)
        self.streamLoop = try CurlLoop(settings)
        loop.start()
        streamLoop.start()
    }

    deinit {
        loop.closeSoon()
        streamLoop.closeSoon()
    }

    /// Runs tasks on the thread of whole answers, for who does something short with each: between a question and what
    /// follows from its answer no other thread has to be woken, and what the one has read is at hand for the next.
    public var executor: any TaskExecutor { loop }

    /// Ends all calls with `.closed` and returns when the thread and all connections are gone.
    public func close() async {
        await loop.close()
        await streamLoop.close()
    }

    /// See ``HTTPTransport/withResponse(to:_:)``.
    public func withResponse<Answer: Sendable>(
        to request: HTTPRequest,
        _ use: (HTTPResponseHead, HTTPBody) async throws -> Answer
    ) async throws -> Answer {
        let (head, transfer) = try await answer(to: request, as: .stream(window: streamWindow))
        defer { transfer.leave() }
        let body = HTTPBody {
            switch try await transfer.next() {
            case .chunk(let bytes): bytes
            case .end: nil
            case .head: preconditionFailure("a transfer has one head, and it has been taken")
            }
        }
        return try await use(head, body)
    }

    /// See ``HTTPTransport/collect(_:upTo:)``.
    public func collect(_ request: HTTPRequest, upTo limit: Int) async throws -> HTTPResponse {
        let (head, transfer) = try await answer(to: request, as: .whole(limit: limit))
        guard case .chunk(let body) = try await transfer.next() else { return HTTPResponse(head: head, body: []) }
        return HTTPResponse(head: head, body: body)
    }

    /// Sends a request and follows redirects.
    ///
    /// - Returns: the head of the last answer, and its transfer, which has the body.
    private func answer(
        to request: HTTPRequest,
        as mode: DeliveryMode
    ) async throws(OutboundError) -> (HTTPResponseHead, Transfer) {
        var request = request
        let loop = mode.isWhole ? loop : streamLoop
        let deadline = (request.begun ?? .now).advanced(by: request.deadline)
        let authorities = authorities()
        for _ in 0...Self.redirectLimit {
            var wire = try WireRequest(request, through: proxies, by: deadline, as: mode)
            wire.addedAuthorities = authorities
            let transfer = Transfer(wire, on: loop)
            try loop.submit(transfer)
            guard case .head(let head) = try await transfer.next() else {
                preconditionFailure("a transfer that does not fail starts with its head")
            }
            guard let location = request.redirect(in: head) else { return (head, transfer) }
            transfer.leave()
            request = try request.redirected(to: location)
        }
        throw OutboundError(.malformedAnswer, "the server redirects more than \(Self.redirectLimit) times")
    }
}

/// Runs a body with a transport and closes the transport, however the body ends.
public func withCurlTransport<Answer: Sendable>(
    _ settings: CurlTransport.Settings = CurlTransport.Settings(),
    environment: [String: String],
    authorities: @escaping @Sendable () -> String? = { nil },
    _ body: (CurlTransport) async throws -> Answer
) async throws -> Answer {
    let transport = try CurlTransport(settings, environment: environment, authorities: authorities)
    do {
        let answer = try await body(transport)
        await transport.close()
        return answer
    } catch {
        await transport.close()
        throw error
    }
}
