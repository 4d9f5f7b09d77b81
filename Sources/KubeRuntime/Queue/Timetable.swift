/// Keys and when each is due; the one due first is at hand.
///
/// Each key at most once. Keys due at one moment come in the order in which they were added.
///
/// A key is hashed when it comes and when it goes, and not at each step of its way through the heap, which knows it by
/// the number of its slot.
struct Timetable<Key: Hashable & Sendable>: Sendable {
    /// A key and its moment.
    struct Entry: Sendable {
        /// What is due.
        let key: Key
        /// When, by the uptime.
        let due: Duration
    }

    /// The keys, by slot; `nil` in a free one.
    private var keys: [Key?] = []
    /// Slots without a key.
    private var free: [Int] = []
    /// The slot of each key.
    private var slots: [Key: Int] = [:]
    /// Which slot is due first.
    private var heap = SlotHeap()
    /// Counts what was added.
    private var added = 0

    /// How many keys there are.
    var count: Int { heap.nodes.count }

    /// How many keys have a moment that fits.
    ///
    /// - Complexity: O(count).
    func count(where fits: (Duration) -> Bool) -> Int { heap.nodes.count { fits($0.due) } }

    /// What is due first.
    var first: Entry? {
        heap.nodes.first.flatMap { node in keys[node.slot].map { Entry(key: $0, due: node.due) } }
    }

    /// Adds a key, or moves it if it is due earlier now; a later moment changes nothing.
    ///
    /// - Complexity: O(log count).
    mutating func schedule(_ key: Key, at due: Duration) {
        if let slot = slots[key] { return heap.hasten(slot, to: due) }
        let slot = free.popLast() ?? keys.count
        if slot == keys.count { keys.append(key) } else { keys[slot] = key }
        slots[key] = slot
        added += 1
        heap.add(SlotHeap.Node(slot: slot, due: due, order: added))
    }

    /// Removes a key, if it is there.
    ///
    /// - Complexity: O(log count).
    mutating func remove(_ key: Key) {
        guard let slot = slots.removeValue(forKey: key) else { return }
        keys[slot] = nil
        free.append(slot)
        heap.remove(slot)
    }
}

/// A binary heap of slots that knows where each one stands.
private struct SlotHeap: Sendable {
    /// A slot and its moment.
    struct Node: Sendable {
        /// Which.
        let slot: Int
        /// When it is due.
        let due: Duration
        /// Breaks ties.
        let order: Int

        /// Whether it is due before another.
        func precedes(_ other: Node) -> Bool { (due, order) < (other.due, other.order) }
    }

    /// Each is due no later than those at twice its place plus one and two.
    private(set) var nodes: [Node] = []
    /// Where in ``nodes`` each slot stands; of no meaning for a free one.
    private var places: [Int] = []

    /// Adds a slot that is not there.
    mutating func add(_ node: Node) {
        if node.slot == places.count { places.append(nodes.count) }
        nodes.append(node)
        rise(from: nodes.count - 1)
    }

    /// Moves a slot's moment, unless it would be a later one.
    mutating func hasten(_ slot: Int, to due: Duration) {
        let place = places[slot]
        guard due < nodes[place].due else { return }
        nodes[place] = Node(slot: slot, due: due, order: nodes[place].order)
        rise(from: place)
    }

    /// Removes a slot that is there.
    mutating func remove(_ slot: Int) {
        let place = places[slot]
        let last = nodes.removeLast()
        guard place < nodes.count else { return }
        nodes[place] = last
        sink(from: place)
        rise(from: place)
    }

    /// Moves a node towards the front as far as it belongs.
    private mutating func rise(from start: Int) {
        let node = nodes[start]
        var place = start
        while place > 0, node.precedes(nodes[(place - 1) / 2]) {
            put(nodes[(place - 1) / 2], at: place)
            place = (place - 1) / 2
        }
        put(node, at: place)
    }

    /// Moves a node towards the back as far as it belongs.
    private mutating func sink(from start: Int) {
        let node = nodes[start]
        var place = start
        while true {
            var child = 2 * place + 1
            if child + 1 < nodes.count, nodes[child + 1].precedes(nodes[child]) { child += 1 }
            guard child < nodes.count, nodes[child].precedes(node) else { break }
            put(nodes[child], at: place)
            place = child
        }
        put(node, at: place)
    }

    /// Puts a node somewhere, and notes where.
    private mutating func put(_ node: Node, at place: Int) {
        nodes[place] = node
        places[node.slot] = place
    }
}
