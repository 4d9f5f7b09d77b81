internal import KubeModel
internal import Synchronization

/// Whoever built something from what it refers to.
protocol ReferenceUser: AnyObject, Sendable {
    /// Whose part it is.
    var object: ObjectKey { get }
    /// Has it look at its references again when it is next used.
    func invalidate()
}

/// Which triggers refer to what, and the version of each thing that was last seen.
///
/// It grows with our own objects, not with the cluster's. A user must take itself out when it ends; it is held weakly.
final class ReferenceIndex: Sendable {
    /// A user, as long as somebody else holds it.
    private struct Holder {
        /// The user.
        weak var user: (any ReferenceUser)?
    }

    /// Everything under the lock.
    private struct State {
        /// Who refers to a thing.
        var users: [Reference: [ObjectIdentifier: Holder]] = [:]
        /// What a user refers to.
        var references: [ObjectIdentifier: Set<Reference>] = [:]
        /// The last version of each thing that somebody refers to.
        var versions: [Reference: String] = [:]

        /// Ends one user's interest in one thing.
        mutating func drop(_ reference: Reference, _ id: ObjectIdentifier) {
            users[reference]?[id] = nil
            guard users[reference]?.isEmpty == true else { return }
            users[reference] = nil
            versions[reference] = nil
        }
    }

    /// See ``State``.
    private let state = Mutex(State())

    /// Nobody refers to anything yet.
    init() {}

    /// Notes that a user refers to something; to be said before it is read, or a change meanwhile is missed.
    func add(_ reference: Reference, _ user: any ReferenceUser) {
        let id = ObjectIdentifier(user)
        state.withLock { state in
            state.users[reference, default: [:]][id] = Holder(user: user)
            state.references[id, default: []].insert(reference)
        }
    }

    /// Drops all that a user refers to but these.
    func retain(_ kept: Set<Reference>, _ user: any ReferenceUser) {
        drop(ObjectIdentifier(user), but: kept)
    }

    /// Drops a user that ends.
    func remove(_ user: ObjectIdentifier) {
        drop(user, but: [])
    }

    /// See ``retain(_:_:)``.
    private func drop(_ id: ObjectIdentifier, but kept: Set<Reference>) {
        state.withLock { state in
            let former = state.references[id] ?? []
            for reference in former.subtracting(kept) { state.drop(reference, id) }
            let rest = former.intersection(kept)
            state.references[id] = rest.isEmpty ? nil : rest
        }
    }

    /// Whether anybody refers to something.
    func isUsed(_ reference: Reference) -> Bool {
        state.withLock { $0.users[reference] != nil }
    }

    /// Notes a version of something.
    ///
    /// - Returns: whether another version of it was known.
    func isNews(_ reference: Reference, _ version: String) -> Bool {
        state.withLock { state in
            guard state.users[reference] != nil else { return false }
            let former = state.versions.updateValue(version, forKey: reference)
            return former.map { $0 != version } ?? false
        }
    }

    /// Has all users of something look again.
    ///
    /// - Returns: whose parts they are.
    func invalidate(_ reference: Reference) -> Set<ObjectKey> {
        let users = state.withLock { $0.users[reference]?.values.compactMap(\.user) ?? [] }
        for user in users { user.invalidate() }
        return Set(users.map(\.object))
    }
}
