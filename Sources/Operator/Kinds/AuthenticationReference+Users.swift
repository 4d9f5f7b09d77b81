internal import KubeModel
internal import Scaling
internal import Synchronization

extension AuthenticationReference {
    /// What a trigger of some namespace refers to.
    init(_ reference: ScaledObject.AuthenticationRef, in namespace: String) {
        self =
            reference.kind == ClusterTriggerAuthentication.resourceType.kind
            ? .cluster(reference.name) : .namespaced(ObjectKey(namespace: namespace, name: reference.name))
    }

    /// Its kind.
    var type: ResourceType {
        switch self {
        case .namespaced: TriggerAuthentication.resourceType
        case .cluster: ClusterTriggerAuthentication.resourceType
        }
    }
}

extension ScaledObject {
    /// The authentications that it uses.
    var authentications: Set<AuthenticationReference> {
        Set(spec.triggers.compactMap(\.authenticationRef).map { .init($0, in: key.namespace) })
    }
}

extension ScaledJob {
    /// The authentications that it uses.
    var authentications: Set<AuthenticationReference> {
        Set(spec.triggers.compactMap(\.authenticationRef).map { .init($0, in: key.namespace) })
    }
}

/// What each user of authentications referred to when it was last looked at.
///
/// A change of a user concerns what it refers to now and what it has ceased to refer to, which only memory can tell.
final class FormerReferences: Sendable {
    /// Users that refer to anything.
    private let known = Mutex<[ObjectKey: Set<AuthenticationReference>]>([:])

    /// Notes what a user refers to.
    ///
    /// - Returns: what it has begun or ceased to refer to.
    func changed(_ user: ObjectKey, to references: Set<AuthenticationReference>) -> Set<AuthenticationReference> {
        known.withLock { known in
            let former = known[user] ?? []
            known[user] = references.isEmpty ? nil : references
            return former.symmetricDifference(references)
        }
    }
}
