import KubeModel
import Scaling
import Testing

@Suite struct ResourceRulesTests {
    /// An object with triggers of some types.
    static func object(_ types: [String], _ spec: JSONValue = [:], container: String? = nil) throws -> ScaledObject {
        let metadata: JSONValue = container.map { ["containerName": .string($0)] } ?? [:]
        let triggers: [JSONValue] = types.map { ["type": .string($0), "metadata": metadata] }
        return try AdmissionRulesTests.object(["spec": MergePatch.apply(spec, to: ["triggers": .array(triggers)])])
    }

    @Test(
        arguments: [
            (["requests": ["cpu": "100m"]], ["cpu"]),
            (["limits": ["cpu": "1", "memory": "1Gi"]], ["cpu", "memory"]),
            (["requests": ["cpu": "0", "memory": 5]], ["memory"]),
            (["requests": ["cpu": "0"], "limits": ["cpu": "2"]], ["cpu"]),
            (["requests": ["cpu": "much"]], []),
            ([:], []),
            (nil, []),
        ] as [(JSONValue?, Set<String>)]
    )
    func `containers count with requests and limits above 0`(resources: JSONValue?, expected: Set<String>) {
        var container: JSONValue = ["name": "main"]
        container["resources"] = resources
        let workload: JSONValue = ["spec": ["template": ["spec": ["containers": [container]]]]]
        #expect(ContainerResources.all(of: workload) == [ContainerResources("main", expected)])
    }

    @Test func `a workload without pods has no containers`() {
        #expect(ContainerResources.all(of: ["spec": ["replicas": 1]]) == [])
    }

    @Test(
        arguments: [
            (["type": "Container", "default": ["cpu": "1"]], ["cpu"]),
            (["type": "Container", "defaultRequest": ["memory": "1Gi"]], ["memory"]),
            (["type": "Container", "defaultRequest": ["memory": "0"]], []),
            (["type": "Pod", "default": ["cpu": "1"]], []),
            (["type": "Container", "max": ["cpu": "1"]], []),
        ] as [(JSONValue, Set<String>)]
    )
    func `LimitRanges count with defaults for containers`(limit: JSONValue, expected: Set<String>) {
        #expect(ContainerResources.defaults(in: [["spec": ["limits": [limit]]]]) == expected)
    }

    @Test(
        arguments: [
            (["cpu"], nil, [], ["a", "b"]), (["cpu"], nil, ["cpu"], []), (["cpu"], nil, ["memory"], ["a", "b"]),
            (["memory"], nil, [], ["b"]), (["cpu", "memory"], nil, [], ["a", "b", "b"]), (["cpu"], "b", [], ["b"]),
            (["memory"], "a", [], []), (["memory"], "c", [], []), (["cron"], nil, [], []),
        ] as [([String], String?, Set<String>, [String])]
    )
    func `every container that matters must have requests`(
        types: [String],
        container: String?,
        defaults: Set<String>,
        missing: [String]
    ) throws {
        let containers = [ContainerResources("a", ["memory"]), ContainerResources("b", [])]
        let problems = try Self.object(types, container: container).requestProblems(containers, defaults: defaults)
        #expect(problems.map(\.reason) == missing.map { _ in .requests })
        #expect(
            zip(problems, missing)
                .allSatisfy { $0.message.contains("trigger but the container \($1) doesn't have the") }
        )
    }

    @Test(
        arguments: [
            ([:], true), (["scaleTargetRef": ["kind": "StatefulSet"]], true),
            (["scaleTargetRef": ["apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout"]], false),
            (["scaleTargetRef": ["apiVersion": "apps/v1beta1"]], false),
        ] as [(JSONValue, Bool)]
    )
    func `only Deployments and StatefulSets are looked at`(spec: JSONValue, isLookedAt: Bool) throws {
        let object = try Self.object(["cpu"], spec)
        #expect(object.needsRequests == isLookedAt)
        #expect(object.requestProblems([ContainerResources("a", [])], defaults: []).isEmpty != isLookedAt)
        #expect(object.scaleToZeroProblems.isEmpty != isLookedAt)
    }

    @Test(
        arguments: [
            (["cpu"], nil, true), (["cpu"], 0, true), (["cpu", "memory"], nil, true), (["cpu"], 1, false),
            (["cpu", "cron"], nil, false), (["cron"], 0, false),
        ] as [([String], Int64?, Bool)]
    )
    func `cpu and memory alone cannot wake a workload from 0`(types: [String], minimum: Int64?, isTold: Bool) throws {
        let spec: JSONValue = minimum.map { ["minReplicaCount": .integer($0)] } ?? [:]
        #expect(try Self.object(types, spec).scaleToZeroProblems.map(\.reason) == (isTold ? [.scaleToZero] : []))
    }
}
