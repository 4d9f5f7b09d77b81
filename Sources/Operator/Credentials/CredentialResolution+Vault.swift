internal import KubeModel
internal import Outbound
internal import Scaling

/// `hashiCorpVault`: keys of what a Vault has or makes.
extension CredentialResolution {
    /// Adds keys of a Vault's secrets; each secret is asked for once.
    ///
    /// - Throws: ``VaultError`` if the Vault lets nobody in, ``CredentialError`` for settings that cannot be.
    mutating func takeVault(_ source: AuthenticationSpec.VaultSource) async throws {
        look(againAfter: Self.unwatched)
        var reading = try await resolver.vault.reading(source, try await vaultLogin(source), reader.freshness)
        for entry in source.secrets {
            try await set(entry.parameter) { this in
                let question = VaultQuestion(entry)
                let answer = try await reading.answer(to: question)
                if let until = answer.leasedUntil { this.look(againAt: until) }
                return try answer.value(of: entry.key, question)
            }
        }
    }

    /// As whom to log in.
    ///
    /// - Throws: ``CredentialError`` for settings that cannot be.
    private mutating func vaultLogin(_ source: AuthenticationSpec.VaultSource) async throws -> VaultLogin {
        switch source.authentication {
        case "token":
            let own = source.credential?.token.flatMap { $0.isEmpty ? nil : Secret($0) }
            guard let token = resolver.settings.vaultToken ?? own else {
                throw CredentialError("hashiCorpVault: authentication \"token\" needs credential.token or VAULT_TOKEN")
            }
            return .token(token)
        case "kubernetes":
            guard let mount = source.mount, !mount.isEmpty, let role = source.role, !role.isEmpty else {
                throw CredentialError("hashiCorpVault: authentication \"kubernetes\" needs role and mount")
            }
            return .kubernetes(mount: mount, role: role, token: try await vaultIdentity(source.credential))
        case let other:
            throw CredentialError("hashiCorpVault: authentication \"\(other)\" is neither token nor kubernetes")
        }
    }

    /// The service account's token that a Vault is shown.
    ///
    /// - Throws: ``CredentialError`` if there is none.
    private mutating func vaultIdentity(
        _ credential: AuthenticationSpec.VaultCredential?
    ) async throws -> Secret<String> {
        if let name = credential?.serviceAccountName, !name.isEmpty {
            return try await token(of: ObjectKey(namespace: namespace, name: name))
        }
        let path = credential?.serviceAccount.flatMap { $0.isEmpty ? nil : $0 }
        return try CredentialFiles(root: nil).serviceAccountToken(in: path ?? Self.ownToken)
    }

    /// Where a pod finds its own service account's token.
    private static let ownToken = "/var/run/secrets/kubernetes.io/serviceaccount/token"
}
