import KubeModel

/// One change of one object, as watches tell it.
struct Change: Sendable {
    /// The store's revision after it; also the object's `resourceVersion`.
    var revision: Int64
    /// Which object.
    var key: ObjectKey
    /// As it was; `nil` when it is new.
    var before: JSONValue?
    /// As it is; `nil` when it is gone.
    var after: JSONValue?
}

/// The last changes of one kind, oldest first, no more than a fixed number.
///
/// Watches read it by revision, each at its own pace, so nothing is buffered for them: whoever falls behind the
/// oldest change is told 410 Gone and lists anew.
struct ChangeHistory: Sendable {
    /// How many changes are kept.
    let capacity: Int
    /// A ring; ``start`` is the oldest once it is full.
    private var slots: [Change] = []
    /// Where the oldest change is.
    private var start = 0
    /// The revision of the last change that was dropped; watches from before it are too old.
    private(set) var forgotten: Int64 = 0

    /// Makes an empty history.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// How many changes are known.
    var count: Int { slots.count }

    /// Adds the newest change; drops the oldest when full.
    mutating func append(_ change: Change) {
        guard slots.count == capacity else {
            slots.append(change)
            return
        }
        forgotten = slots[start].revision
        slots[start] = change
        start = (start + 1) % capacity
    }

    /// Changes after a revision, oldest first, at most `limit`; `nil` if some of them are forgotten.
    ///
    /// - Complexity: O(log capacity + limit).
    func changes(after revision: Int64, limit: Int) -> [Change]? {
        guard revision >= forgotten else { return nil }
        let first = firstIndex(after: revision)
        return (first..<slots.count).prefix(limit).map { change(at: $0) }
    }

    /// The position, counted from the oldest, of the first change after a revision.
    private func firstIndex(after revision: Int64) -> Int {
        var (low, high) = (0, slots.count)
        while low < high {
            let middle = (low + high) / 2
            if change(at: middle).revision <= revision { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The change at a position counted from the oldest.
    private func change(at position: Int) -> Change {
        slots[(start + position) % slots.count]
    }
}
