import KubeModel
import Testing

@testable import LocalCluster

@Suite struct DeploymentTests {
    /// The objects of a collection.
    private func items(_ world: inout World, _ path: String) -> [JSONValue] {
        world.send(.get, path).json["items"]?.array ?? []
    }

    /// Sizes of the ReplicaSets, wanted and Ready, largest first.
    private func sizes(_ world: inout World) -> [[Int]] {
        items(&world, Place.replicaSets).map { [$0.count("spec", "replicas"), $0.count("status", "readyReplicas")] }
            .sorted { $0[0] > $1[0] }
    }

    @Test func `pods are there at once and Ready after the delay`() {
        var world = World { _ in }
        #expect(world.send(.post, Place.deployments, Sample.deployment("web", replicas: 3)).status == 201)
        #expect(items(&world, Place.pods).count == 3)
        var status = world.send(.get, Place.deployments + "/web").json["status"] ?? [:]
        #expect(status.count("replicas") == 3)
        #expect(status.count("readyReplicas") == 0)
        #expect(status.count("unavailableReplicas") == 3)
        world.pass(1.9)
        #expect(world.send(.get, Place.deployments + "/web").json.count("status", "readyReplicas") == 0)
        world.pass(0.1)
        status = world.send(.get, Place.deployments + "/web").json["status"] ?? [:]
        #expect(status.count("readyReplicas") == 3)
        #expect(status.count("availableReplicas") == 3)
        #expect(status.count("updatedReplicas") == 3)
        #expect(status["observedGeneration"] == 1)
        let conditions = status["conditions"]?.array ?? []
        #expect(conditions.first { $0["type"] == "Available" }?["status"] == "True")
        #expect(conditions.first { $0["type"] == "Progressing" }?["reason"] == "NewReplicaSetAvailable")
    }

    @Test func `pods carry the template's labels and their ReplicaSet's name`() {
        var world = World { _ in }
        world.send(.post, Place.deployments, Sample.deployment("web"))
        let set = items(&world, Place.replicaSets)[0]
        let pod = items(&world, Place.pods)[0]
        #expect(set.name.hasPrefix("web-"))
        #expect(pod.name.hasPrefix(set.name + "-"))
        #expect(pod.labels["app"] == "web")
        #expect(pod.labels["pod-template-hash"] == set.labels["pod-template-hash"])
        #expect(pod.controller?["uid"] == .string(set.uid))
        #expect(pod[path: "spec", "restartPolicy"] == "Always")
    }

    @Test func `a change of scale adds and removes pods, those not Ready first`() {
        var world = World { _ in }
        world.send(.post, Place.deployments, Sample.deployment("web", replicas: 2))
        world.pass(2)
        let ready = Set(items(&world, Place.pods).map(\.name))
        let scale: JSONValue = ["spec": ["replicas": 5]]
        let said = world.send(.patch, Place.deployments + "/web/scale", scale, type: "application/merge-patch+json")
        #expect(said.json[path: "spec", "replicas"] == 5)
        #expect(items(&world, Place.pods).count == 5)
        world.send(
            .patch,
            Place.deployments + "/web/scale",
            ["spec": ["replicas": 2]],
            type: "application/merge-patch+json"
        )
        #expect(Set(items(&world, Place.pods).map(\.name)) == ready)
        world.send(
            .patch,
            Place.deployments + "/web/scale",
            ["spec": ["replicas": 0]],
            type: "application/merge-patch+json"
        )
        #expect(items(&world, Place.pods).isEmpty)
        let events = items(&world, Place.events).filter { $0["reason"] == "ScalingReplicaSet" }
        let messages = Set(
            events.compactMap { $0["message"]?.string?.split(separator: " ").suffix(4).joined(separator: " ") }
        )
        #expect(messages == ["from 0 to 2", "from 2 to 5", "from 5 to 2", "from 2 to 0"])
    }

    @Test func `a new template rolls out within surge and slack`() {
        var world = World { _ in }
        world.send(.post, Place.deployments, Sample.deployment("web", replicas: 4))
        world.pass(2)
        let template: JSONValue = [
            "spec": ["template": ["spec": ["containers": [["name": "main", "image": "app:2"]]]]]
        ]
        world.send(.patch, Place.deployments + "/web", template, type: "application/strategic-merge-patch+json")
        // Surge 25 % of 4 is one more, slack one less: two new pods, three old ones.
        #expect(sizes(&world) == [[3, 3], [2, 0]])
        for _ in 0..<8 {
            world.pass(2)
            let ready = items(&world, Place.replicaSets).reduce(0) { $0 + $1.count("status", "readyReplicas") }
            #expect(ready >= 3)
            #expect(items(&world, Place.pods).count <= 5)
        }
        #expect(sizes(&world) == [[4, 4], [0, 0]])
        #expect(items(&world, Place.pods).allSatisfy { $0[path: "spec", "containers"]?.array?[0]["image"] == "app:2" })
        #expect(
            world.send(.get, Place.deployments + "/web").json.annotations["deployment.kubernetes.io/revision"] == "2"
        )
    }

    @Test func `going back to a former template uses its ReplicaSet again`() {
        var world = World { _ in }
        for image in ["app:1", "app:2", "app:1"] {
            let deployment = Sample.deployment("web", image: image)
            if world.send(.put, Place.deployments + "/web", deployment).status == 404 {
                world.send(.post, Place.deployments, deployment)
            }
            for _ in 0..<3 { world.pass(2) }
        }
        let sets = items(&world, Place.replicaSets)
        #expect(sets.count == 2)
        let current = sets.first { $0.count("spec", "replicas") == 1 }
        #expect(current?.annotations["deployment.kubernetes.io/revision"] == "3")
    }

    @Test func `Recreate waits until the old pods are gone`() {
        var world = World { _ in }
        var deployment = Sample.deployment("web", replicas: 2)
        deployment[path: "spec", "strategy"] = ["type": "Recreate"]
        world.send(.post, Place.deployments, deployment)
        world.pass(2)
        deployment[path: "spec", "template", "metadata", "labels", "v"] = "2"
        world.send(.put, Place.deployments + "/web", deployment)
        let pods = items(&world, Place.pods)
        #expect(pods.count == 2)
        #expect(pods.allSatisfy { $0.labels["v"] == "2" })
    }

    @Test func `old ReplicaSets are kept up to the history limit`() {
        var world = World { _ in }
        for number in 0..<6 {
            var deployment = Sample.deployment("web", image: "app:\(number)")
            deployment[path: "spec", "revisionHistoryLimit"] = 2
            if number == 0 { world.send(.post, Place.deployments, deployment) }
            world.send(.put, Place.deployments + "/web", deployment)
            for _ in 0..<3 { world.pass(2) }
        }
        #expect(items(&world, Place.replicaSets).count == 3)
    }

    @Test func `pods that are deleted come back`() {
        var world = World { _ in }
        world.send(.post, Place.deployments, Sample.deployment("web", replicas: 2))
        let name = items(&world, Place.pods)[0].name
        world.send(.delete, Place.pods + "/" + name)
        let names = items(&world, Place.pods).map(\.name)
        #expect(names.count == 2)
        #expect(!names.contains(name))
    }

    @Test func `a deleted Deployment takes ReplicaSets and pods with it`() {
        var world = World { _ in }
        world.send(.post, Place.deployments, Sample.deployment("web", replicas: 2))
        world.send(.delete, Place.deployments + "/web")
        #expect(items(&world, Place.replicaSets).isEmpty)
        #expect(items(&world, Place.pods).isEmpty)
    }

    @Test func `minReadySeconds delays availability`() {
        var world = World { _ in }
        var deployment = Sample.deployment("web")
        deployment[path: "spec", "minReadySeconds"] = 10
        world.send(.post, Place.deployments, deployment)
        world.pass(2)
        #expect(world.send(.get, Place.deployments + "/web").json.count("status", "readyReplicas") == 1)
        #expect(world.send(.get, Place.deployments + "/web").json.count("status", "availableReplicas") == 0)
        world.pass(10)
        #expect(world.send(.get, Place.deployments + "/web").json.count("status", "availableReplicas") == 1)
    }

    @Test func `there are never more pods than there is room for`() {
        var world = World { $0.podCapacity = 5 }
        world.send(.post, Place.deployments, Sample.deployment("web", replicas: 1_000_000))
        #expect(items(&world, Place.pods).count == 5)
        #expect(items(&world, Place.events).contains { $0["reason"] == "FailedCreate" })
        world.send(
            .patch,
            Place.deployments + "/web/scale",
            ["spec": ["replicas": 1]],
            type: "application/merge-patch+json"
        )
        #expect(items(&world, Place.pods).count == 1)
    }

    /// Desired, surge, slack, new and old sizes, and what they become.
    private static let plans: [(String, RolloutPlan.Member, RolloutPlan.Member, Int, Int)] = [
        (
            "first in, none out", .init(wanted: 0, present: 0, available: 0),
            .init(wanted: 10, present: 10, available: 10), 3, 8
        ),
        (
            "waiting for new pods", .init(wanted: 3, present: 3, available: 0),
            .init(wanted: 8, present: 8, available: 8), 5, 8
        ),
        (
            "new pods are up", .init(wanted: 5, present: 5, available: 5), .init(wanted: 8, present: 8, available: 8),
            5, 3
        ),
        ("the end", .init(wanted: 10, present: 10, available: 10), .init(wanted: 3, present: 3, available: 3), 10, 0),
    ]

    @Test(arguments: plans)
    func `a rollout keeps between slack and surge`(
        name: String,
        new: RolloutPlan.Member,
        old: RolloutPlan.Member,
        newWish: Int,
        oldWish: Int
    ) {
        let plan = RolloutPlan([
            "spec": ["replicas": 10, "strategy": ["rollingUpdate": ["maxSurge": "25%", "maxUnavailable": "25%"]]]
        ])
        let wishes = plan.wishes(new: new, old: [old])
        #expect(wishes.new == newWish, "\(name)")
        #expect(wishes.old == [oldWish], "\(name)")
    }
}
