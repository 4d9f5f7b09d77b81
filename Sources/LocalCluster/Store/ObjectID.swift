import KubeModel

/// One object of one kind.
struct ObjectID: Sendable, Hashable {
    /// Of which kind.
    var kind: Kind.ID
    /// Which.
    var key: ObjectKey
}
