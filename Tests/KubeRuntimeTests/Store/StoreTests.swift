import KubeModel
import TestKit
import Testing

@testable import KubeRuntime

@Suite struct StoreTests {
    /// A key in namespace `n`.
    static func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "n", name: name) }

    /// Values by name.
    static func values(_ values: [String: Int]) -> [ObjectKey: Int] {
        Dictionary(uniqueKeysWithValues: values.map { (key($0.key), $0.value) })
    }

    @Test func `a swap tells what came, went and changed, and nothing else`() {
        let store = Store<Int>()
        #expect(!store.isSynced)
        #expect(store.replace(part: 0, with: Self.values(["a": 1, "b": 1])) == [Self.key("a"), Self.key("b")])
        #expect(store.isSynced)
        #expect(store.replace(part: 0, with: Self.values(["b": 2, "c": 1, "a": 1])) == [Self.key("b"), Self.key("c")])
        #expect(store.replace(part: 0, with: Self.values(["c": 1])) == [Self.key("a"), Self.key("b")])
        #expect(store.values == Self.values(["c": 1]))
    }

    @Test func `each part replaces only its own, and all must have listed`() {
        let store = Store<Int>(parts: 2)
        store.replace(part: 0, with: Self.values(["a": 1]))
        #expect(!store.isSynced)
        store.replace(part: 1, with: Self.values(["b": 1]))
        #expect(store.isSynced)
        store.set(Self.key("c"), to: 1, part: 1)
        store.replace(part: 0, with: [:])
        #expect(store.values == Self.values(["b": 1, "c": 1]))
        store.replace(part: 1, with: [:])
        #expect(store.values.isEmpty)
    }

    @Test func `names find keys as values come, change and go`() {
        let store = Store<Int> { _, value in value < 0 ? [] : ["all", value.isMultiple(of: 2) ? "even" : "odd"] }
        store.replace(part: 0, with: Self.values(["a": 1, "b": 2, "c": -1]))
        #expect(store.keys(under: "all") == [Self.key("a"), Self.key("b")])
        store.set(Self.key("a"), to: 4)
        store.set(Self.key("b"), to: nil)
        #expect(store.keys(under: "even") == [Self.key("a")])
        #expect(store.keys(under: "odd").isEmpty && store.keys(under: "none").isEmpty)
    }

    @Test func `an entry's revision is another when its value is, and only then`() throws {
        let store = Store<Int>()
        store.replace(part: 0, with: Self.values(["a": 1, "b": 1]))
        let (a, b) = (try #require(store.entry(Self.key("a"))), try #require(store.entry(Self.key("b"))))
        store.replace(part: 0, with: Self.values(["a": 1, "b": 2]))
        store.set(Self.key("a"), to: 1)
        #expect(try #require(store.entry(Self.key("a"))) == a)
        let newer = try #require(store.entry(Self.key("b")))
        #expect(newer.value == 2 && newer.revision > b.revision)
        store.set(Self.key("b"), to: nil)
        #expect(store.entry(Self.key("b")) == nil)
        store.set(Self.key("b"), to: 2)
        #expect(try #require(store.entry(Self.key("b"))).revision > newer.revision)
    }

    @Test func `changes begin with what is there and coalesce by key`() async {
        let store = Store<Int>()
        store.replace(part: 0, with: Self.values(["a": 1, "b": 1]))
        let changes = store.changes()
        for value in 2...9 { store.set(Self.key("a"), to: value) }
        store.set(Self.key("c"), to: 1)
        store.set(Self.key("c"), to: 1)
        var reader = changes.makeAsyncIterator()
        var told: [String] = []
        for _ in 0..<3 { await told.append(reader.next()?.name ?? "") }
        #expect(told == ["a", "b", "c"])
        store.set(Self.key("a"), to: nil)
        #expect(await reader.next() == Self.key("a"))
    }

    @Test func `a reader that waits is woken, and cancellation ends it`() async throws {
        let store = Store<Int>()
        let heard = await withTaskGroup { group in
            let changes = store.changes()
            group.addTask {
                var heard: [ObjectKey] = []
                for await key in changes {
                    heard.append(key)
                    if heard.count == 1 { store.set(Self.key("b"), to: 1) } else { break }
                }
                return heard
            }
            store.set(Self.key("a"), to: 1)
            return await group.next() ?? []
        }
        #expect(heard == [Self.key("a"), Self.key("b")])
        await withTaskGroup { group in
            group.addTask { for await _ in store.changes().dropFirst(2) {} }
            group.cancelAll()
        }
    }

    @Test func `waiting for the first list ends with it, or with cancellation`() async throws {
        let store = Store<Int>()
        try await withThrowingTaskGroup { group in
            for _ in 0..<3 { group.addTask { try await store.waitUntilSynced() } }
            store.replace(part: 0, with: [:])
            try await group.waitForAll()
        }
        try await store.waitUntilSynced()
        let never = Store<Int>()
        await withThrowingTaskGroup { group in
            group.addTask { try await never.waitUntilSynced() }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
    }
}
