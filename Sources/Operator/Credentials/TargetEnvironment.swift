internal import KubeModel
internal import Outbound

/// The environment of a scale target's container, worked out one variable at a time and only where one is needed.
///
/// As in the kubelet, `env` wins over `envFrom`, later entries win over earlier ones, and `$(NAME)` sees what stands
/// before it. KEDA works out all variables first, so that one missing Secret stops every trigger; here a variable that
/// nobody asks for stops nobody.
///
/// - Source: KEDA, `pkg/scaling/resolver/scale_resolvers.go`; Kubernetes, "Define Dependent Environment Variables".
struct TargetEnvironment: Sendable {
    /// Whose environment.
    let container: PodTemplate.Container
    /// Where its Secrets and ConfigMaps are.
    let namespace: String
    /// Reads them.
    let reader: TrackedReader
    /// Whether Secrets of this namespace may be read; those that may not are as if they were not named.
    var readsSecrets = true

    /// How much working out one variable may take: it may name others, and they name others in turn.
    private struct Effort {
        /// Variables that may still be looked for.
        var lookUps = 1000
        /// Bytes that may still be put together; Linux starts no program with a variable of more than 128 KiB.
        var bytes = 1 << 20
    }

    /// The value of a variable; `nil` if it is not set, or set by what only a running pod knows.
    ///
    /// - Throws: ``CredentialError`` for a Secret or ConfigMap that is not there and must be, and for a variable that
    ///   takes too much to work out; `KubeError`.
    func value(of name: String) async throws -> Secret<String>? {
        var effort = Effort()
        let value = try await value(of: name, before: container.env?.count ?? 0, &effort)
        guard effort.lookUps >= 0, effort.bytes >= 0 else {
            throw CredentialError(
                "environment variable \"\(name)\" takes too much to work out: it is made of too many others"
            )
        }
        return value
    }

    /// The value of a variable as the entries of `env` before an index have it.
    ///
    /// What is worked out past the end of the effort is of no use, and soon over.
    private func value(of name: String, before end: Int, _ effort: inout Effort) async throws -> Secret<String>? {
        effort.lookUps -= 1
        guard effort.lookUps >= 0, effort.bytes >= 0 else { return nil }
        for index in (0..<end).reversed() {
            guard let variable = container.env?[index], variable.name == name else { continue }
            if let value = try await value(of: variable, at: index, &effort) { return value }
        }
        for source in (container.envFrom ?? []).reversed() {
            if let value = try await value(of: name, in: source) { return value }
        }
        return nil
    }

    /// The value of one entry of `env`.
    private func value(
        of variable: PodTemplate.EnvironmentVariable,
        at index: Int,
        _ effort: inout Effort
    ) async throws -> Secret<String>? {
        if let text = variable.value, !text.isEmpty { return try await expand(text, before: index, &effort) }
        guard let source = variable.valueFrom else { return Secret("") }
        if let reference = source.secretKeyRef {
            guard let data = try await secret(reference.name, isOptional: reference.optional) else { return nil }
            return data[reference.key] ?? Secret("")
        }
        if let reference = source.configMapKeyRef {
            guard let data = try await configMap(reference.name, isOptional: reference.optional) else { return nil }
            return data[reference.key] ?? Secret("")
        }
        return nil
    }

    /// The value of a variable in one entry of `envFrom`.
    private func value(of name: String, in source: PodTemplate.EnvironmentSource) async throws -> Secret<String>? {
        let prefix = source.prefix ?? ""
        guard name.hasPrefix(prefix) else { return nil }
        let key = String(name.dropFirst(prefix.count))
        if let reference = source.secretRef {
            return try await secret(reference.name, isOptional: reference.optional)?[key]
        }
        if let reference = source.configMapRef {
            return try await configMap(reference.name, isOptional: reference.optional)?[key]
        }
        return nil
    }

    /// A text with `$(NAME)` replaced where NAME is set before it, and `$$` made `$`.
    private func expand(_ text: String, before index: Int, _ effort: inout Effort) async throws -> Secret<String> {
        var parts: [Secret<String>] = []
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            parts.append(Secret(String(rest[..<dollar])))
            rest = rest[dollar...].dropFirst()
            if rest.first == "$" {
                parts.append(Secret("$"))
                rest.removeFirst()
            } else if rest.first == "(", let end = rest.firstIndex(of: ")") {
                let name = String(rest[..<end].dropFirst())
                let part = try await value(of: name, before: index, &effort) ?? Secret("$(\(name))")
                effort.bytes -= part.withValue { $0.utf8.count }
                guard effort.lookUps >= 0, effort.bytes >= 0 else { return Secret("") }
                parts.append(part)
                rest = rest[end...].dropFirst()
            } else {
                parts.append(Secret("$"))
            }
        }
        parts.append(Secret(String(rest)))
        return Secret(parts.reduce(into: "") { whole, part in part.withValue { whole += $0 } })
    }

    /// A Secret's data; `nil` if it is not there and need not be, or if it may not be read.
    private func secret(_ name: String, isOptional: Bool?) async throws -> [String: Secret<String>]? {
        guard readsSecrets else { return nil }
        if let data = try await reader.secret(ObjectKey(namespace: namespace, name: name)) { return data }
        guard isOptional == true else { throw CredentialError("Secret \(namespace)/\(name) does not exist") }
        return nil
    }

    /// A ConfigMap's data; `nil` if it is not there and need not be.
    private func configMap(_ name: String, isOptional: Bool?) async throws -> [String: Secret<String>]? {
        if let data = try await reader.configMap(ObjectKey(namespace: namespace, name: name)) { return data }
        guard isOptional == true else { throw CredentialError("ConfigMap \(namespace)/\(name) does not exist") }
        return nil
    }
}
