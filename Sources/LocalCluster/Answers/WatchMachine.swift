import Foundation
import KubeModel

/// One watch: where it stands in the history of its kind.
///
/// It holds no queue. Each time its client can take more, it reads on in the store's history from where it stands; if
/// the history no longer goes back that far, the client is told 410 Gone and the stream ends. A slow client costs
/// nothing but its own place.
struct WatchMachine: Sendable {
    /// Of which kind; the shell wakes the watch when the kind changes.
    let kind: Kind
    /// In which version.
    private let view: Kind.View
    /// Which objects.
    private let selection: Selection
    /// In which shape.
    private let renderer: ObjectRenderer
    /// Whether the client wants to be told where it stands when nothing happens.
    let sendsBookmarks: Bool
    /// After how long the stream ends in good order.
    let duration: Duration
    /// What it does next.
    private var state: State

    /// What a watch does next.
    private enum State {
        /// Tells of objects that were there at the start; can go to `following`.
        case starting(ArraySlice<JSONValue>, from: Int64)
        /// Tells of changes after a revision; can go to `ended`.
        case following(from: Int64)
        /// Says nothing more.
        case ended
    }

    /// What the shell is to do.
    enum Step: Sendable {
        /// Send these events, then ask again.
        case send([JSONValue])
        /// Nothing new: wait for a change of the kind.
        case wait
        /// The stream is over.
        case end
    }

    /// Events in one step at most, so that a long history does not become one large answer.
    private static let batch = 100

    /// Makes a watch that begins with objects and goes on after a revision.
    init(
        kind: Kind,
        view: Kind.View,
        selection: Selection,
        renderer: ObjectRenderer,
        initial: [JSONValue],
        from revision: Int64,
        sendsBookmarks: Bool,
        duration: Duration
    ) {
        (self.kind, self.view, self.selection, self.renderer) = (kind, view, selection, renderer)
        (self.sendsBookmarks, self.duration) = (sendsBookmarks, duration)
        self.state = initial.isEmpty ? .following(from: revision) : .starting(initial[...], from: revision)
    }

    /// Goes on as far as the store has gone.
    mutating func next(in cluster: ClusterState, now: Date) -> Step {
        switch state {
        case .starting(let rest, let revision):
            let batch = rest.prefix(Self.batch)
            let left = rest.dropFirst(Self.batch)
            state = left.isEmpty ? .following(from: revision) : .starting(left, from: revision)
            return .send(batch.map { event("ADDED", renderer.object($0, now: now)) })
        case .following(let revision):
            return follow(from: revision, in: cluster, now: now)
        case .ended: return .end
        }
    }

    /// A bookmark with the state of the store, if the client has been told of everything before it.
    func bookmark(in cluster: ClusterState) -> JSONValue? {
        guard sendsBookmarks, case .following(let revision) = state,
            let missed = cluster.shelf(kind.id).history.changes(after: revision, limit: 1), missed.isEmpty
        else { return nil }
        return event("BOOKMARK", renderer.bookmark(cluster.revision))
    }

    /// Reads on in the history until there is something to tell.
    private mutating func follow(from start: Int64, in cluster: ClusterState, now: Date) -> Step {
        let history = cluster.shelf(kind.id).history
        var revision = start
        while true {
            guard let changes = history.changes(after: revision, limit: Self.batch) else {
                state = .ended
                let message = "too old resource version: \(revision) (\(history.forgotten + 1))"
                return .send([event("ERROR", APIFailure.expired(message).status.json)])
            }
            guard let last = changes.last else {
                state = .following(from: revision)
                return .wait
            }
            revision = last.revision
            let events = changes.compactMap { describe($0, now: now) }
            if !events.isEmpty {
                state = .following(from: revision)
                return .send(events)
            }
        }
    }

    /// What a change means to this watch: an object that comes to be selected is new to it, one that ceases is gone.
    private func describe(_ change: Change, now: Date) -> JSONValue? {
        let wasSelected = change.before.map { selection.matches($0, kind, view) } ?? false
        if let after = change.after, selection.matches(after, kind, view) {
            return event(wasSelected ? "MODIFIED" : "ADDED", renderer.object(after, now: now))
        }
        guard wasSelected, var last = change.before else { return nil }
        last[meta: "resourceVersion"] = .string(String(change.revision))
        return event("DELETED", renderer.object(last, now: now))
    }

    /// One line of the stream.
    private func event(_ type: String, _ object: JSONValue) -> JSONValue {
        ["type": .string(type), "object": object]
    }
}
