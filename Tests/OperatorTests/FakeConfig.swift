import KubeModel
import Outbound
import Scaling
import Synchronization
import TestKit

@testable import Operator

/// Secrets, ConfigMaps, authentications and service accounts in dictionaries, which a test may change.
final class FakeConfig: ConfigReader {
    /// What there is.
    struct Content: Sendable {
        var secrets: [String: [String: String]] = [:]
        var configMaps: [String: [String: String]] = [:]
        var authentications: [String: AuthenticationSpec] = [:]
        /// Seconds that a new token of an account lives.
        var accounts: [String: Int] = [:]
        /// Thrown instead of any answer.
        var failure: OutboundError?
    }

    /// What there is.
    let content: Mutex<Content>
    /// What was asked, in order.
    let asked = Mutex<[String]>([])

    init(
        secrets: [String: [String: String]] = [:],
        configMaps: [String: [String: String]] = [:],
        authentications: [String: AuthenticationSpec] = [:],
        accounts: [String: Int] = [:]
    ) {
        self.content = Mutex(
            Content(
                secrets: secrets,
                configMaps: configMaps,
                authentications: authentications,
                accounts: accounts
            )
        )
    }

    /// Notes a question and looks at what there is.
    private func look<Value>(_ question: String, _ find: (Content) -> Value?) throws -> Value? {
        asked.withLock { $0.append(question) }
        let content = content.withLock { $0 }
        if let failure = content.failure { throw failure }
        return find(content)
    }

    /// Data whose version is its text.
    private func data(_ texts: [String: String]?) -> Versioned<[String: Secret<String>]>? {
        texts.map { Versioned(value: $0.mapValues { Secret($0) }, version: "\($0.sorted(by: <))") }
    }

    func secret(_ key: ObjectKey) async throws -> Versioned<[String: Secret<String>]>? {
        try look("Secret \(key)") { data($0.secrets[key.description]) }
    }

    func configMap(_ key: ObjectKey) async throws -> Versioned<[String: Secret<String>]>? {
        try look("ConfigMap \(key)") { data($0.configMaps[key.description]) }
    }

    func authentication(_ reference: AuthenticationReference) async throws -> Versioned<AuthenticationSpec>? {
        try look("\(reference)") { content in
            content.authentications[reference.description].map { Versioned(value: $0, version: "\($0.hashValue)") }
        }
    }

    func token(of account: ObjectKey, lasting lifetime: Duration) async throws -> IssuedToken? {
        let count = asked.withLock { $0.filter { $0.hasPrefix("token") }.count } + 1
        return try look("token of \(account) for \(lifetime.components.seconds) s") { content in
            content.accounts[account.description]
                .map { IssuedToken(token: Secret("\(account.name)-token-\(count)"), lifetime: .seconds($0)) }
        }
    }
}

extension CredentialResolver {
    /// A resolver over dictionaries and scripted servers.
    static func testing(
        _ config: FakeConfig,
        _ settings: CredentialSettings = CredentialSettings(),
        http: any HTTPTransport = ScriptedTransport(),
        clock: ManualClock = ManualClock(),
        references: ReferenceIndex = ReferenceIndex(),
        isWatched: @escaping @Sendable (Reference) -> Bool = { _ in false }
    ) -> CredentialResolver {
        CredentialResolver(
            reader: config,
            settings: settings,
            http: http,
            time: clock.source,
            references: references,
            isWatched: isWatched
        )
    }
}

extension AuthenticationSpec {
    /// An authentication as a manifest has it.
    static func parsing(_ json: String) throws -> AuthenticationSpec {
        try KubeJSON.decode(from: [UInt8](json.utf8))
    }
}

extension PodTemplate {
    /// A template as a manifest has it.
    static func parsing(_ json: String) throws -> PodTemplate {
        try KubeJSON.decode(from: [UInt8](json.utf8))
    }
}
