/// Tells of every request that another transport sends: what it came to, and how long it took.
public struct ObservedTransport: HTTPTransport {
    /// Is told of each request once it has its answer, or none.
    ///
    /// The status is `nil` where there was no answer, be it that the caller went away.
    public typealias Observe = @Sendable (HTTPRequest, _ status: Int?, Duration) -> Void

    /// Sends.
    private let inner: any HTTPTransport
    /// The clocks.
    private let time: TimeSource
    /// See ``Observe``.
    private let observe: Observe

    /// Takes the transport that sends.
    public init(_ inner: any HTTPTransport, time: TimeSource, _ observe: @escaping Observe) {
        self.inner = inner
        self.time = time
        self.observe = observe
    }

    /// See ``HTTPTransport``; what is told is the time until the head.
    public func withResponse<Answer: Sendable>(
        to request: HTTPRequest,
        _ use: (HTTPResponseHead, HTTPBody) async throws -> Answer
    ) async throws -> Answer {
        let start = time.uptime()
        var isTold = false
        do {
            return try await inner.withResponse(to: request) { head, body in
                isTold = true
                observe(request, head.status, time.uptime() - start)
                return try await use(head, body)
            }
        } catch {
            if !isTold { observe(request, nil, time.uptime() - start) }
            throw error
        }
    }

    /// See ``HTTPTransport``; what is told is the time until the end of the answer.
    public func collect(_ request: HTTPRequest, upTo limit: Int) async throws -> HTTPResponse {
        let start = time.uptime()
        do {
            let response = try await inner.collect(request, upTo: limit)
            observe(request, response.status, time.uptime() - start)
            return response
        } catch {
            observe(request, nil, time.uptime() - start)
            throw error
        }
    }
}
