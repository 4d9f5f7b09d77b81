import HTTPTypes
import Hummingbird
import HummingbirdCore
import KubeModel
import NIOCore
import Outbound
import ServiceLifecycle
import Serving

/// Answers HTTP requests from a cluster: who asks, then what.
struct ClusterResponder: HTTPResponder {
    /// Knows nothing but the request.
    typealias Context = ServingContext

    /// Who answers.
    let cluster: LocalCluster
    /// What a caller must present.
    let token: Secret<String>

    /// Answers one request.
    func respond(to request: Request, context: ServingContext) async throws -> Response {
        guard HealthPages.paths.contains(request.uri.path) || isKnown(request.headers[.authorization]) else {
            return Self.refuse(.unauthorized, "Unauthorized")
        }
        guard let method = KubeRequest.Method(rawValue: request.method.rawValue) else {
            return Self.refuse(.methodNotAllowed, APIFailure.methodNotAllowed.status.message ?? "")
        }
        let body = try await request.body.collect(upTo: APIRequest.bodyLimit + 1)
        let call = APIRequest(
            method,
            target: request.uri.string,
            contentType: request.headers[.contentType],
            accept: request.headers[.accept] ?? "",
            userAgent: request.headers[.userAgent] ?? "",
            body: [UInt8](body.readableBytesView)
        )
        switch cluster.answer(call) {
        case .whole(let answer):
            let (type, bytes) = answer.encoded()
            return Self.response(HTTPResponse.Status(code: answer.status), type, bytes)
        case .watch(let machine):
            let stream = WatchStream(machine, of: cluster, idleLimit: nil)
            return Response(
                status: .ok,
                headers: [.contentType: "application/json"],
                body: Self.body(of: stream, for: request.body)
            )
        }
    }

    /// A watch's lines as they come, until its time is over, the client goes away, or the server shuts down.
    private static func body(of stream: WatchStream, for request: RequestBody) -> ResponseBody {
        ResponseBody { writer in
            try await request.consumeWithCancellationOnInboundClose { _ in
                do {
                    // The head goes out with the first write: a client waits for it, not for an event.
                    try await writer.write(ByteBuffer())
                    while let lines = try await cancelWhenGracefulShutdown({ try await stream.next() }) {
                        try await writer.write(ByteBuffer(bytes: lines))
                    }
                } catch let error as OutboundError where error.code == .cancelled {
                    // Shutdown or a client that has gone: both end the stream in good order.
                }
                try await writer.finish(nil)
            }
        }
    }

    /// Whether a header carries the token; compared in a time that does not depend on where they differ.
    private func isKnown(_ header: String?) -> Bool {
        let presented = [UInt8]((header ?? "").utf8)
        return token.withValue { token in
            let expected = [UInt8]("Bearer \(token)".utf8)
            guard presented.count == expected.count else { return false }
            return zip(presented, expected).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
        }
    }

    /// How this server words what it refuses by itself.
    static let refusal = Refusal { status, message in refuse(status, message) }

    /// A refusal as a `v1` Status.
    private static func refuse(_ status: HTTPResponse.Status, _ message: String) -> Response {
        let reason: KubeStatus.Reason? =
            switch status.code {
            case 401: .unauthorized
            case 405: .methodNotAllowed
            case 413: .requestEntityTooLarge
            case 429: .tooManyRequests
            case 504: .timeout
            default: nil
            }
        let (type, bytes) = Answer(APIFailure(status.code, reason, message)).encoded()
        return response(status, type, bytes)
    }

    /// A whole response.
    private static func response(_ status: HTTPResponse.Status, _ type: String, _ bytes: [UInt8]) -> Response {
        Response(
            status: status,
            headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
