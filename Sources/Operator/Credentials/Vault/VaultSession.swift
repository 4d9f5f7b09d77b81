internal import KubeModel
internal import Outbound

/// How to get into a Vault.
enum VaultLogin: Sendable, Hashable {
    /// With a token that somebody made.
    case token(Secret<String>)
    /// With the token of a Kubernetes service account, in exchange for one of the Vault.
    case kubernetes(mount: String, role: String, token: Secret<String>)
}

extension VaultConnection {
    /// Logs in, and makes sure that the token is good.
    ///
    /// A token that can be renewed is renewed, so that one that is used lives on until its own last limit.
    ///
    /// - Returns: the token to use, and for how long: 80 % of its life.
    /// - Throws: ``VaultError`` if the Vault lets us not in, `OutboundError`.
    /// - Source: HashiCorp Vault, "Token auth method" and "Kubernetes auth method", API.
    func logIn(_ login: VaultLogin) async throws -> (value: Secret<String>, lifetime: Duration) {
        switch login {
        case .token(let token):
            let own = try await lookUp(token)
            guard own.isRenewable, own.life > 0 else { return (token, Self.lifetime(own.life)) }
            let reply = try await ask("auth/token/renew-self", token: token, posting: [:], "renewing the token")
            // Near its last limit a token is not renewed any more; it may be used to its end all the same.
            guard reply.isGood else { return (token, Self.lifetime(own.life)) }
            let life = reply.body.withValue { $0["auth"]?["lease_duration"]?.integer }
            return (token, Self.lifetime(life ?? own.life))
        case .kubernetes(let mount, let role, let identity):
            let wish: JSONValue = identity.withValue { ["jwt": .string($0), "role": .string(role)] }
            let reply = try await ask("auth/\(mount)/login", token: nil, posting: wish, "logging in")
            guard reply.isGood else { throw VaultError("logging in", status: reply.status) }
            let (token, life) = reply.body.withValue {
                ($0["auth"]?["client_token"]?.string.map { Secret($0) }, $0["auth"]?["lease_duration"]?.integer)
            }
            guard let token else { throw VaultError("hashiCorpVault: logging in gave no token") }
            _ = try await lookUp(token)
            return (token, Self.lifetime(life ?? 0))
        }
    }

    /// What a Vault says of our own token.
    ///
    /// - Returns: the seconds it has to live, 0 for ever.
    private func lookUp(_ token: Secret<String>) async throws -> (life: Int64, isRenewable: Bool) {
        let reply = try await ask("auth/token/lookup-self", token: token, "looking up the token")
        guard reply.isGood else { throw VaultError("looking up the token", status: reply.status) }
        return reply.body.withValue { ($0["data"]?["ttl"]?.integer ?? 0, $0["data"]?["renewable"]?.bool ?? false) }
    }

    /// For how long to use a token: 80 % of the seconds it has, an hour where they have no end.
    private static func lifetime(_ seconds: Int64) -> Duration {
        seconds > 0 ? .seconds(seconds) * 4 / 5 : .seconds(3600)
    }
}
