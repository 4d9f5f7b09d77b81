public import KubeClient
internal import KubeModel
public import KubeRuntime

/// Which objects this process may poll and write now: all of them while it leads, or those of the shards that it holds.
public struct Ownership: Sendable {
    /// Takes the key of an object.
    typealias Test = (ObjectKey) -> Bool

    /// Begins a pass; `false` where the object is not ours.
    let begin: @Sendable (ObjectKey) -> Bool
    /// Ends a pass that was begun.
    let end: @Sendable (ObjectKey) -> Void
    /// Whether ``onChange`` tells when an object that was refused becomes ours; else it is to be asked for again.
    let tellsOfReturn: Bool
    /// Writes for an object, only while it is ours.
    let client: @Sendable (ObjectKey) -> KubeClient
    /// Has somebody told which objects come and go: those that become ours before they are, and then all that changed.
    let onChange:
        @Sendable (
            _ gaining: @escaping @Sendable (Test) -> Void, _ changed: @escaping @Sendable (Test) -> Void
        ) -> Void

    /// All objects, while we lead: who no longer does is about to end.
    ///
    /// - Parameters:
    ///   - client: writes, only while we lead.
    ///   - isLeading: whether we do.
    /// - Returns: an ownership that never changes but for its end.
    public static func all(
        by client: KubeClient,
        while isLeading: @escaping @Sendable () -> Bool = { true }
    ) -> Ownership {
        Ownership(
            begin: { _ in isLeading() },
            end: { _ in },
            tellsOfReturn: false,
            client: { _ in client },
            onChange: { _, _ in }
        )
    }

    /// The objects of the shards that are ours.
    ///
    /// - Parameters:
    ///   - holder: knows which.
    ///   - client: writes for a shard, only while it is ours.
    /// - Returns: an ownership that comes and goes by shards.
    public static func shards(of holder: ShardHolder, by client: (_ shard: Int) -> KubeClient) -> Ownership {
        let layout = holder.layout
        let clients = (0..<layout.count).map(client)
        return Ownership(
            begin: { holder.begin($0) },
            end: { holder.end($0) },
            tellsOfReturn: true,
            client: { clients[layout.shard(of: $0)] },
            onChange: { gaining, changed in
                holder.onChange { few in
                    gaining { few.contains(layout.shard(of: $0)) }
                } changed: { few in
                    changed { few.contains(layout.shard(of: $0)) }
                }
            }
        )
    }
}
