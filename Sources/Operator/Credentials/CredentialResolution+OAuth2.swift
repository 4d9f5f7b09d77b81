internal import Outbound
internal import ScalerKit
internal import Scaling

/// `oauth2`: how the trigger fetches its tokens itself.
extension CredentialResolution {
    /// Adds the settings that a trigger's authMode `oauth` takes.
    ///
    /// - Source: KEDA, `pkg/scaling/resolver/scale_resolvers.go`, `resolveOAuth2`.
    mutating func takeOAuth2(_ source: AuthenticationSpec.OAuth2Source, in place: String) async throws {
        resolved.texts.authentication["oauthTokenURI"] = Secret(source.tokenUrl)
        resolved.texts.authentication["clientID"] = Secret(source.clientId)
        if let reference = source.clientSecret?.valueFrom.secretKeyRef {
            try await set("clientSecret") { this in
                try await this.secret(reference.name, reference.key, in: place)
            }
        }
        if let scopes = source.scopes, !scopes.isEmpty {
            resolved.texts.authentication["scopes"] = Secret(scopes.joined(separator: ","))
        }
        if let parameters = source.tokenUrlParams, !parameters.isEmpty {
            let pairs = parameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
            resolved.texts.authentication["endpointParams"] = Secret(FormEncoding.encode(pairs))
        }
    }
}
