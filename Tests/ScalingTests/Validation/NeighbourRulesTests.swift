import KubeModel
import Scaling
import Testing

/// A cluster as a list.
struct ListedCluster: ClusterIndex {
    var objects: [ScaledObject] = []
    var hpas: [HorizontalPodAutoscaler] = []
    var isComplete: Bool { true }

    func scaledObjects(on workload: WorkloadIdentity, in namespace: String) -> [String] {
        objects.filter { $0.key.namespace == namespace && WorkloadIdentity($0.spec.scaleTargetRef) == workload }
            .map(\.metadata.name)
    }

    func scaledObjects(withHPA name: String, in namespace: String) -> [String] {
        objects.filter { $0.key.namespace == namespace && HPAPlan.name(for: $0) == name }.map(\.metadata.name)
    }

    func autoscalers(on workload: WorkloadIdentity, in namespace: String) -> [AutoscalerFacts] {
        hpas.filter { $0.key.namespace == namespace && WorkloadIdentity($0.spec.scaleTargetRef) == workload }
            .map(AutoscalerFacts.init)
    }
}

@Suite struct NeighbourRulesTests {
    /// An HPA on `web` of the namespace `shop`, changed by a merge patch.
    static func hpa(_ changes: JSONValue = [:]) throws -> HorizontalPodAutoscaler {
        let good: JSONValue = [
            "metadata": ["name": "theirs", "namespace": "shop"],
            "spec": [
                "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": "web"], "maxReplicas": 3,
            ],
        ]
        return try KubeJSON.decode(from: MergePatch.apply(changes, to: good))
    }

    /// What stands between `web` and its workload.
    static func problems(
        _ changes: JSONValue = [:],
        objects: [JSONValue] = [],
        hpas: [JSONValue] = []
    ) throws -> [SpecProblem] {
        let cluster = ListedCluster(
            objects: try objects.map { try AdmissionRulesTests.object($0) },
            hpas: try hpas.map { try hpa($0) }
        )
        return try AdmissionRulesTests.object(changes).neighbourProblems(in: cluster)
    }

    @Test(
        arguments: [
            (["metadata": ["name": "other"]], true),
            (["metadata": ["name": "web"]], false),  // the object itself
            (["metadata": ["name": "other", "namespace": "elsewhere"]], false),
            (["metadata": ["name": "other"], "spec": ["scaleTargetRef": ["name": "api"]]], false),
            (["metadata": ["name": "other"], "spec": ["scaleTargetRef": ["kind": "StatefulSet"]]], false),
            (["metadata": ["name": "other"], "spec": ["scaleTargetRef": ["apiVersion": "apps/v1"]]], true),
            (["metadata": ["name": "other"], "spec": ["scaleTargetRef": ["apiVersion": "apps/v1beta1"]]], false),
        ] as [(JSONValue, Bool)]
    )
    func `another ScaledObject on the workload is told`(other: JSONValue, isTold: Bool) throws {
        let message = "the workload 'web' of type 'apps/v1.Deployment' is already managed by the ScaledObject 'other'"
        let problems = try Self.problems(objects: [other])
        #expect(problems.map(\.message) == (isTold ? [message] : []))
        #expect(problems.allSatisfy { $0.reason == .otherScaledObject })
    }

    @Test func `another ScaledObject with the HPA's name is told`() throws {
        let named: JSONValue = ["advanced": ["horizontalPodAutoscalerConfig": ["name": "keda-hpa-web"]]]
        let other = MergePatch.apply(
            ["spec": named],
            to: [
                "metadata": ["name": "other"], "spec": ["scaleTargetRef": ["name": "api"]],
            ]
        )
        let problems = try Self.problems(objects: [other])
        #expect(problems.map(\.message) == ["the HPA 'keda-hpa-web' is already managed by the ScaledObject 'other'"])
        #expect(problems.map(\.reason) == [.otherScaledObjectHPA])
        #expect(problems.map(\.field) == ["metadata.name"])
    }

    static let owner: JSONValue = [
        "apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "name": "web", "uid": "u",
    ]
    static let transfer: JSONValue = ["scaledobject.keda.sh/transfer-hpa-ownership": "true"]
    static let named: JSONValue = ["advanced": ["horizontalPodAutoscalerConfig": ["name": "theirs"]]]

    @Test(
        arguments: [
            ([:], [:], .otherHPA),
            ([:], ["metadata": ["namespace": "elsewhere"]], nil),
            ([:], ["spec": ["scaleTargetRef": ["name": "api"]]], nil),
            ([:], ["spec": ["scaleTargetRef": ["kind": "StatefulSet"]]], nil),
            ([:], ["metadata": ["annotations": [AutoscalerFacts.exemption: "false"]]], nil),
            ([:], ["metadata": ["annotations": [AutoscalerFacts.exemption: "true"]]], .otherHPA),
            ([:], ["metadata": ["ownerReferences": [owner]]], nil),
            (["metadata": ["name": "api"]], ["metadata": ["ownerReferences": [owner]]], .otherHPA),
            (["metadata": ["annotations": transfer]], [:], .transferWithoutName),
            (["metadata": ["annotations": transfer], "spec": named], [:], nil),
            (["spec": named], [:], .otherHPA),
        ] as [(JSONValue, JSONValue, SpecProblem.Reason?)]
    )
    func `an HPA on the workload is told unless it is or becomes ours`(
        changes: JSONValue,
        hpa: JSONValue,
        reason: SpecProblem.Reason?
    ) throws {
        #expect(try Self.problems(changes, hpas: [hpa]).map(\.reason) == (reason.map { [$0] } ?? []))
    }

    @Test(
        arguments: [
            ([:], [.otherScaledObject]),
            (["spec": ["scaleTargetRef": ["name": "api"]]], [.otherHPA]),  // it has left, and its HPA has not yet
        ] as [(JSONValue, [SpecProblem.Reason])]
    )
    func `another ScaledObject's HPA is told only where its owner is not`(
        change: JSONValue,
        reasons: [SpecProblem.Reason]
    ) throws {
        let owner = MergePatch.apply(["name": "other"], to: Self.owner)
        let other = MergePatch.apply(change, to: ["metadata": ["name": "other"]])
        let problems = try Self.problems(objects: [other], hpas: [["metadata": ["ownerReferences": [owner]]]])
        #expect(problems.map(\.reason) == reasons)
    }

    @Test func `HPAs are named in KEDA's words`() throws {
        #expect(
            try Self.problems(hpas: [[:]]).map(\.message) == [
                "the workload 'web' of type 'apps/v1.Deployment' is already managed by the hpa 'theirs'"
            ]
        )
        #expect(
            try Self.problems(["metadata": ["annotations": Self.transfer]], hpas: [[:]]).map(\.message) == [
                """
                the existing hpa 'theirs' for workload 'web' of type 'apps/v1.Deployment' must be specified by name in \
                advanced settings to enable ownership transfer
                """
            ]
        )
    }
}
