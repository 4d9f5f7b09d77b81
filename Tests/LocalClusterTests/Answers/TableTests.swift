import Foundation
import KubeModel
import Testing

@testable import LocalCluster

@Suite struct TableTests {
    /// What kubectl asks for.
    private static let table =
        "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,"
        + "application/json"

    /// Headings, those of `-o wide` in brackets, and the first row.
    private func shown(_ world: inout World, _ path: String) -> (heads: [String], row: [JSONValue]) {
        let said = world.send(.get, path, accept: Self.table)
        let heads = (said.json["columnDefinitions"]?.array ?? [])
            .map { column in
                let name = column["name"]?.string ?? ""
                return column["priority"] == 0 ? name : "(\(name))"
            }
        return (heads, said.json["rows"]?.array?.first?["cells"]?.array ?? [])
    }

    @Test func `workloads show how many pods are ready`() {
        var world = World { _ in }
        world.send(.post, Place.deployments, Sample.deployment("web", replicas: 2))
        world.pass(2)
        world.pass(180)
        let deployment = shown(&world, Place.deployments)
        #expect(
            deployment.heads == [
                "Name", "Ready", "Up-to-date", "Available", "Age", "(Containers)", "(Images)", "(Selector)",
            ]
        )
        #expect(deployment.row == ["web", "2/2", 2, 2, "3m2s", "main", "app:1", "app=web"])
        let set = shown(&world, Place.replicaSets)
        #expect(set.heads.prefix(5) == ["Name", "Desired", "Current", "Ready", "Age"])
        #expect(set.row[1...3] == [2, 2, 2])
        let pod = shown(&world, Place.pods)
        #expect(pod.heads.prefix(5) == ["Name", "Ready", "Status", "Restarts", "Age"])
        #expect(pod.row[1...3] == ["1/1", "Running", "0"])
        world.send(.post, Place.statefulSets, Sample.statefulSet("db"))
        #expect(shown(&world, Place.statefulSets).row.prefix(3) == ["db", "0/1", "0s"])
    }

    @Test func `an HPA shows its metrics`() {
        var world = World()
        world.send(.post, Place.autoscalers, Sample.autoscaler("hpa", target: "web"))
        let hpa = shown(&world, Place.autoscalers)
        #expect(hpa.heads == ["Name", "Reference", "Targets", "MinPods", "MaxPods", "Replicas", "Age"])
        #expect(hpa.row == ["hpa", "Deployment/web", "<unknown>/10 (avg)", "1", 10, 0, "0s"])
    }

    /// Metrics of an HPA, their state and the cell.
    private static let targets: [(JSONValue, JSONValue, String)] = [
        (
            [["type": "External", "external": ["target": ["type": "Value", "value": "5"]]]],
            [["type": "External", "external": ["current": ["value": "3500m"]]]], "3500m/5"
        ),
        (
            [["type": "Resource", "resource": ["name": "cpu", "target": ["averageUtilization": 80]]]],
            [["type": "Resource", "resource": ["name": "cpu", "current": ["averageUtilization": 42]]]], "cpu: 42%/80%"
        ),
        (
            [["type": "Resource", "resource": ["name": "memory", "target": ["averageValue": "1Gi"]]]], [],
            "memory: <unknown>/1Gi"
        ),
        (
            [
                ["type": "External", "external": ["target": ["averageValue": "1"]]],
                ["type": "External", "external": ["target": ["averageValue": "2"]]],
                ["type": "External", "external": ["target": ["averageValue": "3"]]],
            ], [["type": ""]], "<unknown>/1 (avg), <unknown>/2 (avg) + 1 more..."
        ),
        ([], [], "<none>"),
    ]

    @Test(arguments: targets)
    func `the targets of an HPA are what is and what is wanted`(metrics: JSONValue, current: JSONValue, cell: String) {
        #expect(AutoscalerTargets.text(["spec": ["metrics": metrics], "status": ["currentMetrics": current]]) == cell)
    }

    @Test func `a custom kind shows the columns of its definition`() {
        var world = World()
        world.send(.post, Place.definitions, Sample.definition())
        world.send(.post, Place.widgets, Sample.widget("w", ["size": 3, "note": "hello"]))
        var shown = shown(&world, Place.widgets)
        #expect(shown.heads == ["Name", "Size", "Ready", "(Note)", "Age"])
        #expect(shown.row == ["w", 3, .null, "hello", "0s"])
        let status: JSONValue = ["status": ["conditions": [["type": "Ready", "status": "True"]]]]
        world.send(.patch, Place.widgets + "/w/status", status, type: "application/merge-patch+json")
        shown = self.shown(&world, Place.widgets + "/w")
        #expect(shown.row == ["w", 3, "True", "hello", "0s"])
    }

    @Test func `rows carry what is asked for of their object`() {
        var world = World()
        world.send(.post, Place.configMaps, Sample.configMap("a"))
        func object(_ include: String) -> JSONValue? {
            world.send(.get, Place.configMaps + include, accept: Self.table).json["rows"]?.array?.first?["object"]
        }
        #expect(object("")?["kind"] == "PartialObjectMetadata")
        #expect(object("")?["data"] == nil)
        #expect(object("?includeObject=Object")?["data"] == ["a": "1"])
        #expect(object("?includeObject=None") == nil)
    }

    @Test func `a watch can be of tables or of metadata`() throws {
        var world = World()
        world.send(.post, Place.configMaps, Sample.configMap("a"))
        for (accept, kind) in [
            (Self.table, "Table"),
            ("application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io", "PartialObjectMetadata"),
        ] {
            var watch = try world.watch(Place.configMaps + "?watch=true", accept: accept)
            guard case .send(let events) = watch.next(in: world.state, now: world.now) else {
                Issue.record("nothing was told")
                return
            }
            #expect(events.first?["object"]?["kind"] == .string(kind))
        }
    }

    @Test(arguments: [
        (-2, "<invalid>"), (-1, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (125, "2m5s"), (599, "9m59s"),
        (600, "10m"),
        (10_799, "179m"), (10_800, "3h"), (11_000, "3h3m"), (28_800, "8h"), (172_799, "47h"), (172_800, "2d"),
        (180_000, "2d2h"), (691_200, "8d"), (63_072_000, "2y"), (70_000_000, "2y80d"), (260_000_000, "8y"),
    ])
    func `durations are short for people`(seconds: Int, text: String) {
        #expect(HumanDuration.text(seconds: seconds) == text)
    }
}
