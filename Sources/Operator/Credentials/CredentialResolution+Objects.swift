internal import KubeModel
internal import Outbound
internal import Scaling

/// `configMapTargetRef` and `secretTargetRef`: keys of objects.
extension CredentialResolution {
    /// Adds keys of ConfigMaps.
    mutating func takeConfigMaps(_ entries: [AuthenticationSpec.KeyEntry], in place: String) async throws {
        for entry in entries {
            let key = ObjectKey(namespace: place, name: entry.name)
            try await set(entry.parameter) { this in
                try Self.pick(entry.key, from: try await this.reader.configMap(key), "ConfigMap", key)
            }
        }
    }

    /// Adds keys of Secrets.
    mutating func takeSecrets(_ entries: [AuthenticationSpec.KeyEntry], in place: String) async throws {
        for entry in entries {
            try await set(entry.parameter) { this in try await this.secret(entry.name, entry.key, in: place) }
        }
    }

    /// One key of a Secret; with restricted access always from the cluster's namespace.
    ///
    /// - Throws: ``CredentialError`` for what is missing; `KubeError`.
    /// - Source: KEDA, `pkg/scaling/resolver/scale_resolvers.go`, `resolveAuthSecret`.
    func secret(_ name: String, _ key: String, in place: String) async throws -> Secret<String> {
        let settings = resolver.settings
        let object = ObjectKey(namespace: settings.restrictsSecrets ? settings.clusterNamespace : place, name: name)
        return try Self.pick(key, from: try await reader.secret(object), "Secret", object)
    }

    /// One key of an object's data.
    private static func pick(
        _ name: String,
        from data: [String: Secret<String>]?,
        _ kind: String,
        _ key: ObjectKey
    ) throws(CredentialError) -> Secret<String> {
        guard let data else { throw CredentialError("\(kind) \(key) does not exist") }
        guard let value = data[name] else { throw CredentialError("\(kind) \(key) has no key \"\(name)\"") }
        return value
    }
}
