internal import Foundation
internal import KubeModel
internal import Outbound
internal import ScalerKit

/// What a token server answered.
///
/// - Source: RFC 6749, section 5; Go's `oauth2`, which takes forms as well as JSON, and numbers as texts.
struct OAuth2Answer: Sendable {
    /// The token.
    let token: Secret<String>
    /// How long it is good; `nil` where the server does not say.
    let lifetime: Duration?

    /// Why a server refuses, in the standard's words; only these are shown.
    private static let reasons = [
        "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
        "invalid_scope", "access_denied", "temporarily_unavailable",
    ]

    /// Reads an answer.
    ///
    /// - Throws: ``ScalerError``, whose text holds nothing of what the server says but a standard reason.
    init(_ response: HTTPResponse) throws(ScalerError) {
        let fields = Self.fields(of: response)
        guard response.head.isSuccess else {
            let reason = fields["error"]?.string.flatMap { Self.reasons.contains($0) ? " (\($0))" : nil } ?? ""
            throw ScalerError(
                .refused,
                "the OAuth token server answered with status \(response.status)\(reason); check clientID, clientSecret, "
                    + "scopes and oauthTokenURI"
            )
        }
        guard let token = fields["access_token"]?.string, !token.isEmpty else {
            throw ScalerError(
                .unexpectedAnswer,
                "the OAuth token server answered without an access_token; check oauthTokenURI"
            )
        }
        let type = fields["token_type"]?.string ?? ""
        guard type.isEmpty || type.lowercased() == "bearer" else {
            throw ScalerError(.unexpectedAnswer, "the OAuth token server gave a token that is no bearer token")
        }
        self.token = Secret(token)
        let seconds = fields["expires_in"].flatMap { $0.integer ?? $0.string.flatMap(Int64.init) }
        // A server's number may be anything; a day is long enough for a token to be kept.
        self.lifetime = seconds.flatMap { $0 > 0 ? .seconds(min($0, 86_400)) : nil }
    }

    /// The fields of an answer, by name.
    private static func fields(of response: HTTPResponse) -> [String: JSONValue] {
        let type = response.head["Content-Type"]?.lowercased() ?? ""
        if type.hasPrefix("application/x-www-form-urlencoded") || type.hasPrefix("text/plain") {
            let pairs = FormEncoding.decode(String(decoding: response.body, as: UTF8.self)) ?? []
            return Dictionary(pairs.map { ($0.name, JSONValue.string($0.value)) }) { $1 }
        }
        // What is no JSON has no fields, and is told as that.
        let value: JSONValue? = try? KubeJSON.decode(from: response.body)
        return value?.object ?? [:]
    }
}
