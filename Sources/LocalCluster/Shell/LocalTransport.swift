import KubeModel
public import Outbound

extension LocalCluster {
    /// Answers in process whatever host a request names; what it sends never leaves memory.
    public var transport: any HTTPTransport { LocalTransport(cluster: self) }

    /// An address for requests through ``transport``.
    public static let address = WebAddress(scheme: "http", host: "local-cluster")
}

/// Answers HTTP requests from a cluster in the same process.
///
/// Deadlines do not matter: a head is there at once. The idle limit of a watch is kept, by the cluster's clocks.
struct LocalTransport: HTTPTransport {
    /// Who answers.
    let cluster: LocalCluster

    /// Answers, with the body as a stream.
    func withResponse<Answer: Sendable>(
        to request: HTTPRequest,
        _ use: (HTTPResponseHead, HTTPBody) async throws -> Answer
    ) async throws -> Answer {
        guard !Task.isCancelled else { throw OutboundError(.cancelled, "the request was cancelled") }
        switch cluster.answer(try APIRequest(request)) {
        case .whole(let answer):
            let (type, bytes) = answer.encoded()
            let head = HTTPResponseHead(status: answer.status, headers: [.init("Content-Type", type)])
            let chunk = OneChunk(bytes)
            return try await use(head, HTTPBody { chunk.take() })
        case .watch(let machine):
            let stream = WatchStream(machine, of: cluster, idleLimit: request.idleLimit)
            let head = HTTPResponseHead(status: 200, headers: [.init("Content-Type", "application/json")])
            return try await use(head, HTTPBody { try await stream.next() })
        }
    }

    /// Answers with the whole body.
    func collect(_ request: HTTPRequest, upTo limit: Int) async throws -> HTTPResponse {
        try await withResponse(to: request) { head, body in
            var bytes: [UInt8] = []
            for try await chunk in body {
                guard bytes.count + chunk.count <= limit else {
                    throw OutboundError(.tooLarge, "the answer is larger than \(limit) bytes")
                }
                bytes += chunk
            }
            return HTTPResponse(head: head, body: bytes)
        }
    }
}
