import KubeModel
import Testing

@testable import LocalCluster

@Suite struct StrategicMergePatchTests {
    /// An object, a patch and the result.
    private static let table: [(JSONValue, JSONValue, JSONValue)] = [
        (["a": 1, "b": ["c": 2]], ["b": ["d": 3]], ["a": 1, "b": ["c": 2, "d": 3]]),
        (["a": 1, "b": 2], ["b": .null], ["a": 1]),
        (["list": [1, 2]], ["list": [3]], ["list": [3]]),
        (
            ["containers": [["name": "a", "image": "1"], ["name": "b", "image": "1"]]],
            ["containers": [["name": "b", "image": "2"], ["name": "c", "image": "3"]]],
            // New elements go before those that the patch does not name: Kubernetes has it so.
            ["containers": [["name": "a", "image": "1"], ["name": "b", "image": "2"], ["name": "c", "image": "3"]]]
        ),
        (
            ["containers": [["name": "a"], ["name": "b"]]],
            ["containers": [["name": "a", "$patch": "delete"]]],
            ["containers": [["name": "b"]]]
        ),
        (
            ["containers": [["name": "a", "x": 1]]],
            ["containers": [["name": "a", "$patch": "replace", "y": 2]]],
            ["containers": [["name": "a", "y": 2]]]
        ),
        (
            ["containers": [["name": "a"], ["name": "b"]]],
            ["containers": [["$patch": "replace"], ["name": "c"]]],
            ["containers": [["name": "c"]]]
        ),
        (
            ["containers": [["name": "a", "env": [["name": "X", "value": "1"]]]]],
            ["containers": [["name": "a", "env": [["name": "Y", "value": "2"]]]]],
            ["containers": [["name": "a", "env": [["name": "Y", "value": "2"], ["name": "X", "value": "1"]]]]]
        ),
        (
            ["containers": [["name": "a", "ports": [["containerPort": 80]]]]],
            ["containers": [["name": "a", "ports": [["containerPort": 80, "name": "web"]]]]],
            ["containers": [["name": "a", "ports": [["containerPort": 80, "name": "web"]]]]]
        ),
        (
            ["spec": ["ports": [["port": 80, "targetPort": 1]]]], ["spec": ["ports": [["port": 80, "targetPort": 2]]]],
            ["spec": ["ports": [["port": 80, "targetPort": 2]]]]
        ),
        (
            ["metadata": ["finalizers": ["a/x", "b/y"]]], ["metadata": ["finalizers": ["b/y", "c/z"]]],
            ["metadata": ["finalizers": ["a/x", "b/y", "c/z"]]]
        ),
        (
            ["metadata": ["finalizers": ["a/x", "b/y"]]],
            ["metadata": ["$deleteFromPrimitiveList/finalizers": ["a/x"]]], ["metadata": ["finalizers": ["b/y"]]]
        ),
        (
            ["metadata": ["finalizers": ["a/x"]]],
            ["metadata": ["$setElementOrder/finalizers": ["a/x", "b/y"], "finalizers": ["b/y"]]],
            ["metadata": ["finalizers": ["a/x", "b/y"]]]
        ),
        (
            ["containers": [["name": "a"], ["name": "server"], ["name": "b"]]],
            [
                "$setElementOrder/containers": [["name": "b"], ["name": "new"], ["name": "a"]],
                "containers": [["name": "new"]],
            ],
            ["containers": [["name": "server"], ["name": "b"], ["name": "new"], ["name": "a"]]]
        ),
        (
            ["metadata": ["finalizers": ["a", "b", "c"]]], ["metadata": ["$setElementOrder/finalizers": ["c", "a"]]],
            ["metadata": ["finalizers": ["b", "c", "a"]]]
        ),
        (
            ["volumes": [["name": "v", "emptyDir": [:]]]],
            ["volumes": [["name": "v", "$retainKeys": ["name", "configMap"], "configMap": ["name": "m"]]]],
            ["volumes": [["name": "v", "configMap": ["name": "m"]]]]
        ),
        (["a": ["b": 1]], ["a": ["$patch": "replace", "c": 2]], ["a": ["c": 2]]),
        (["a": ["b": 1], "d": 4], ["a": ["$patch": "delete"]], ["d": 4]),
        (
            ["status": ["conditions": [["type": "Ready", "status": "False"]]]],
            ["status": ["conditions": [["type": "Ready", "status": "True"], ["type": "New", "status": "True"]]]],
            ["status": ["conditions": [["type": "Ready", "status": "True"], ["type": "New", "status": "True"]]]]
        ),
        ([:], ["containers": [["name": "a"]]], ["containers": [["name": "a"]]]),
    ]

    @Test(arguments: table)
    func `lists merge by their keys and directives are followed`(old: JSONValue, patch: JSONValue, new: JSONValue)
        throws
    {
        #expect(try StrategicMergePatch.apply(patch, to: old) == new)
    }

    @Test func `an element without its key is refused`() {
        let failure = #expect(throws: APIFailure.self) {
            try StrategicMergePatch.apply(["containers": [["image": "x"]]], to: [:])
        }
        #expect(failure?.status.code == 400)
    }

    @Test func `custom kinds have no merge keys`() {
        var world = World()
        world.send(.post, Place.definitions, Sample.definition())
        world.send(.post, Place.widgets, Sample.widget("w"))
        let types = ["application/strategic-merge-patch+json", "application/json", ""]
        for type in types {
            let said = world.send(.patch, Place.widgets + "/w", ["spec": ["size": 2]], type: type)
            #expect(said.status == 415, "\(type)")
        }
        let merged = world.send(
            .patch,
            Place.widgets + "/w",
            ["spec": ["size": 2]],
            type: "application/merge-patch+json"
        )
        #expect(merged.json[path: "spec", "size"] == 2)
    }
}
