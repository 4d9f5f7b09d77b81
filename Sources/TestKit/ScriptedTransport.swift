public import Outbound
import Synchronization

/// A transport that answers from a script, and refuses what the script does not know.
///
/// Each expected request is answered once, the first that fits. A world may answer what the script does not. What
/// neither knows is an error for the caller and is remembered for ``verify()``.
public final class ScriptedTransport: HTTPTransport {
    /// How a request is answered.
    public enum Answer: Sendable {
        /// A whole answer.
        case response(HTTPResponse)
        /// A head, and a body that the test sends.
        case stream(HTTPResponseHead, ScriptedStream)
        /// No answer.
        case failure(OutboundError)
        /// None before the caller goes away.
        case silence

        /// A good answer in JSON.
        public static func json(_ text: String, status: Int = 200, headers: [HTTPRequest.Header] = []) -> Answer {
            .response(HTTPResponse(status: status, headers: headers, body: Array(text.utf8)))
        }
    }

    /// One line of the script.
    private struct Expectation {
        /// What must be done.
        let method: HTTPRequest.Method
        /// Path and query, as in the request line.
        let target: String
        /// What is said then.
        let answer: Answer
    }

    /// Everything under the lock.
    private struct State {
        /// What is still to come.
        var script: [Expectation] = []
        /// What came.
        var requests: [HTTPRequest] = []
        /// What came and was in no script.
        var surprises: [String] = []
    }

    /// See ``State``.
    private let state = Mutex(State())
    /// Answers what the script does not.
    private let world: @Sendable (HTTPRequest) throws -> Answer?

    /// A transport with an empty script, and perhaps a world behind it.
    public init(world: @escaping @Sendable (HTTPRequest) throws -> Answer? = { _ in nil }) {
        self.world = world
    }

    /// Adds a line to the script.
    ///
    /// - Parameters:
    ///   - method: what must be done.
    ///   - target: path and query, encoded, as in the request line.
    ///   - answer: what is said then.
    public func expect(_ method: HTTPRequest.Method, _ target: String, _ answer: Answer) {
        state.withLock { $0.script.append(Expectation(method: method, target: target, answer: answer)) }
    }

    /// All requests so far.
    public var requests: [HTTPRequest] { state.withLock { $0.requests } }

    /// All requests so far, as `GET /path?query`.
    public var lines: [String] { requests.map { "\($0.method.rawValue) \($0.url.target)" } }

    /// Checks that the script was followed to its end, and nothing else was asked.
    ///
    /// - Throws: ``Surprise``.
    public func verify() throws {
        let (missing, surprises) = state.withLock {
            ($0.script.map { "\($0.method.rawValue) \($0.target)" }, $0.surprises)
        }
        if missing.isEmpty, surprises.isEmpty { return }
        throw Surprise(description: "never asked: \(missing); not in the script: \(surprises)")
    }

    /// A script and what happened differ.
    public struct Surprise: Error, CustomStringConvertible {
        /// How they differ.
        public let description: String
    }

    /// See ``HTTPTransport``.
    public func withResponse<Value: Sendable>(
        to request: HTTPRequest,
        _ use: (HTTPResponseHead, HTTPBody) async throws -> Value
    ) async throws -> Value {
        switch try answer(to: request) {
        case .response(let response): return try await use(response.head, ScriptedStream([response.body]).body)
        case .stream(let head, let stream): return try await use(head, stream.body)
        case .failure(let error): throw error
        case .silence: throw await Self.silence()
        }
    }

    /// See ``HTTPTransport``.
    public func collect(_ request: HTTPRequest, upTo limit: Int) async throws -> HTTPResponse {
        let (head, body): (HTTPResponseHead, [UInt8]) = try await withResponse(to: request) { head, chunks in
            var body: [UInt8] = []
            for try await chunk in chunks { body += chunk }
            return (head, body)
        }
        guard body.count <= limit else { throw OutboundError(.tooLarge, "the answer is too large") }
        return HTTPResponse(head: head, body: body)
    }

    /// Finds the answer and remembers the request.
    private func answer(to request: HTTPRequest) throws -> Answer {
        if Task.isCancelled { throw OutboundError(.cancelled, "the caller was cancelled") }
        let scripted = state.withLock { state -> Answer? in
            state.requests.append(request)
            let index = state.script.firstIndex { $0.method == request.method && $0.target == request.url.target }
            return index.map { state.script.remove(at: $0).answer }
        }
        if let answer = try scripted ?? world(request) { return answer }
        let line = "\(request.method.rawValue) \(request.url.target)"
        state.withLock { $0.surprises.append(line) }
        throw OutboundError(.rejected, "not in the script: \(line)", isRetryable: false)
    }

    /// Waits until the caller goes away.
    private static func silence() async -> OutboundError {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        for await _ in stream {}
        continuation.finish()
        return OutboundError(.cancelled, "the caller was cancelled")
    }
}
