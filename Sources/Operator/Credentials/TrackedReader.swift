internal import KubeModel
internal import Outbound
internal import Scaling
internal import Synchronization

/// Reads for one trigger, and notes what it refers to.
final class TrackedReader: Sendable {
    /// Reads for all.
    let cache: ConfigCache
    /// How old what is read may be.
    let freshness: Freshness
    /// The trigger; `nil` if nobody is to be told of changes.
    private let user: (any ReferenceUser)?
    /// What was read.
    private let noted = Mutex<Set<Reference>>([])

    /// Has read nothing yet.
    init(_ cache: ConfigCache, _ freshness: Freshness, for user: (any ReferenceUser)?) {
        self.cache = cache
        self.freshness = freshness
        self.user = user
    }

    /// All that was read.
    var used: Set<Reference> { noted.withLock { $0 } }

    /// A Secret's data, `nil` if there is no such Secret.
    func secret(_ key: ObjectKey) async throws -> [String: Secret<String>]? {
        try await data(of: .secret(key))
    }

    /// A ConfigMap's data, `nil` if there is no such ConfigMap.
    func configMap(_ key: ObjectKey) async throws -> [String: Secret<String>]? {
        try await data(of: .configMap(key))
    }

    /// An authentication's spec, `nil` if there is none.
    func authentication(_ name: AuthenticationReference) async throws -> AuthenticationSpec? {
        note(.authentication(name))
        return try await cache.authentication(name, freshness)
    }

    /// See ``secret(_:)`` and ``configMap(_:)``.
    private func data(of reference: Reference) async throws -> [String: Secret<String>]? {
        note(reference)
        return try await cache.data(of: reference, freshness)
    }

    /// Notes what is about to be read.
    private func note(_ reference: Reference) {
        _ = noted.withLock { $0.insert(reference) }
        if let user { cache.references.add(reference, user) }
    }

    /// Ends the trigger's interest in all that was not read this time.
    func finish() {
        if let user { cache.references.retain(used, user) }
    }
}
