import Foundation
import KubeModel
import Outbound

extension APIRequest {
    /// Reads an outgoing request as the server would.
    ///
    /// - Throws: ``OutboundError`` `.invalidRequest` for a method that the API does not have.
    init(_ request: HTTPRequest) throws {
        guard let method = KubeRequest.Method(rawValue: request.method.rawValue) else {
            throw OutboundError(.invalidRequest, "\(request.method.rawValue) is no method of the Kubernetes API")
        }
        func header(_ name: String) -> String? {
            request.headers.first { $0.name.lowercased() == name }?.value
        }
        self.init(
            method,
            target: request.url.target,
            contentType: header("content-type"),
            accept: header("accept") ?? "",
            userAgent: header("user-agent") ?? "",
            body: request.body
        )
    }

    /// Makes a request from what stands in an HTTP message; path and query are percent-encoded there.
    init(
        _ method: KubeRequest.Method,
        target: String,
        contentType: String?,
        accept: String,
        userAgent: String = "",
        body: [UInt8]
    ) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = (parts.first ?? "").split(separator: "/").map { Self.decoded($0, plus: false) }
        let query = (parts.count > 1 ? parts[1] : "").split(separator: "&")
            .map { item in
                let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return KubeRequest.QueryItem(
                    Self.decoded(pair[0], plus: true),
                    pair.count > 1 ? Self.decoded(pair[1], plus: true) : ""
                )
            }
        self.init(
            request: KubeRequest(method, path: path, query: query, body: body, contentType: contentType),
            accept: accept,
            userAgent: userAgent
        )
    }

    /// Percent-decoded; what cannot be decoded stays as it is and then leads nowhere.
    private static func decoded(_ text: Substring, plus: Bool) -> String {
        PercentEncoding.decode(text, isForm: plus) ?? String(text)
    }
}
