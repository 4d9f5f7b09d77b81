import Outbound
import OutboundCurl

/// Sends one request over a connection of its own and gives the answer; over TLS where there are settings for it.
func ask(
    _ path: String,
    at port: Int,
    using method: HTTPRequest.Method = .get,
    tls: TLSSettings? = nil,
    headers: [HTTPRequest.Header] = [],
    body: [UInt8] = []
) async throws -> HTTPResponse {
    let url = WebAddress(scheme: tls == nil ? "http" : "https", host: "127.0.0.1", port: port)
    return try await ask(url.appending(path), using: method, tls: tls, headers: headers, body: body)
}

/// Sends one request over a connection of its own and gives the answer.
func ask(
    _ url: WebAddress,
    using method: HTTPRequest.Method = .get,
    tls: TLSSettings? = nil,
    headers: [HTTPRequest.Header] = [],
    body: [UInt8] = []
) async throws -> HTTPResponse {
    // The deadline is only there so that a broken test ends.
    let deadline = Duration.seconds(30)
    let request = HTTPRequest(method, url, headers: headers, body: body, tls: tls ?? TLSSettings(), deadline: deadline)
    return try await withCurlTransport(environment: [:]) { transport in
        try await transport.collect(request, upTo: 4 << 20)
    }
}

/// A header of a request.
func header(_ name: String, _ value: String) -> HTTPRequest.Header {
    HTTPRequest.Header(name, value)
}

extension HTTPResponse {
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}
