internal import KubeModel
internal import Outbound
internal import ScalerKit
internal import Scaling

/// One look at all that a trigger's settings come from; each source has a file of its own.
struct CredentialResolution {
    /// What the installation says, and who is asked.
    let resolver: CredentialResolver
    /// Reads and notes what was read.
    let reader: TrackedReader
    /// The ScaledObject's.
    let namespace: String
    /// The user's choice of container.
    let container: String?
    /// Reads the target's pods.
    let template: @Sendable () async throws -> PodTemplate?
    /// When this look began, by the uptime.
    let began: Duration
    /// What was found so far.
    var resolved: CredentialResolver.Resolved
    /// The target's containers, once they were asked for.
    var containers: [PodTemplate.Container]?

    /// How soon to look again at what nobody watches for us: Vaults and files.
    static let unwatched = Duration.seconds(60)
    /// How soon to look again at the target's pods, and at what a watch would show if it were allowed.
    static let rarely = Duration.seconds(300)

    /// Gathers everything.
    ///
    /// - Throws: see ``CredentialResolver/resolve(_:in:container:_:for:template:)``.
    mutating func run(_ trigger: ScaledObject.Trigger) async throws {
        let variables = trigger.metadata.filter { $0.key.hasSuffix("FromEnv") }.map(\.value)
        for name in Set(variables).sorted() {
            resolved.texts.environment[name] = try await noting { this in try await this.variable(name, of: nil) }
        }
        if let reference = trigger.authenticationRef { try await take(reference) }
        if !reader.used.allSatisfy(resolver.isWatched) { look(againAfter: Self.rarely) }
    }

    /// Adds what an authentication gives, source by source; the later win.
    ///
    /// - Source: KEDA, `pkg/scaling/resolver/scale_resolvers.go`, `resolveAuthRef`.
    private mutating func take(_ reference: ScaledObject.AuthenticationRef) async throws {
        let name = AuthenticationReference(reference, in: namespace)
        let isCluster = name == .cluster(reference.name)
        guard let spec = try await reader.authentication(name) else {
            resolved.gaps.append("\(name) does not exist")
            return
        }
        try Self.refuseUnbuilt(spec, name)
        let place = isCluster ? resolver.settings.clusterNamespace : namespace
        if let path = spec.filePath, !path.isEmpty {
            // It would replace what came before it, and ends the list: nothing else is looked at.
            guard isCluster else {
                throw CredentialError("\(name): filePath is for ClusterTriggerAuthentications only")
            }
            return try takeFile(path)
        }
        try await takeEnvironment(spec.env ?? [])
        try await takeConfigMaps(spec.configMapTargetRef ?? [], in: place)
        try await takeSecrets(spec.secretTargetRef ?? [], in: place)
        if let vault = spec.hashiCorpVault { try await takeVault(vault) }
        try await takeTokens(spec.boundServiceAccountToken ?? [], in: place)
        if let source = spec.oauth2 { try await takeOAuth2(source, in: place) }
    }

    /// Refuses sources that are not built yet: going on without them would ask with half of the credentials.
    private static func refuseUnbuilt(_ spec: AuthenticationSpec, _ name: AuthenticationReference) throws {
        let provider = spec.podIdentity?.provider ?? "none"
        var missing = provider == "none" || provider.isEmpty ? [] : ["podIdentity \"\(provider)\""]
        if spec.filePath?.isEmpty ?? true {
            if spec.azureKeyVault != nil { missing.append("azureKeyVault") }
            if spec.gcpSecretManager != nil { missing.append("gcpSecretManager") }
            if spec.awsSecretManager != nil { missing.append("awsSecretManager") }
        }
        guard missing.isEmpty else {
            throw CredentialError("\(name): not supported yet: \(missing.joined(separator: ", "))")
        }
    }

    /// Puts a setting into the place of what earlier sources gave for it.
    mutating func set(
        _ parameter: String,
        _ find: (inout CredentialResolution) async throws -> Secret<String>
    ) async throws {
        resolved.texts.authentication[parameter] = try await noting(find)
    }

    /// Runs a look-up and notes what is missing instead of failing.
    private mutating func noting(
        _ find: (inout CredentialResolution) async throws -> Secret<String>
    ) async throws -> Secret<String>? {
        do {
            return try await find(&self)
        } catch let error as CredentialError {
            resolved.gaps.append(error.description)
            return nil
        }
    }

    /// Has the trigger look again after a while.
    mutating func look(againAfter wait: Duration) {
        look(againAt: began + wait)
    }

    /// Has the trigger look again at a moment, by the uptime, if not before.
    mutating func look(againAt moment: Duration) {
        resolved.lookAgain = min(resolved.lookAgain ?? moment, moment)
    }
}
