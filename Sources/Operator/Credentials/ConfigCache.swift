internal import KubeModel
internal import Outbound
internal import Scaling

/// How old what is read may be.
enum Freshness: Sendable {
    /// Young enough for all triggers that look at about the same time to share it.
    case ordinary
    /// A read with what is known has just failed: as young as can be without a request for each trigger.
    case afterFailure
}

/// Reads each thing on the API server once for all triggers that want it at about the same time.
final class ConfigCache: Sendable {
    /// A Secret's or a ConfigMap's data.
    typealias Data = Versioned<[String: Secret<String>]>

    /// How long something read is shared.
    private static let lifetime = Duration.seconds(10)
    /// How old it may be after a failure.
    private static let ageAfterFailure = Duration.seconds(1)
    /// How old a token, or anything else made for us, may be after a failure.
    static let leaseAgeAfterFailure = Duration.seconds(60)

    /// Who refers to what.
    let references: ReferenceIndex
    /// Asks the API server.
    private let source: any ConfigReader
    /// What a watch shows of authentications.
    private let shown: @Sendable (AuthenticationReference) -> Versioned<AuthenticationSpec>?
    /// The clocks.
    private let time: TimeSource
    /// Secrets and ConfigMaps.
    private let data = SharedCache<Reference, Data?>()
    /// Authentications that the watch does not show, or not yet.
    private let specs = SharedCache<Reference, Versioned<AuthenticationSpec>?>()
    /// Tokens of service accounts.
    private let tokens = SharedCache<ObjectKey, IssuedToken?>()

    /// An empty cache.
    init(
        _ source: any ConfigReader,
        references: ReferenceIndex,
        time: TimeSource,
        shown: @escaping @Sendable (AuthenticationReference) -> Versioned<AuthenticationSpec>?
    ) {
        self.source = source
        self.references = references
        self.time = time
        self.shown = shown
    }

    /// A Secret's or a ConfigMap's data.
    func data(
        of reference: Reference,
        _ freshness: Freshness
    ) async throws -> [String: Secret<String>]? {
        let kept = try await data.value(for: reference, at: time.uptime(), noOlderThan: Self.age(freshness)) {
            let found =
                switch reference {
                case .secret(let key): try await source.secret(key)
                case .configMap(let key): try await source.configMap(key)
                case .authentication: nil as Data?
                }
            return (found, Self.lifetime)
        }
        note(reference, kept.value?.version)
        return kept.value?.value
    }

    /// An authentication's spec.
    func authentication(
        _ name: AuthenticationReference,
        _ freshness: Freshness
    ) async throws -> AuthenticationSpec? {
        let reference = Reference.authentication(name)
        if let shown = shown(name) {
            note(reference, shown.version)
            return shown.value
        }
        let kept = try await specs.value(for: reference, at: time.uptime(), noOlderThan: Self.age(freshness)) {
            (try await source.authentication(name), Self.lifetime)
        }
        note(reference, kept.value?.version)
        return kept.value?.value
    }

    /// A service account's token and until when, by the uptime, it should be used: 80 % of its life.
    func token(
        of account: ObjectKey,
        lasting lifetime: Duration,
        _ freshness: Freshness
    ) async throws -> (token: Secret<String>, until: Duration)? {
        let age: Duration? = freshness == .afterFailure ? Self.leaseAgeAfterFailure : nil
        let kept = try await tokens.value(for: account, at: time.uptime(), noOlderThan: age) {
            let made = try await source.token(of: account, lasting: lifetime)
            return (made, made.map { $0.lifetime * 4 / 5 } ?? Self.lifetime)
        }
        return kept.value.map { ($0.token, kept.until) }
    }

    /// Notes the version that something has.
    ///
    /// If another one was known, all who refer to it look again. Whoever is reading just now is among them: a watch
    /// may have shown a newer version while this one was on its way.
    ///
    /// - Returns: whose parts they are.
    @discardableResult
    func note(_ reference: Reference, _ version: String?) -> Set<ObjectKey> {
        guard references.isNews(reference, version ?? Data.absent) else { return [] }
        data.forget(reference)
        specs.forget(reference)
        return references.invalidate(reference)
    }

    /// How old something read may be.
    private static func age(_ freshness: Freshness) -> Duration {
        switch freshness {
        case .ordinary: lifetime
        case .afterFailure: ageAfterFailure
        }
    }
}
