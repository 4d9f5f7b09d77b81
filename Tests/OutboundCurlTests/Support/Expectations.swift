import Outbound
import OutboundCurl
import Testing

/// Runs a body with a transport that knows no proxy.
@discardableResult
func withTransport<Answer: Sendable>(
    _ settings: CurlTransport.Settings = CurlTransport.Settings(),
    authorities: @escaping @Sendable () -> String? = { nil },
    _ body: (CurlTransport) async throws -> Answer
) async throws -> Answer {
    try await withCurlTransport(settings, environment: [:], authorities: authorities, body)
}

/// Expects a body to fail as an ``OutboundError`` of a kind.
///
/// - Returns: the error, for more questions.
@discardableResult
func expectFailure<Answer>(
    _ code: OutboundError.Code,
    _ body: () async throws -> Answer,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws -> OutboundError {
    let error = await #expect(throws: OutboundError.self, sourceLocation: sourceLocation) { _ = try await body() }
    let failure = try #require(error, sourceLocation: sourceLocation)
    #expect(failure.code == code, "\(failure.debugDescription)", sourceLocation: sourceLocation)
    return failure
}

extension HTTPResponse {
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}

extension HTTPBody {
    /// The whole body.
    func bytes() async throws -> [UInt8] {
        var all: [UInt8] = []
        for try await chunk in self { all += chunk }
        return all
    }
}
