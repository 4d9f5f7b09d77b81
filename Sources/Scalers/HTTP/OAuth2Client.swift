internal import Foundation
internal import KubeModel
internal import Outbound
internal import ScalerKit

/// Fetches tokens by OAuth 2 client credentials, once for all triggers that ask with the same words.
///
/// Everything it is made of may come from an authentication, so it holds nothing but requests that show none of it.
///
/// - Source: RFC 6749, section 4.4; Go's `oauth2/clientcredentials`, which KEDA uses.
struct OAuth2Client: Sendable {
    /// Bytes of an answer that are read.
    private static let limit = 1 << 16
    /// How long a token is used whose end nobody tells.
    private static let unknownLifetime = Duration.seconds(300)
    /// Where a trigger remembers that its server wants the client in the form.
    private static let styleKey = "oauth2.clientInForm"

    /// The request as most servers take it, with the client in the Authorization header.
    private let inHeader: HTTPRequest
    /// The same with the client among the form's fields.
    private let inForm: HTTPRequest

    /// Prepares both requests.
    ///
    /// - Parameters:
    ///   - address: the token server's.
    ///   - id: the client.
    ///   - secret: the client's password; may be empty.
    ///   - scopes: what the token is for.
    ///   - parameters: more fields of the form.
    /// - Throws: ``SettingsError`` for fields that contradict each other.
    init(
        at address: WebAddress,
        id: Secret<String>,
        secret: Secret<String>,
        scopes: [String],
        parameters: [(name: String, value: String)]
    ) throws(SettingsError) {
        var fields = ["grant_type": "client_credentials"]
        if !scopes.isEmpty { fields["scope"] = scopes.joined(separator: " ") }
        for (name, value) in parameters {
            guard name != "scope" || scopes.isEmpty else {
                throw SettingsError("endpointParams", "parameter \"endpointParams\" repeats \"scope\"")
            }
            fields[name] = value
        }
        self.inHeader = Self.request(
            to: address,
            fields,
            authorization: .basic(
                user: id.withValue(FormEncoding.encode),
                password: secret.map(FormEncoding.encode)
            )
        )
        fields["client_id"] = id.withValue { $0 }
        secret.withValue { if !$0.isEmpty { fields["client_secret"] = $0 } }
        self.inForm = Self.request(to: address, fields, authorization: nil)
    }

    /// A form to post.
    private static func request(
        to address: WebAddress,
        _ fields: [String: String],
        authorization: HTTPRequest.Authorization?
    ) -> HTTPRequest {
        let pairs = fields.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        var request = HTTPRequest(
            .post,
            address,
            headers: [
                .init("Content-Type", "application/x-www-form-urlencoded"), .init("Accept", "application/json"),
            ],
            authorization: authorization,
            body: Array(FormEncoding.encode(pairs).utf8)
        )
        request.hidesTarget = true
        return request
    }

    /// Sends a request with a token; one that is refused, although it was good before, is replaced once.
    ///
    /// - Throws: ``ScalerError`` if there is no token to be had, `OutboundError`.
    func send(_ request: HTTPRequest, in world: ScalerWorld, upTo limit: Int) async throws -> HTTPResponse {
        let first = try await token(for: request, in: world)
        let response = try await world.http.collect(request.authorized(by: first.value), upTo: limit)
        guard response.status == 401, first.since < world.seconds else { return response }
        world.tokens.forget(key(for: request), first)
        let second = try await token(for: request, in: world)
        return try await world.http.collect(request.authorized(by: second.value), upTo: limit)
    }

    /// The token that is kept, or a new one.
    private func token(for request: HTTPRequest, in world: ScalerWorld) async throws -> AccessTokens.Kept {
        try await world.tokens.value(for: key(for: request), at: world.seconds) {
            let answer = try await fetch(for: request, in: world)
            return (answer.token, answer.lifetime.map { $0 * 9 / 10 } ?? Self.unknownLifetime)
        }
    }

    /// Under what a token is kept; who trusts other authorities asks for another one.
    private func key(for request: HTTPRequest) -> HTTPRequest {
        var key = inHeader
        key.tls = request.tls
        return key
    }

    /// Asks for a token, with the client in the header and, if that is refused, in the form.
    private func fetch(for request: HTTPRequest, in world: ScalerWorld) async throws -> OAuth2Answer {
        let isInForm = world.memory[Self.styleKey] != nil
        let response = try await ask(isInForm ? inForm : inHeader, for: request, in: world)
        guard [400, 401, 403].contains(response.status), !isInForm else {
            // What was remembered may be wrong by now: the next attempt begins with the header again.
            if !response.head.isSuccess { world.memory[Self.styleKey] = nil }
            return try OAuth2Answer(response)
        }
        let second = try await ask(inForm, for: request, in: world)
        let answer = try OAuth2Answer(second)
        world.memory[Self.styleKey] = "true"
        return answer
    }

    /// Sends one of the two requests, in the way in which the trigger's own goes out.
    private func ask(_ token: HTTPRequest, for request: HTTPRequest, in world: ScalerWorld) async throws -> HTTPResponse
    {
        var token = token
        token.tls = request.tls
        token.deadline = request.deadline
        return try await world.http.collect(token, upTo: Self.limit)
    }
}

extension HTTPRequest {
    /// The request with a token.
    fileprivate func authorized(by token: Secret<String>) -> HTTPRequest {
        var request = self
        request.authorization = .bearer(token)
        return request
    }
}

extension ScalerWorld {
    /// The time of the tick on the clock that tokens are kept by.
    var seconds: Duration { .seconds(now.timeIntervalSince1970) }
}
