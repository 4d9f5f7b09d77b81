import KubeModel
import Testing

@testable import LocalCluster

@Suite struct DeletionTests {
    /// A ConfigMap owned by others.
    private func owned(_ name: String, by owners: [JSONValue]) -> JSONValue {
        var map = Sample.configMap(name)
        map[path: "metadata", "ownerReferences"] = .array(
            owners.map { owner in
                [
                    "apiVersion": "v1", "kind": "ConfigMap", "name": .string(owner.name), "uid": .string(owner.uid),
                ]
            }
        )
        return map
    }

    @Test func `a deletion is told with a status that names the object`() {
        var world = World()
        let map = world.send(.post, Place.configMaps, Sample.configMap("a")).json
        let said = world.send(.delete, Place.configMaps + "/a")
        #expect(said.status == 200)
        #expect(said.json["status"] == "Success")
        #expect(said.json["details"] == ["name": "a", "kind": "configmaps", "uid": .string(map.uid)])
        #expect(world.send(.delete, Place.configMaps + "/a").status == 404)
    }

    @Test func `preconditions guard a deletion`() {
        var world = World()
        let map = world.send(.post, Place.configMaps, Sample.configMap("a")).json
        #expect(world.send(.delete, Place.configMaps + "/a", ["preconditions": ["uid": "other"]]).status == 409)
        #expect(world.send(.delete, Place.configMaps + "/a", ["preconditions": ["resourceVersion": "1"]]).status == 409)
        #expect(
            world.send(.delete, Place.configMaps + "/a", ["preconditions": ["uid": .string(map.uid)]]).status == 200
        )
    }

    @Test func `finalizers hold an object until the last is gone`() {
        var world = World()
        var map = Sample.configMap("a")
        map[path: "metadata", "finalizers"] = ["example.com/one", "example.com/two"]
        world.send(.post, Place.configMaps, map)
        let said = world.send(.delete, Place.configMaps + "/a")
        #expect(said.status == 200)
        #expect(said.json["kind"] == "ConfigMap")
        #expect(said.json[meta: "deletionTimestamp"] != nil)
        #expect(said.json[meta: "deletionGracePeriodSeconds"] == 0)
        #expect(world.send(.delete, Place.configMaps + "/a").json == said.json)
        func keep(_ finalizers: JSONValue) -> World.Said {
            let patch: JSONValue = ["metadata": ["finalizers": finalizers]]
            return world.send(.patch, Place.configMaps + "/a", patch, type: "application/merge-patch+json")
        }
        #expect(keep(["example.com/one", "example.com/three"]).status == 422)
        #expect(keep(["example.com/two"]).status == 200)
        #expect(world.send(.get, Place.configMaps + "/a").status == 200)
        #expect(keep(.null).status == 200)
        #expect(world.send(.get, Place.configMaps + "/a").status == 404)
    }

    @Test func `what an object owns goes after it, however deep`() {
        var world = World()
        let owner = world.send(.post, Place.configMaps, Sample.configMap("owner")).json
        let child = world.send(.post, Place.configMaps, owned("child", by: [owner])).json
        world.send(.post, Place.configMaps, owned("grandchild", by: [child]))
        world.send(.delete, Place.configMaps + "/owner")
        for name in ["child", "grandchild"] { #expect(world.send(.get, Place.configMaps + "/" + name).status == 404) }
    }

    @Test func `an object with another owner left stays`() {
        var world = World()
        let one = world.send(.post, Place.configMaps, Sample.configMap("one")).json
        let two = world.send(.post, Place.configMaps, Sample.configMap("two")).json
        world.send(.post, Place.configMaps, owned("child", by: [one, two]))
        world.send(.delete, Place.configMaps + "/one")
        #expect(world.send(.get, Place.configMaps + "/child").json.ownerUIDs == [two.uid])
        world.send(.delete, Place.configMaps + "/two")
        #expect(world.send(.get, Place.configMaps + "/child").status == 404)
    }

    @Test func `an orphan loses its owner and stays`() {
        var world = World()
        let owner = world.send(.post, Place.configMaps, Sample.configMap("owner")).json
        world.send(.post, Place.configMaps, owned("child", by: [owner]))
        world.send(.delete, Place.configMaps + "/owner", ["propagationPolicy": "Orphan"])
        let child = world.send(.get, Place.configMaps + "/child")
        #expect(child.status == 200)
        #expect(child.json[meta: "ownerReferences"] == nil)
    }

    @Test func `an object whose owner never was goes at once`() {
        var world = World()
        let ghost: JSONValue = ["metadata": ["name": "ghost", "uid": "00000000-0000-4000-8000-000000000000"]]
        #expect(world.send(.post, Place.configMaps, owned("child", by: [ghost])).status == 201)
        #expect(world.send(.get, Place.configMaps + "/child").status == 404)
    }

    @Test func `a namespace is emptied before it goes`() {
        var world = World()
        world.send(.post, "/api/v1/namespaces", ["metadata": ["name": "temp"]])
        let maps = "/api/v1/namespaces/temp/configmaps"
        world.send(.post, maps, Sample.configMap("free"))
        var held = Sample.configMap("held")
        held[path: "metadata", "finalizers"] = ["example.com/hold"]
        world.send(.post, maps, held)
        let said = world.send(.delete, "/api/v1/namespaces/temp")
        #expect(said.json[path: "status", "phase"] == "Terminating")
        #expect(world.send(.get, maps + "/free").status == 404)
        let late = world.send(.post, maps, Sample.configMap("late"))
        #expect(late.status == 403)
        #expect(late.message.contains("because it is being terminated"))
        world.send(.patch, maps + "/held", ["metadata": ["finalizers": .null]], type: "application/merge-patch+json")
        #expect(world.send(.get, "/api/v1/namespaces/temp").status == 404)
        #expect(world.send(.post, maps, Sample.configMap("late")).status == 404)
    }

    @Test func `the namespaces of the cluster itself stay`() {
        var world = World()
        let said = world.send(.delete, "/api/v1/namespaces/default")
        #expect(said.status == 403)
        #expect(said.message == "namespaces \"default\" is forbidden: this namespace may not be deleted")
        #expect(world.send(.delete, "/api/v1/namespaces").status == 405)
    }

    @Test func `a definition takes its objects with it`() {
        var world = World()
        world.send(.post, Place.definitions, Sample.definition())
        var widget = Sample.widget("held")
        widget[path: "metadata", "finalizers"] = ["example.com/hold"]
        world.send(.post, Place.widgets, widget)
        world.send(.post, Place.widgets, Sample.widget("free"))
        world.send(.delete, Place.definitions + "/widgets.example.com")
        #expect(world.send(.get, Place.widgets + "/free").status == 404)
        #expect(world.send(.get, Place.widgets + "/held").status == 200)
        world.send(
            .patch,
            Place.widgets + "/held",
            ["metadata": ["finalizers": []]],
            type: "application/merge-patch+json"
        )
        #expect(world.send(.get, Place.definitions + "/widgets.example.com").status == 404)
        #expect(world.send(.get, Place.widgets).message == "the server could not find the requested resource")
    }
}
