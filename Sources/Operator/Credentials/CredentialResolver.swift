internal import KubeModel
internal import Outbound
internal import ScalerKit
internal import Scaling

/// Gathers the texts that one trigger's settings come from.
///
/// What is missing stops nothing here: a setting may be optional. It is noted, and told when the trigger fails. What
/// cannot be had at all, such as a source that is not built yet, is an error.
final class CredentialResolver: Sendable {
    /// What the installation says.
    let settings: CredentialSettings
    /// Reads Secrets, ConfigMaps, authentications and tokens.
    let config: ConfigCache
    /// Reads from Vaults.
    let vault: VaultReader
    /// Tokens that triggers have fetched.
    let accessTokens = AccessTokens()
    /// What triggers may know of the operator's own process.
    let process: OwnProcess
    /// The clocks.
    let time: TimeSource
    /// Whether a change of something is told, so that it need not be looked for.
    let isWatched: @Sendable (Reference) -> Bool

    /// Texts, and what was missing on the way.
    struct Resolved: Sendable {
        /// What was found.
        var texts: SettingTexts
        /// What was not, each as a message that may be shown.
        var gaps: [String] = []
        /// When to look again, by the uptime, if nothing is told before; `nil` for never.
        var lookAgain: Duration?
    }

    /// Puts a resolver together.
    ///
    /// - Parameters:
    ///   - reader: asks the API server.
    ///   - settings: what the installation says.
    ///   - http: reaches Vaults.
    ///   - time: the clocks.
    ///   - references: learns which trigger refers to what.
    ///   - isWatched: whether a change of something is told.
    ///   - shown: what a watch shows of authentications; the reader is asked for the others.
    init(
        reader: any ConfigReader,
        settings: CredentialSettings = CredentialSettings(),
        http: any HTTPTransport,
        time: TimeSource,
        references: ReferenceIndex = ReferenceIndex(),
        isWatched: @escaping @Sendable (Reference) -> Bool = { _ in false },
        shown: @escaping @Sendable (AuthenticationReference) -> Versioned<AuthenticationSpec>? = { _ in nil }
    ) {
        self.settings = settings
        self.config = ConfigCache(reader, references: references, time: time, shown: shown)
        self.vault = VaultReader(http: http, tls: settings.vaultTLS, time: time)
        self.process = OwnProcess(settings.cloudVariables) { path throws(ScalerError) in
            do throws(CredentialError) {
                return try CredentialFiles(root: nil).text(in: path)
            } catch {
                throw ScalerError(.refused, error.description)
            }
        }
        self.time = time
        self.isWatched = isWatched
    }

    /// Gathers what a trigger's metadata and authentication name.
    ///
    /// - Parameters:
    ///   - trigger: as the user wrote it.
    ///   - namespace: the ScaledObject's.
    ///   - container: the user's choice of container; the first one unless given.
    ///   - freshness: how old what is read may be.
    ///   - user: told when something that was read has changed.
    ///   - template: the target's pods; asked for only when a setting comes from their environment.
    /// - Returns: what was found and what was not.
    /// - Throws: ``CredentialError`` for what the user must change; `KubeError`, ``VaultError`` or `OutboundError` when
    ///   a server gives no answer.
    func resolve(
        _ trigger: ScaledObject.Trigger,
        in namespace: String,
        container: String?,
        _ freshness: Freshness = .ordinary,
        for user: (any ReferenceUser)? = nil,
        template: @escaping @Sendable () async throws -> PodTemplate?
    ) async throws -> Resolved {
        let reader = TrackedReader(config, freshness, for: user)
        var resolution = CredentialResolution(
            resolver: self,
            reader: reader,
            namespace: namespace,
            container: container,
            template: template,
            began: time.uptime(),
            resolved: Resolved(texts: SettingTexts(metadata: trigger.metadata))
        )
        try await resolution.run(trigger)
        reader.finish()
        return resolution.resolved
    }
}
