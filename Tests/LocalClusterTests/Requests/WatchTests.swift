import KubeModel
import Testing

@testable import LocalCluster

@Suite struct WatchTests {
    @Test func `a watch without a version begins with what is there`() throws {
        var world = World()
        for name in ["b", "a"] { world.send(.post, Place.configMaps, Sample.configMap(name)) }
        for version in ["", "&resourceVersion=0"] {
            var watch = try world.watch(Place.configMaps + "?watch=true" + version)
            #expect(world.told(by: &watch) == ["ADDED a", "ADDED b"])
        }
    }

    @Test func `a watch from a version tells each change once and in order`() throws {
        var world = World()
        let start = try #require(world.send(.post, Place.configMaps, Sample.configMap("a")).json.resourceVersion)
        world.send(.post, Place.configMaps, Sample.configMap("b"))
        var watch = try world.watch(Place.configMaps + "?watch=1&resourceVersion=\(start)")
        #expect(world.told(by: &watch) == ["ADDED b"])
        #expect(world.told(by: &watch) == [])
        world.send(.patch, Place.configMaps + "/a", ["data": ["a": "2"]], type: "application/merge-patch+json")
        world.send(.delete, Place.configMaps + "/b")
        world.send(.post, "/api/v1/namespaces/default/secrets", ["metadata": ["name": "s"]])
        world.send(.post, "/api/v1/namespaces/kube-system/configmaps", Sample.configMap("elsewhere"))
        #expect(world.told(by: &watch) == ["MODIFIED a", "DELETED b"])
    }

    @Test func `an object that comes to be selected is added, one that ceases is deleted`() throws {
        var world = World()
        var watch = try world.watch(Place.configMaps + "?watch=true&labelSelector=on=yes")
        world.send(.post, Place.configMaps, Sample.configMap("a"))
        func label(_ value: JSONValue) {
            let patch: JSONValue = ["metadata": ["labels": ["on": value]]]
            world.send(.patch, Place.configMaps + "/a", patch, type: "application/merge-patch+json")
        }
        label("yes")
        world.send(.patch, Place.configMaps + "/a", ["data": ["a": "2"]], type: "application/merge-patch+json")
        label(.null)
        label("no")
        #expect(world.told(by: &watch) == ["ADDED a", "MODIFIED a", "DELETED a"])
    }

    @Test func `a watch of one object is told of no other`() throws {
        var world = World()
        var watch = try world.watch(Place.configMaps + "/a?watch=true")
        for name in ["a", "b"] { world.send(.post, Place.configMaps, Sample.configMap(name)) }
        #expect(world.told(by: &watch) == ["ADDED a"])
    }

    @Test func `a watch from too far back is told 410 in the stream and ends`() throws {
        var world = World { settings in
            settings.runsWorkloads = false
            settings.historyCapacity = 3
        }
        let start = try #require(world.send(.post, Place.configMaps, Sample.configMap("a")).json.resourceVersion)
        var slow = try world.watch(Place.configMaps + "?watch=true&resourceVersion=\(start)")
        for index in 0..<4 { world.send(.post, Place.configMaps, Sample.configMap("m\(index)")) }
        #expect(world.told(by: &slow) == ["ERROR Expired"])
        guard case .end = slow.next(in: world.state, now: world.now) else {
            Issue.record("the watch goes on")
            return
        }
    }

    @Test func `the deleted object carries the revision of its end`() throws {
        var world = World()
        let version = try #require(world.send(.post, Place.configMaps, Sample.configMap("a")).json.resourceVersion)
        var watch = try world.watch(Place.configMaps + "?watch=true&resourceVersion=\(version)")
        world.send(.delete, Place.configMaps + "/a")
        guard case .send(let events) = watch.next(in: world.state, now: world.now) else {
            Issue.record("nothing was told")
            return
        }
        #expect(events.first?["object"]?.resourceVersion == String(world.state.revision))
    }

    @Test func `long histories come in batches`() throws {
        var world = World()
        for index in 0..<250 { world.send(.post, Place.configMaps, Sample.configMap("m\(index)")) }
        var watch = try world.watch(Place.configMaps + "?watch=true")
        var sizes: [Int] = []
        while case .send(let events) = watch.next(in: world.state, now: world.now) { sizes.append(events.count) }
        #expect(sizes == [100, 100, 50])
    }

    @Test func `a bookmark says where the watch stands, once it has told everything`() throws {
        var world = World()
        var watch = try world.watch(Place.configMaps + "?watch=true&allowWatchBookmarks=true&resourceVersion=1")
        world.send(.post, Place.configMaps, Sample.configMap("a"))
        #expect(watch.bookmark(in: world.state) == nil)
        _ = world.told(by: &watch)
        let bookmark = try #require(watch.bookmark(in: world.state))
        #expect(bookmark["type"] == "BOOKMARK")
        #expect(bookmark["object"]?["kind"] == "ConfigMap")
        #expect(bookmark["object"]?.resourceVersion == String(world.state.revision))
        let plain = try world.watch(Place.configMaps + "?watch=true")
        #expect(plain.bookmark(in: world.state) == nil)
    }

    @Test func `initial events in a watch are refused, so that clients list instead`() {
        var world = World()
        let said = world.send(.get, Place.configMaps + "?watch=true&sendInitialEvents=true")
        #expect(said.status == 422)
    }
}
