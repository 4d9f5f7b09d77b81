/// Keys and when each is due; the one due first is at hand.
///
/// Each key at most once.
///
/// A binary heap that knows where each key stands. Keys due at one moment come in the order in which they were added.
struct Timetable<Key: Hashable & Sendable>: Sendable {
    /// A key and its moment.
    struct Entry: Sendable {
        /// What is due.
        let key: Key
        /// When, by the uptime.
        let due: Duration
        /// Breaks ties.
        let order: Int

        /// Whether it is due before another.
        func precedes(_ other: Entry) -> Bool { (due, order) < (other.due, other.order) }
    }

    /// Each entry is due no later than those at twice its place plus one and two.
    private var heap: [Entry] = []
    /// Where each key stands in ``heap``.
    private var places: [Key: Int] = [:]
    /// Counts what was added.
    private var added = 0

    /// How many keys there are.
    var count: Int { heap.count }

    /// How many keys have a moment that fits.
    ///
    /// - Complexity: O(count).
    func count(where fits: (Duration) -> Bool) -> Int { heap.count { fits($0.due) } }

    /// What is due first.
    var first: Entry? { heap.first }

    /// Adds a key, or moves it if it is due earlier now; a later moment changes nothing.
    ///
    /// - Complexity: O(log count).
    mutating func schedule(_ key: Key, at due: Duration) {
        if let place = places[key] {
            guard due < heap[place].due else { return }
            heap[place] = Entry(key: key, due: due, order: heap[place].order)
            rise(from: place)
            return
        }
        added += 1
        heap.append(Entry(key: key, due: due, order: added))
        places[key] = heap.count - 1
        rise(from: heap.count - 1)
    }

    /// Removes a key, if it is there.
    ///
    /// - Complexity: O(log count).
    mutating func remove(_ key: Key) {
        guard let place = places.removeValue(forKey: key) else { return }
        let last = heap.removeLast()
        guard place < heap.count else { return }
        heap[place] = last
        places[last.key] = place
        sink(from: place)
        rise(from: place)
    }

    /// Moves an entry towards the front as far as it belongs.
    private mutating func rise(from start: Int) {
        var place = start
        while place > 0, heap[place].precedes(heap[(place - 1) / 2]) {
            swap(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Moves an entry towards the back as far as it belongs.
    private mutating func sink(from start: Int) {
        var place = start
        while true {
            var child = 2 * place + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
            guard heap[child].precedes(heap[place]) else { return }
            swap(place, child)
            place = child
        }
    }

    /// Exchanges two entries.
    private mutating func swap(_ one: Int, _ other: Int) {
        heap.swapAt(one, other)
        places[heap[one].key] = one
        places[heap[other].key] = other
    }
}
