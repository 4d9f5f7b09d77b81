import KubeModel
import Scaling
import Testing

@Suite struct HPAPlanTests {
    static let deployment = ResourceType(GroupVersion("apps", "v1"), kind: "Deployment", plural: "deployments")

    /// An object as the API server has it.
    static func object(name: String = "web", _ change: (inout ScaledObject) -> Void = { _ in }) -> ScaledObject {
        var object = ScaledObject(
            metadata: ObjectMeta(name: name, namespace: "shop", uid: "u-1", labels: ["team": "a"]),
            spec: .init(scaleTargetRef: .init(name: "web"), triggers: [])
        )
        change(&object)
        return object
    }

    /// The planned HPA.
    static func plan(_ object: ScaledObject, metrics: [HPAMetric] = []) -> HorizontalPodAutoscaler {
        HPAPlan.make(
            for: object,
            target: deployment,
            metrics: metrics,
            as: HorizontalPodAutoscaler.resourceType,
            version: "1.2.3"
        )
    }

    @Test func `an HPA carries bounds, owner, labels and annotations of its object`() throws {
        let hpa = Self.plan(
            Self.object {
                $0.spec.maxReplicaCount = 7
                $0.metadata.annotations = ["note": "kept"]
            }
        )
        #expect(hpa.metadata.name == "keda-hpa-web")
        #expect(hpa.metadata.namespace == "shop")
        #expect(hpa.apiVersion == "autoscaling/v2")
        #expect(hpa.spec.minReplicas == 1)
        #expect(hpa.spec.maxReplicas == 7)
        #expect(hpa.spec.scaleTargetRef == .init(apiVersion: "apps/v1", kind: "Deployment", name: "web"))
        #expect(hpa.metadata.annotations == ["note": "kept"])
        #expect(
            hpa.metadata.labels == [
                "app.kubernetes.io/name": "keda-hpa-web", "app.kubernetes.io/version": "1.2.3",
                "app.kubernetes.io/part-of": "web", "app.kubernetes.io/managed-by": "keda-operator",
                "scaledobject.keda.sh/name": "web", "team": "a",
            ]
        )
        let owner = try #require(hpa.metadata.ownerReferences?.first)
        #expect(owner.uid == "u-1" && owner.controller == true && owner.blockOwnerDeletion == true)
        #expect(owner.apiVersion == "keda.sh/v1alpha1" && owner.kind == "ScaledObject")
    }

    @Test func `metrics in another order are no difference, and another metric is one`() throws {
        let cpu = HPAMetric.resource(.init(name: "cpu", target: .utilization(60)))
        let memory = HPAMetric.resource(.init(name: "memory", target: .averageValue(Quantity(1))))
        let (hpa, turned) = (
            Self.plan(Self.object(), metrics: [cpu, memory]), Self.plan(Self.object(), metrics: [memory, cpu])
        )
        #expect(try HPAPlan.repair(turned, to: hpa) == nil)
        #expect(try HPAPlan.repair(Self.plan(Self.object(), metrics: [cpu]), to: hpa) != nil)
        #expect(try HPAPlan.repair(Self.plan(Self.object(), metrics: [cpu, cpu]), to: hpa) != nil)
    }

    @Test(arguments: [
        (["paused-scale-in"], nil as String?, "Disabled" as String?),
        (["paused-scale-out"], "Disabled", "Min"),
        (["paused-scale-in", "paused-scale-out"], "Disabled", "Disabled"),
        ([], nil, "Min"),
    ])
    func `a direction that is paused is disabled in the HPA, and the rest stays`(
        paused: [String],
        out: String?,
        in: String?
    ) {
        let hpa = Self.plan(
            Self.object {
                var behavior = HPABehavior()
                behavior.scaleDown = .init(stabilizationWindowSeconds: 7, selectPolicy: "Min")
                $0.spec.advanced = .init(horizontalPodAutoscalerConfig: .init(behavior: behavior))
                $0.metadata.annotations = Dictionary(
                    uniqueKeysWithValues: paused.map { ("autoscaling.keda.sh/\($0)", "true") }
                )
            }
        )
        #expect(hpa.spec.behavior?.scaleUp?.selectPolicy == out)
        #expect(hpa.spec.behavior?.scaleDown?.selectPolicy == `in`)
        #expect(hpa.spec.behavior?.scaleDown?.stabilizationWindowSeconds == 7)
    }

    @Test func `labels can be excluded, and long names are cut for the label only`() {
        let name = String(repeating: "a", count: 52) + "-b-c"
        let hpa = Self.plan(
            Self.object(name: name) {
                $0.metadata.annotations = ["scaledobject.keda.sh/hpa-excluded-labels": "team,other"]
            }
        )
        #expect(hpa.metadata.labels?["team"] == nil)
        #expect(hpa.metadata.name == "keda-hpa-" + name)
        #expect(
            hpa.metadata.labels?["app.kubernetes.io/name"] == "keda-hpa-" + String(repeating: "a", count: 52) + "-b"
        )
    }

    @Test func `metrics are sorted by type and keep the order of their triggers within one`() {
        let cpu = HPAMetric.resource(.init(name: "cpu", target: .utilization(60)))
        let one = HPAPlan.external("s0-z", target: .averageValue(Quantity(5)), of: "web")
        let two = HPAPlan.external("s2-a", target: .value(Quantity(5)), of: "web")
        #expect(Self.plan(Self.object(), metrics: [cpu, one, two]).spec.metrics == [one, two, cpu])
    }

    @Test func `an external metric is written as KEDA writes it`() throws {
        let metric = HPAPlan.external("s0-postgresql", target: .averageValue(Quantity(milli: 2200)), of: "web")
        #expect(
            try KubeJSON.value(of: metric) == [
                "type": "External",
                "external": [
                    "metric": [
                        "name": "s0-postgresql",
                        "selector": ["matchLabels": ["scaledobject.keda.sh/name": "web"]],
                    ],
                    "target": ["type": "AverageValue", "averageValue": "2200m"],
                ],
            ]
        )
    }

    @Test func `an HPA that says the same in other words is left alone`() throws {
        let wanted = Self.plan(
            Self.object {
                $0.spec.advanced = .init(
                    horizontalPodAutoscalerConfig: .init(
                        behavior: HPABehavior(scaleDown: .init(stabilizationWindowSeconds: 60))
                    )
                )
            },
            metrics: [HPAPlan.external("s0-x", target: .averageValue(Quantity(milli: 2200)), of: "web")]
        )
        // As an API server gives it back: defaults filled in, quantities as they were written, foreign labels.
        var stored = try KubeJSON.value(of: wanted)
        stored[path: "metadata", "labels", "foreign"] = "kept"
        stored[path: "metadata", "annotations"] = ["foreign": "kept"]
        stored[path: "metadata", "resourceVersion"] = "17"
        stored[path: "spec", "behavior"] = [
            "scaleUp": [
                "stabilizationWindowSeconds": 0, "selectPolicy": "Max",
                "policies": [
                    ["type": "Pods", "value": 4, "periodSeconds": 15],
                    ["type": "Percent", "value": 100, "periodSeconds": 15],
                ],
            ],
            "scaleDown": [
                "stabilizationWindowSeconds": 60, "selectPolicy": "Max",
                "policies": [["type": "Percent", "value": 100, "periodSeconds": 15]],
            ],
        ]
        let text = try String(decoding: KubeJSON.encode(stored), as: UTF8.self)
            .replacing("\"2200m\"", with: "\"2.200\"")
        let existing = try KubeJSON.decode(HorizontalPodAutoscaler.self, from: [UInt8](text.utf8))
        #expect(try HPAPlan.repair(existing, to: wanted) == nil)
    }

    @Test func `a repair changes what differs and nothing else`() throws {
        var existing = Self.plan(Self.object())
        existing.metadata.labels?["foreign"] = "kept"
        existing.metadata.labels?["team"] = "b"
        existing.spec.maxReplicas = 3
        existing.spec.behavior = HPABehavior(scaleUp: .init(selectPolicy: "Min"))
        let patch = try HPAPlan.repair(existing, to: Self.plan(Self.object()))
        #expect(
            patch == [
                "metadata": ["labels": ["team": "a"]],
                "spec": ["maxReplicas": 100, "behavior": nil],
            ]
        )
    }
}
