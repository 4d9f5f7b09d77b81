internal import KubeModel
internal import Outbound
internal import Scaling

/// `boundServiceAccountToken`: tokens that the API server makes for us.
extension CredentialResolution {
    /// Adds tokens of service accounts.
    mutating func takeTokens(_ entries: [AuthenticationSpec.TokenEntry], in place: String) async throws {
        for entry in entries {
            try await set(entry.parameter) { this in
                try await this.token(of: ObjectKey(namespace: place, name: entry.serviceAccountName))
            }
        }
    }

    /// A token of a service account; another one is asked for when most of its life is over.
    ///
    /// - Throws: ``CredentialError`` if there is no such account; `KubeError`.
    mutating func token(of account: ObjectKey) async throws -> Secret<String> {
        let lifetime = resolver.settings.tokenLifetime
        guard let made = try await reader.cache.token(of: account, lasting: lifetime, reader.freshness) else {
            look(againAfter: Self.unwatched)
            throw CredentialError("ServiceAccount \(account) does not exist")
        }
        look(againAt: made.until)
        return made.token
    }
}
