public import KubeModel
import Synchronization

/// What is known of the objects of one kind: one writer, many readers, and changes as they come.
///
/// It holds only what its writer keeps of each object. Reading never waits for the network.
public final class Store<Value: Sendable & Equatable>: Sendable {
    /// A value in an allocation of its own: a table has room for twice as many as there are, and values are large.
    private final class Box: Sendable {
        /// The value.
        let value: Value
        /// The ``Store/revision`` that brought it.
        let revision: Int

        /// Takes a value.
        init(_ value: Value, _ revision: Int) {
            self.value = value
            self.revision = revision
        }
    }

    /// See ``StoreState``.
    private let state: Mutex<StoreState>
    /// Names under which a value is found.
    private let index: (@Sendable (ObjectKey, Value) -> [String])?

    /// An empty store, not synced.
    ///
    /// - Parameters:
    ///   - parts: how many lists make up the whole; their keys are disjoint.
    ///   - index: names under which ``keys(under:)`` finds a value.
    package init(parts: Int = 1, index: (@Sendable (ObjectKey, Value) -> [String])? = nil) {
        self.state = Mutex(StoreState(parts: Array(repeating: nil, count: parts)))
        self.index = index
    }

    /// What is known of one object; `nil` when it is not there, or not yet.
    public subscript(key: ObjectKey) -> Value? {
        box(key)?.value
    }

    /// What is known of one object, and the ``revision`` that brought it: while that is the same, so is the value.
    public func entry(_ key: ObjectKey) -> (value: Value, revision: Int)? {
        box(key).map { ($0.value, $0.revision) }
    }

    /// The same revision alone; `nil` where nothing is known.
    public func revision(of key: ObjectKey) -> Int? { box(key)?.revision }

    /// Everything, as of this moment.
    public var values: [ObjectKey: Value] {
        state.withLock { $0.values }.mapValues { Self.box($0).value }
    }

    /// The box of an object.
    private func box(_ key: ObjectKey) -> Box? {
        state.withLock { $0.values[key] }.map(Self.box)
    }

    /// A box as what it is: nothing else is ever put into ``StoreState/values``.
    private static func box(_ box: any AnyObject & Sendable) -> Box { unsafeDowncast(box, to: Box.self) }

    /// A number that grows with each change.
    public var revision: Int { state.withLock { $0.revision } }

    /// The keys of all there is.
    public var keys: [ObjectKey] { state.withLock { Array($0.values.keys) } }

    /// Which objects the index finds under a name, in order.
    public func keys(under name: String) -> [ObjectKey] {
        state.withLock { $0.names[name] ?? [] }.sorted()
    }

    /// Whether the first list is complete.
    public var isSynced: Bool {
        state.withLock { $0.isSynced }
    }

    /// Whether all lists are complete and their watches have been heard of lately, if only by a bookmark or a good end.
    ///
    /// A watch that says nothing may be dead, or far behind. An API server sends a bookmark every minute, but none before
    /// the first event: where a kind is quiet, whoever asks this has watches begun anew in time.
    ///
    /// - Parameters:
    ///   - now: the uptime.
    ///   - silence: how long none may be.
    /// - Returns: whether what is known was there a moment ago, as far as anybody can tell.
    public func isCurrent(at now: Duration, silence: Duration = .seconds(75)) -> Bool {
        state.withLock { state in
            state.isSynced
                && state.parts.indices.allSatisfy { part in state.heard[part].map { now - $0 < silence } ?? false }
        }
    }

    /// Waits until the first list is complete.
    ///
    /// - Throws: `CancellationError`.
    public func waitUntilSynced() async throws {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        let number = state.withLock { state -> Int? in
            if state.isSynced { return nil }
            state.next += 1
            state.waiters[state.next] = continuation
            return state.next
        }
        guard let number else { return }
        defer { _ = state.withLock { $0.waiters.removeValue(forKey: number) } }
        for await _ in stream {}
        try Task.checkCancellation()
    }

    /// The keys of what changes, beginning with all that is known now.
    ///
    /// A key that changes again before it is read comes once, so a slow reader holds at most one entry for each object.
    public func changes() -> StoreChanges {
        let feed = ChangeFeed()
        let number = state.withLock { state in
            state.next += 1
            state.feeds[state.next] = feed
            feed.add(state.values.keys.sorted())
            return state.next
        }
        return StoreChanges(feed: feed) { [weak self] in
            _ = self?.state.withLock { $0.feeds.removeValue(forKey: number) }
        }
    }

    // MARK: The writer

    /// Tells when a part was last heard of; `nil` when it is followed no longer.
    package func note(part: Int, heard: Duration?) {
        state.withLock { $0.heard[part] = heard }
    }

    /// Puts a complete list in the place of what a part had, in one step.
    ///
    /// - Returns: the keys that came, went or changed.
    @discardableResult
    package func replace(part: Int, with values: [ObjectKey: Value]) -> [ObjectKey] {
        state.withLock { state in
            let gone = (state.parts[part] ?? []).subtracting(values.keys)
            var changed: [ObjectKey] = []
            for key in gone where put(nil, at: key, &state) { changed.append(key) }
            for (key, value) in values where put(value, at: key, &state) { changed.append(key) }
            state.parts[part] = Set(values.keys)
            if state.isSynced {
                for waiter in state.waiters.values { waiter.finish() }
            }
            changed.sort()
            for feed in state.feeds.values { feed.add(changed) }
            return changed
        }
    }

    /// Puts, or removes, one value.
    package func set(_ key: ObjectKey, to value: Value?, part: Int = 0) {
        state.withLock { state in
            if value == nil { state.parts[part]?.remove(key) } else { state.parts[part]?.insert(key) }
            guard put(value, at: key, &state) else { return }
            for feed in state.feeds.values { feed.add([key]) }
        }
    }

    /// Stores a value and its names; whether that changed anything.
    private func put(_ value: Value?, at key: ObjectKey, _ state: inout StoreState) -> Bool {
        let old = state.values[key].map { Self.box($0).value }
        guard old != value else { return false }
        state.revision += 1
        state.values[key] = value.map { Box($0, state.revision) }
        guard let index else { return true }
        for name in old.map({ index(key, $0) }) ?? [] {
            state.names[name]?.remove(key)
            if state.names[name]?.isEmpty == true { state.names[name] = nil }
        }
        for name in value.map({ index(key, $0) }) ?? [] { state.names[name, default: []].insert(key) }
        return true
    }
}

/// Everything under the lock of a ``Store``.
///
/// It does not say of what kind the objects are, so that looking one up, which each poll does several times, is compiled
/// for its key once and not worked out at run time.
private struct StoreState {
    /// What is known, each in its store's box.
    var values: [ObjectKey: any AnyObject & Sendable] = [:]
    /// Which keys each part of the writer has brought; `nil` for a part that has not listed yet.
    var parts: [Set<ObjectKey>?]
    /// When each part was last heard of by its writer; absent for one that is not followed.
    var heard: [Int: Duration] = [:]
    /// Keys by the names that the index gives.
    var names: [String: Set<ObjectKey>] = [:]
    /// Who is told of changes, by number.
    var feeds: [Int: ChangeFeed] = [:]
    /// Who waits for the first list, by number.
    var waiters: [Int: AsyncStream<Never>.Continuation] = [:]
    /// The next number.
    var next = 0
    /// Counts changes.
    var revision = 0

    /// Whether every part has listed.
    var isSynced: Bool { parts.allSatisfy { $0 != nil } }
}
