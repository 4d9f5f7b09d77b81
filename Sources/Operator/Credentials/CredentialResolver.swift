internal import KubeModel
internal import Outbound
internal import ScalerKit
internal import Scaling

/// Gathers the texts that one trigger's settings come from.
///
/// What is missing stops nothing here: a setting may be optional. It is noted, and told when the trigger fails.
struct CredentialResolver: Sendable {
    /// Reads Secrets, ConfigMaps and authentications.
    let reader: any ConfigReader
    /// Where ClusterTriggerAuthentications have their Secrets and ConfigMaps.
    let clusterNamespace: String

    /// Texts, and what was missing on the way.
    struct Resolved: Sendable {
        /// What was found.
        var texts: SettingTexts
        /// What was not, each as a message that may be shown.
        var gaps: [String] = []
    }

    /// Gathers what a trigger's metadata and authentication name.
    ///
    /// - Parameters:
    ///   - trigger: as the user wrote it.
    ///   - namespace: the ScaledObject's.
    ///   - container: the user's choice of container; the first one unless given.
    ///   - template: the target's pods; asked for only when a setting comes from their environment.
    /// - Returns: what was found and what was not.
    /// - Throws: `KubeError` when the API server gives no answer.
    func resolve(
        _ trigger: ScaledObject.Trigger,
        in namespace: String,
        container: String?,
        template: @Sendable () async throws -> PodTemplate?
    ) async throws -> Resolved {
        var resolved = Resolved(texts: SettingTexts(metadata: trigger.metadata))
        let variables = trigger.metadata.filter { $0.key.hasSuffix("FromEnv") }.map(\.value)
        for name in Set(variables).sorted() {
            resolved.texts.environment[name] = try await noting(&resolved) {
                try await variable(name, of: container, in: namespace, template: template)
            }
        }
        guard let reference = trigger.authenticationRef else { return resolved }
        try await take(reference, in: namespace, container: container, template: template, into: &resolved)
        return resolved
    }

    /// Adds what an authentication gives: environment, then ConfigMaps, then Secrets; the later win.
    ///
    /// - Source: KEDA, `pkg/scaling/resolver/scale_resolvers.go`, `resolveAuthRef`.
    private func take(
        _ reference: ScaledObject.AuthenticationRef,
        in namespace: String,
        container: String?,
        template: @Sendable () async throws -> PodTemplate?,
        into resolved: inout Resolved
    ) async throws {
        let isCluster = reference.kind == "ClusterTriggerAuthentication"
        let place = isCluster ? clusterNamespace : namespace
        let name: AuthenticationReference =
            isCluster
            ? .cluster(reference.name) : .namespaced(ObjectKey(namespace: namespace, name: reference.name))
        guard let spec = try await reader.authentication(name) else {
            resolved.gaps.append("\(name) does not exist")
            return
        }
        for entry in spec.env ?? [] {
            resolved.texts.authentication[entry.parameter] = try await noting(&resolved) {
                try await variable(entry.name, of: entry.containerName ?? container, in: namespace, template: template)
            }
        }
        for entry in spec.configMapTargetRef ?? [] {
            let key = ObjectKey(namespace: place, name: entry.name)
            resolved.texts.authentication[entry.parameter] = try await noting(&resolved) {
                try Self.pick(
                    entry.key,
                    from: try await reader.configMap(key)?.mapValues { Secret($0) },
                    "ConfigMap",
                    key
                )
            }
        }
        for entry in spec.secretTargetRef ?? [] {
            let key = ObjectKey(namespace: place, name: entry.name)
            resolved.texts.authentication[entry.parameter] = try await noting(&resolved) {
                try Self.pick(entry.key, from: try await reader.secret(key), "Secret", key)
            }
        }
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

    /// One variable of the target's environment.
    private func variable(
        _ name: String,
        of container: String?,
        in namespace: String,
        template: @Sendable () async throws -> PodTemplate?
    ) async throws -> Secret<String> {
        guard let containers = try await template()?.spec?.containers, let first = containers.first else {
            throw CredentialError("the scale target has no containers whose environment could be read")
        }
        guard let source = container.map({ name in containers.first { $0.name == name } }) ?? first else {
            throw CredentialError("the scale target has no container \"\(container ?? "")\"")
        }
        let environment = TargetEnvironment(container: source, namespace: namespace, reader: reader)
        guard let value = try await environment.value(of: name) else {
            throw CredentialError("container \"\(source.name)\" has no environment variable \"\(name)\"")
        }
        return value
    }

    /// Runs a look-up and notes what is missing instead of failing.
    private func noting(
        _ resolved: inout Resolved,
        _ lookUp: () async throws -> Secret<String>
    ) async throws -> Secret<String>? {
        do {
            return try await lookUp()
        } catch let error as CredentialError {
            resolved.gaps.append(error.description)
            return nil
        }
    }
}
