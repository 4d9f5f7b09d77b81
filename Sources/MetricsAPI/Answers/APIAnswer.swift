import HTTPTypes
import Hummingbird
import HummingbirdCore
import KubeModel
import NIOCore
import Serving

/// What a call is answered: a status and JSON.
struct APIAnswer: Sendable, Hashable {
    /// The HTTP status.
    var status: Int
    /// JSON.
    var body: [UInt8]

    /// An answer that can be written as JSON.
    ///
    /// - Throws: `EncodingError`.
    init(_ value: some Encodable, status: Int = 200) throws {
        self.status = status
        self.body = try KubeJSON.encode(value)
    }

    /// A refusal.
    init(_ refusal: KubeStatus) {
        self.status = refusal.code ?? 500
        // A Status holds texts and whole numbers only, which JSON can always say.
        self.body = (try? KubeJSON.encode(refusal)) ?? Array(#"{"kind":"Status","apiVersion":"v1"}"#.utf8)
    }

    /// As Hummingbird sends it.
    ///
    /// JSON whatever was accepted: the API server and its controllers take it, those that would rather have protobuf
    /// or aggregated discovery too.
    var response: Response {
        Response(
            status: HTTPResponse.Status(code: status),
            headers: [.contentType: "application/json", .cacheControl: "no-cache, private"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}

extension Refusal {
    /// A Kubernetes Status for what the server refuses by itself.
    static let kubernetes = Refusal { status, message in
        let reason: KubeStatus.Reason? =
            switch status.code {
            case 400: .badRequest
            case 429: .tooManyRequests
            case 504: .timeout
            case 500: .internalError
            default: nil
            }
        return APIAnswer(KubeStatus(code: status.code, reason: reason, message: message)).response
    }
}
