import Foundation
public import KubeModel
import Outbound

extension KubeError {
    /// What a refusing answer means.
    ///
    /// - Parameters:
    ///   - request: what was asked, for the text.
    ///   - head: its status is not 2xx.
    ///   - body: a `Status` from an API server, anything from what stands between.
    init(refusing request: KubeRequest, head: HTTPResponseHead, body: [UInt8]) {
        // A proxy answers in HTML: then there is no Status, and the code alone must do.
        let status = try? KubeJSON.decode(KubeStatus.self, from: body)
        let known = status?.kind == "Status" ? status : nil
        let reason = known?.message ?? "the answer was HTTP \(head.status)"
        self.init(
            Self.code(of: head.status, reason: known?.reason),
            "\(request.method.rawValue) \(request.pathText): \(reason)",
            detail: known == nil ? String(decoding: body.prefix(200), as: UTF8.self) : "",
            status: known ?? KubeStatus(code: head.status, reason: nil, message: reason),
            retryAfter: head.retryAfter
        )
    }

    /// What an `ERROR` event of a watch means.
    public init(watching what: String, said status: KubeStatus) {
        self.init(
            Self.code(of: status.code ?? 500, reason: status.reason),
            "watching \(what): \(status.message ?? status.reason ?? "the API server reported an error")",
            status: status
        )
    }

    /// The kind of an HTTP status; the reason decides where one status has several.
    private static func code(of status: Int, reason: String?) -> Code {
        switch reason.flatMap(KubeStatus.Reason.init) {
        case .gone, .expired: return .gone
        case .alreadyExists: return .alreadyExists
        default: break
        }
        return switch status {
        case 400, 422: .invalid
        case 401: .unauthorized
        case 403: .forbidden
        case 404: .notFound
        case 409: .conflict
        case 410: .gone
        case 429: .tooManyRequests
        case 500...599: .serverError
        default: .rejected
        }
    }
}

extension HTTPResponseHead {
    /// `Retry-After` in seconds; its other form, a date, is never sent by an API server and counts as absent.
    var retryAfter: Duration? {
        self["Retry-After"].flatMap(Int.init).flatMap { $0 >= 0 ? .seconds($0) : nil }
    }
}
