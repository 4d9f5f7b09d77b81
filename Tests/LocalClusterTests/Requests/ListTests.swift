import KubeModel
import Testing

@testable import LocalCluster

@Suite struct ListTests {
    /// A world with ConfigMaps `m0` to `m9`; even ones are labelled.
    private func filled() -> World {
        var world = World()
        for index in 0..<10 {
            let labels = index.isMultiple(of: 2) ? ["even": "yes", "n": "\(index)"] : ["n": "\(index)"]
            world.send(.post, Place.configMaps, Sample.configMap("m\(index)", labels: labels))
        }
        return world
    }

    /// The names in a list.
    private func names(_ said: World.Said) -> [String] { said.json["items"]?.array?.map(\.name) ?? [] }

    @Test(arguments: [
        ("labelSelector=even=yes", ["m0", "m2", "m4", "m6", "m8"]), ("labelSelector=n+in+(1,2)", ["m1", "m2"]),
        ("labelSelector=!even,n%3E5", ["m7", "m9"]), ("labelSelector=none", []),
        ("fieldSelector=metadata.name=m3", ["m3"]),
        ("fieldSelector=metadata.name!=m3,metadata.namespace=default&labelSelector=n+in+(3,4)", ["m4"]),
        ("fieldSelector=metadata.namespace=other", []),
    ])
    func `selectors narrow a list`(query: String, expected: [String]) {
        var world = filled()
        #expect(names(world.send(.get, Place.configMaps + "?" + query)) == expected)
    }

    @Test(arguments: [
        "labelSelector=a=b=c", "fieldSelector=data.a=1", "fieldSelector=nonsense", "limit=x", "continue=x",
        "resourceVersion=x",
    ])
    func `what cannot be read is a bad request`(query: String) {
        var world = filled()
        let said = world.send(.get, Place.configMaps + "?" + query)
        #expect(said.status == 400)
        #expect(said.reason == "BadRequest")
    }

    @Test func `pages all show the state in which the list began`() throws {
        var world = filled()
        let first = world.send(.get, Place.configMaps + "?limit=4")
        #expect(names(first) == ["m0", "m1", "m2", "m3"])
        #expect(first.json[meta: "remainingItemCount"] == 6)
        world.send(.delete, Place.configMaps + "/m5")
        world.send(.post, Place.configMaps, Sample.configMap("m55"))
        world.send(.patch, Place.configMaps + "/m6", ["data": ["a": "9"]], type: "application/merge-patch+json")
        let token = try #require(first.json[meta: "continue"]?.string)
        let second = world.send(.get, Place.configMaps + "?limit=4&continue=\(token)")
        #expect(names(second) == ["m4", "m5", "m6", "m7"])
        #expect(second.json["items"]?.array?[2]["data"] == ["a": "1"])
        #expect(second.json.resourceVersion == first.json.resourceVersion)
        let next = try #require(second.json[meta: "continue"]?.string)
        let third = world.send(.get, Place.configMaps + "?limit=4&continue=\(next)")
        #expect(names(third) == ["m8", "m9"])
        #expect(third.json[meta: "continue"] == nil)
    }

    @Test func `a page whose state is forgotten is gone, with a way on`() throws {
        var world = World { settings in
            settings.runsWorkloads = false
            settings.historyCapacity = 4
        }
        for index in 0..<6 { world.send(.post, Place.configMaps, Sample.configMap("m\(index)")) }
        let token = try #require(world.send(.get, Place.configMaps + "?limit=2").json[meta: "continue"]?.string)
        for index in 6..<12 { world.send(.post, Place.configMaps, Sample.configMap("n\(index)")) }
        let gone = world.send(.get, Place.configMaps + "?limit=2&continue=\(token)")
        #expect(gone.status == 410)
        #expect(gone.reason == "Expired")
        let other = try #require(gone.json[meta: "continue"]?.string)
        let rest = world.send(.get, Place.configMaps + "?limit=100&continue=\(other)")
        #expect(names(rest).first == "m2")
        #expect(names(rest).count == 10)
    }

    @Test func `a state that is yet to come is refused`() {
        var world = filled()
        let said = world.send(.get, Place.configMaps + "?resourceVersion=999999")
        #expect(said.status == 504)
        #expect(said.reason == "Timeout")
    }

    @Test func `an exact state is shown as it was`() throws {
        var world = World()
        let old = try #require(world.send(.post, Place.configMaps, Sample.configMap("a")).json.resourceVersion)
        world.send(.post, Place.configMaps, Sample.configMap("b"))
        let query = "?resourceVersion=\(old)&resourceVersionMatch=Exact"
        #expect(names(world.send(.get, Place.configMaps + query)) == ["a"])
    }

    @Test func `deleting a collection takes what is selected`() {
        var world = filled()
        let said = world.send(.delete, Place.configMaps + "?labelSelector=even=yes")
        #expect(said.status == 200)
        #expect(names(said).count == 5)
        #expect(names(world.send(.get, Place.configMaps)) == ["m1", "m3", "m5", "m7", "m9"])
    }
}
