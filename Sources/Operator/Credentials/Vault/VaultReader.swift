internal import Outbound
internal import Scaling

/// Reads from Vaults for all triggers: each logs in once, and asks for the same thing once.
struct VaultReader: Sendable {
    /// As whom we are in which Vault.
    struct Identity: Sendable, Hashable {
        /// Where.
        let place: VaultConnection.Place
        /// As whom.
        let login: VaultLogin
    }

    /// What is asked, by whom.
    struct Asking: Sendable, Hashable {
        /// By whom.
        let identity: Identity
        /// What.
        let question: VaultQuestion
    }

    /// Reaches Vaults.
    private let http: any HTTPTransport
    /// Whom to trust as a Vault.
    private let tls: TLSSettings
    /// The clocks.
    let time: TimeSource
    /// Tokens of those who are logged in.
    let sessions = SharedCache<Identity, Secret<String>>()
    /// What was answered.
    let answers = SharedCache<Asking, VaultAnswer>()

    /// Nobody is logged in yet.
    init(http: any HTTPTransport, tls: TLSSettings, time: TimeSource) {
        self.http = http
        self.tls = tls
        self.time = time
    }

    /// Logs in, if nobody has with the same words.
    ///
    /// - Throws: ``VaultError``, ``CredentialError`` for an address that is none, `OutboundError`.
    func reading(
        _ source: AuthenticationSpec.VaultSource,
        _ login: VaultLogin,
        _ freshness: Freshness
    ) async throws -> VaultReading {
        let place = try VaultConnection.Place(source)
        let connection = VaultConnection(http: http, place: place, tls: tls)
        let identity = Identity(place: place, login: login)
        var reading = VaultReading(reader: self, connection: connection, identity: identity, freshness: freshness)
        try await reading.logIn()
        return reading
    }
}

/// One look into a Vault, for one trigger.
struct VaultReading {
    /// What all triggers share.
    let reader: VaultReader
    /// The Vault.
    let connection: VaultConnection
    /// As whom we are there.
    let identity: VaultReader.Identity
    /// How old answers may be.
    let freshness: Freshness
    /// Our token there.
    private var session: SharedCache<VaultReader.Identity, Secret<String>>.Kept?

    /// Not logged in yet.
    init(
        reader: VaultReader,
        connection: VaultConnection,
        identity: VaultReader.Identity,
        freshness: Freshness
    ) {
        self.reader = reader
        self.connection = connection
        self.identity = identity
        self.freshness = freshness
    }

    /// Logs in, if nobody has with the same words.
    ///
    /// - Throws: see ``VaultConnection/logIn(_:)``.
    mutating func logIn() async throws {
        session = try await reader.sessions.value(for: identity, at: reader.time.uptime(), noOlderThan: age) {
            try await connection.logIn(identity.login)
        }
    }

    /// What is at a path, or was made there for us.
    ///
    /// A token that was good and is denied may have been revoked: then we log in again, once a minute at most.
    ///
    /// - Throws: ``VaultError``, `OutboundError`.
    mutating func answer(to question: VaultQuestion) async throws -> VaultAnswer {
        let uptime = reader.time.uptime()
        let answer = try await kept(question, at: uptime, noOlderThan: age)
        guard answer.isDenied, let session, uptime - session.since >= CredentialResolution.unwatched else {
            return answer
        }
        reader.sessions.forget(identity, session)
        try await logIn()
        return try await kept(question, at: reader.time.uptime(), noOlderThan: .zero)
    }

    /// The answer that another trigger has had, or a new one.
    private func kept(
        _ question: VaultQuestion,
        at uptime: Duration,
        noOlderThan age: Duration?
    ) async throws -> VaultAnswer {
        let asking = VaultReader.Asking(identity: identity, question: question)
        return try await reader.answers
            .value(for: asking, at: uptime, noOlderThan: age) {
                let what = "reading \"\(question.path)\""
                let reply = try await connection.ask(question.path, token: session?.value, posting: question.body, what)
                let answer = VaultAnswer(reply, to: question, now: reader.time.now(), uptime: uptime)
                return (answer, answer.lifetime)
            }
            .value
    }

    /// How old anything may be: what the Vault makes for us is not made anew for every failure.
    private var age: Duration? {
        switch freshness {
        case .ordinary: nil
        case .afterFailure: ConfigCache.leaseAgeAfterFailure
        }
    }
}
