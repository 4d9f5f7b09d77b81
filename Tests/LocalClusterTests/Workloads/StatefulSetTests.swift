import KubeModel
import Testing

@testable import LocalCluster

@Suite struct StatefulSetTests {
    /// The pods' names and templates' images.
    private func pods(_ world: inout World) -> [String] {
        (world.send(.get, Place.pods).json["items"]?.array ?? [])
            .map { pod in
                "\(pod.name) \(pod[path: "spec", "containers"]?.array?.first?["image"]?.string ?? "")"
            }
    }

    @Test func `pods come one by one, each when the one before is Ready`() {
        var world = World { _ in }
        world.send(.post, Place.statefulSets, Sample.statefulSet("db", replicas: 3))
        #expect(pods(&world) == ["db-0 app:1"])
        world.pass(2)
        #expect(pods(&world) == ["db-0 app:1", "db-1 app:1"])
        world.pass(2)
        world.pass(2)
        #expect(pods(&world) == ["db-0 app:1", "db-1 app:1", "db-2 app:1"])
        let status = world.send(.get, Place.statefulSets + "/db").json["status"] ?? [:]
        #expect(status.count("readyReplicas") == 3)
        #expect(status["currentRevision"] == status["updateRevision"])
    }

    @Test func `in parallel all pods come at once`() {
        var world = World { _ in }
        var set = Sample.statefulSet("db", replicas: 3)
        set[path: "spec", "podManagementPolicy"] = "Parallel"
        world.send(.post, Place.statefulSets, set)
        #expect(pods(&world).count == 3)
    }

    @Test func `the highest number goes first`() {
        var world = World { _ in }
        var set = Sample.statefulSet("db", replicas: 3)
        set[path: "spec", "podManagementPolicy"] = "Parallel"
        world.send(.post, Place.statefulSets, set)
        world.send(
            .patch,
            Place.statefulSets + "/db/scale",
            ["spec": ["replicas": 1]],
            type: "application/merge-patch+json"
        )
        #expect(pods(&world) == ["db-0 app:1"])
    }

    @Test func `a new template replaces pods from the highest number down`() {
        var world = World { _ in }
        var set = Sample.statefulSet("db", replicas: 2)
        world.send(.post, Place.statefulSets, set)
        for _ in 0..<3 { world.pass(2) }
        set[path: "spec", "template", "spec", "containers"] = [["name": "main", "image": "app:2"]]
        world.send(.put, Place.statefulSets + "/db", set)
        #expect(pods(&world) == ["db-0 app:1", "db-1 app:2"])
        let status = world.send(.get, Place.statefulSets + "/db").json["status"] ?? [:]
        #expect(status["currentRevision"] != status["updateRevision"])
        for _ in 0..<3 { world.pass(2) }
        #expect(pods(&world) == ["db-0 app:2", "db-1 app:2"])
    }
}
