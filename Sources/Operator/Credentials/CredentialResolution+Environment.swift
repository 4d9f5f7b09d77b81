internal import KubeModel
internal import Outbound
internal import Scaling

/// `env`: from the scale target's pods, for either kind of authentication.
extension CredentialResolution {
    /// Adds variables of the target's containers.
    mutating func takeEnvironment(_ entries: [AuthenticationSpec.EnvironmentEntry]) async throws {
        for entry in entries {
            try await set(entry.parameter) { this in try await this.variable(entry.name, of: entry.containerName) }
        }
    }

    /// One variable of a container, by default the one that the ScaledObject chooses, else the first.
    ///
    /// - Throws: ``CredentialError`` for what is missing; `KubeError`.
    mutating func variable(_ name: String, of chosen: String?) async throws -> Secret<String> {
        let wanted = [chosen, container].compactMap { $0 }.first { !$0.isEmpty }
        let all = try await targetContainers()
        guard let first = all.first else {
            throw CredentialError("the scale target has no containers whose environment could be read")
        }
        guard let source = wanted.map({ name in all.first { $0.name == name } }) ?? first else {
            throw CredentialError("the scale target has no container \"\(wanted ?? "")\"")
        }
        let settings = resolver.settings
        let environment = TargetEnvironment(
            container: source,
            namespace: namespace,
            reader: reader,
            readsSecrets: !settings.restrictsSecrets || namespace == settings.clusterNamespace
        )
        guard let value = try await environment.value(of: name) else {
            let hint =
                environment.readsSecrets
                ? "" : " outside of Secrets, which KEDA_RESTRICT_SECRET_ACCESS keeps from being read here"
            throw CredentialError("container \"\(source.name)\" has no environment variable \"\(name)\"\(hint)")
        }
        return value
    }

    /// The target's containers, asked for once.
    ///
    /// Nobody watches targets of any kind: they are looked at again now and then.
    private mutating func targetContainers() async throws -> [PodTemplate.Container] {
        if let containers { return containers }
        let found = try await template()?.spec?.containers ?? []
        containers = found
        look(againAfter: Self.rarely)
        return found
    }
}
