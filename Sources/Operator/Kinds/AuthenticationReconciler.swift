internal import KubeClient
internal import KubeModel
internal import KubeRuntime
internal import Outbound
internal import Scaling
internal import Synchronization

/// Looks after TriggerAuthentications and ClusterTriggerAuthentications: writes down who uses them, and tells that they
/// come, change and go.
///
/// It puts no finalizer on them, since there is nothing to do at their end and a finalizer would keep their namespace
/// while no operator runs. It takes off the one that KEDA has put there.
final class AuthenticationReconciler: Sendable {
    /// Between two writes of one status: many objects that come at once are written down together.
    private static let rest = Duration.seconds(2)

    /// An authentication of either kind.
    struct Found: Sendable {
        /// Names and versions.
        let metadata: ObjectMeta
        /// Who is written down as its users.
        let status: AuthenticationStatus?
    }

    /// What is kept between passes.
    private struct Memory {
        /// What is known to people.
        var news = AuthenticationNews()
        /// Until when a status is left alone, by uptime.
        var rests: [AuthenticationReference: Duration] = [:]
    }

    /// The authentication as the watch shows it.
    let find: @Sendable (AuthenticationReference) -> Found?
    /// Who uses it.
    let users: @Sendable (AuthenticationReference) -> AuthenticationStatus
    /// Tells people.
    let announce: @Sendable (Occurrence) -> Void
    /// The API server.
    let client: KubeClient
    /// The clocks.
    let time: TimeSource
    /// See ``Memory``.
    private let memory = Mutex(Memory())

    /// Knows nothing yet.
    init(
        client: KubeClient,
        time: TimeSource,
        find: @escaping @Sendable (AuthenticationReference) -> Found?,
        users: @escaping @Sendable (AuthenticationReference) -> AuthenticationStatus,
        announce: @escaping @Sendable (Occurrence) -> Void
    ) {
        self.find = find
        self.users = users
        self.announce = announce
        self.client = client
        self.time = time
    }

    /// Does one pass.
    ///
    /// - Returns: when it is to be looked at again; usually when something changes.
    func pass(_ reference: AuthenticationReference) async throws -> ReconcileAction {
        guard let found = find(reference) else {
            let last = memory.withLock { memory in
                memory.rests[reference] = nil
                return memory.news.missed(reference)
            }
            if let last { tell(.deleted, reference, last) }
            return .awaitChange
        }
        if Finalizer.holdsUp(found.metadata) {
            _ = try await Finalizer.remove(from: found.metadata, reference.type, by: client)
        }
        guard found.metadata.deletionTimestamp == nil else { return .awaitChange }
        let news = memory.withLock { $0.news.saw(found.metadata, of: reference, now: time.now()) }
        if let news { tell(news, reference, found.metadata) }
        return try await writeUsers(of: reference, found)
    }

    /// Writes down who uses an authentication, if that has changed.
    private func writeUsers(of reference: AuthenticationReference, _ found: Found) async throws -> ReconcileAction {
        let wanted = users(reference)
        guard wanted != found.status ?? AuthenticationStatus() else { return .awaitChange }
        let now = time.uptime()
        let rest = memory.withLock { memory in
            let rest = (memory.rests[reference] ?? now) - now
            if rest <= .zero { memory.rests[reference] = now + Self.rest }
            return rest
        }
        guard rest <= .zero else { return .requeue(after: rest) }
        try await client.patchStatus(
            of: reference.type,
            found.metadata,
            with: [
                "scaledobjects": wanted.scaledobjects.map(JSONValue.string) ?? .null,
                "scaledjobs": wanted.scaledjobs.map(JSONValue.string) ?? .null,
            ]
        )
        return .awaitChange
    }

    /// Tells people.
    ///
    /// - Source: KEDA, `pkg/eventreason`; unlike there, a TriggerAuthentication that changes is not told of as a
    ///   ClusterTriggerAuthentication.
    private func tell(_ item: AuthenticationNews.Item, _ reference: AuthenticationReference, _ metadata: ObjectMeta) {
        let kind = reference.type.kind
        let note =
            switch item {
            case .added: "New \(kind) configured"
            case .updated: "\(kind) \(metadata.name) is updated"
            case .deleted: "\(kind) was deleted"
            }
        announce(Occurrence(.normal, reason: kind + item.rawValue, note: note, about: reference.type, metadata))
    }
}
