import KubeModel

/// Something that the cluster's own loops have to look at.
enum Reaction: Sendable {
    /// An object is new or different.
    case changed(ObjectID)
    /// An object is gone; as it was.
    case removed(ObjectID, JSONValue)
}

/// What is still to be looked at, oldest first; an object that changes twice before its turn is looked at once.
struct ReactionQueue: Sendable {
    /// Waiting, from ``next`` on.
    private var waiting: [Reaction] = []
    /// The first that waits.
    private var next = 0
    /// Which objects wait for ``Reaction/changed(_:)``.
    private var known: Set<ObjectID> = []

    /// Whether nothing waits.
    var isEmpty: Bool { next == waiting.count }

    /// Adds one.
    mutating func add(_ reaction: Reaction) {
        if case .changed(let id) = reaction, !known.insert(id).inserted { return }
        waiting.append(reaction)
    }

    /// Takes the oldest.
    mutating func pop() -> Reaction? {
        guard next < waiting.count else { return nil }
        let reaction = waiting[next]
        next += 1
        if next == waiting.count { (waiting, next) = ([], 0) }
        if case .changed(let id) = reaction { known.remove(id) }
        return reaction
    }
}
