import KubeModel
import Synchronization
import Testing

@testable import Operator

@Suite struct ReferenceIndexTests {
    let index = ReferenceIndex()
    let one = ReferenceWatchTests.User("one")
    let other = ReferenceWatchTests.User("other")
    let secret = Reference.secret(ObjectKey(namespace: "shop", name: "db"))
    let map = Reference.configMap(ObjectKey(namespace: "shop", name: "db"))

    @Test func `only another version than the one known is news`() {
        index.add(secret, one)
        #expect(!index.isNews(secret, "1"))
        #expect(!index.isNews(secret, "1"))
        #expect(index.isNews(secret, "2"))
        #expect(index.isNews(secret, ""))
        #expect(!index.isNews(map, "1"))
    }

    @Test func `those who refer to it are told, and nobody else`() {
        index.add(secret, one)
        index.add(map, other)
        #expect(index.invalidate(secret) == [one.object])
        #expect(one.told.withLock { $0 } == 1 && other.told.withLock { $0 } == 0)
    }

    @Test func `who refers to something else now is not told any more`() {
        index.add(secret, one)
        index.add(map, one)
        index.retain([map], one)
        #expect(!index.isUsed(secret) && index.isUsed(map))
        #expect(index.invalidate(secret).isEmpty)
    }

    @Test func `a version is forgotten with its last user`() {
        for user in [one, other] { index.add(secret, user) }
        #expect(!index.isNews(secret, "1"))
        index.remove(ObjectIdentifier(one))
        #expect(index.isNews(secret, "2"))
        index.remove(ObjectIdentifier(other))
        #expect(!index.isUsed(secret) && !index.isNews(secret, "3"))
    }
}
