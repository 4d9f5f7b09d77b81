import KubeClient
import KubeModel
import KubeRuntime
import Scaling
import Testing

@testable import Operator

@Suite struct OperatorIndexTests {
    let objects = Store<ScaledObject>(index: OperatorIndex.names)
    let hpas = Store<HorizontalPodAutoscaler>(index: OperatorIndex.names)
    var index: OperatorIndex { OperatorIndex(objects: objects, hpas: hpas) }

    static let web = WorkloadIdentity(apiVersion: nil, kind: nil, name: "web")

    /// A ScaledObject for a workload.
    static func object(_ name: String, on target: ScaledObject.ScaleTargetRef, hpa: String? = nil) -> ScaledObject {
        var spec = ScaledObject.Spec(scaleTargetRef: target, triggers: [.init(type: "cron", metadata: [:])])
        spec.advanced = hpa.map { .init(horizontalPodAutoscalerConfig: .init(name: $0)) }
        return ScaledObject(metadata: ObjectMeta(name: name, namespace: "shop"), spec: spec)
    }

    /// An HPA for the Deployment `web`.
    static func hpa(
        _ name: String,
        labels: [String: String]? = nil,
        annotations: [String: String]? = nil,
        owner: String? = nil
    ) -> HorizontalPodAutoscaler {
        HorizontalPodAutoscaler(
            apiVersion: "autoscaling/v2",
            metadata: ObjectMeta(
                name: name,
                namespace: "shop",
                uid: "u",
                resourceVersion: "7",
                labels: labels,
                annotations: annotations,
                ownerReferences: owner.map {
                    [OwnerReference(apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject", name: $0, uid: "o")]
                }
            ),
            spec: HPASpec(
                scaleTargetRef: CrossVersionObjectReference(apiVersion: "apps/v1", kind: "Deployment", name: "web"),
                minReplicas: 1,
                maxReplicas: 9,
                metrics: [.resource(.init(name: "cpu", target: .utilization(50)))]
            )
        )
    }

    @Test func `it is complete once both lists are`() {
        #expect(!index.isComplete)
        objects.replace(part: 0, with: [:])
        #expect(!index.isComplete)
        hpas.replace(part: 0, with: [:])
        #expect(index.isComplete)
    }

    @Test func `objects are found by their workload, whatever is left to defaults`() {
        for object in [
            Self.object("b", on: .init(name: "web")),
            Self.object("a", on: .init(apiVersion: "apps/v1", kind: "Deployment", name: "web")),
            Self.object("other", on: .init(name: "api")),
            Self.object("stateful", on: .init(kind: "StatefulSet", name: "web")),
        ] { objects.set(object.key, to: object) }
        #expect(index.scaledObjects(on: Self.web, in: "shop") == ["a", "b"])
        #expect(index.scaledObjects(on: Self.web, in: "elsewhere") == [])
        objects.set(ObjectKey(namespace: "shop", name: "a"), to: Self.object("a", on: .init(name: "api")))
        #expect(index.scaledObjects(on: Self.web, in: "shop") == ["b"])
        objects.set(ObjectKey(namespace: "shop", name: "b"), to: nil)
        #expect(index.scaledObjects(on: Self.web, in: "shop") == [])
    }

    @Test func `objects are found by the name of their HPA, given or not`() {
        for object in [
            Self.object("a", on: .init(name: "a")), Self.object("b", on: .init(name: "b"), hpa: "keda-hpa-a"),
        ] { objects.set(object.key, to: object) }
        #expect(index.scaledObjects(withHPA: "keda-hpa-a", in: "shop") == ["a", "b"])
        #expect(index.scaledObjects(withHPA: "keda-hpa-b", in: "shop") == [])
    }

    @Test func `an HPA leads to its owner, and once it is gone to those who want one of its name`() {
        let keys = ["a", "b", "c"].map { ObjectKey(namespace: "shop", name: $0) }
        for (key, hpa) in zip(keys, ["mine", "mine", nil]) {
            objects.set(key, to: Self.object(key.name, on: .init(name: key.name), hpa: hpa))
        }
        let mine = ObjectKey(namespace: "shop", name: "mine")
        hpas.set(mine, to: Self.hpa("mine", owner: "c"))
        #expect(index.users(ofHPA: mine) == [keys[2]])
        hpas.set(mine, to: Self.hpa("mine"))
        #expect(index.users(ofHPA: mine) == [keys[0], keys[1]])
        hpas.set(mine, to: nil)
        #expect(index.users(ofHPA: mine) == [keys[0], keys[1]])
        #expect(index.users(ofHPA: ObjectKey(namespace: "shop", name: "keda-hpa-c")) == [keys[2]])
        #expect(index.users(ofHPA: ObjectKey(namespace: "other", name: "mine")) == [])
    }

    @Test func `of HPAs of others only what the index needs is kept`() throws {
        let theirs = Self.hpa(
            "theirs",
            labels: ["app": "web"],
            annotations: [AutoscalerFacts.exemption: "false", "kubectl.kubernetes.io/last-applied": "long"],
            owner: "web"
        )
        let kept = theirs.forIndex
        #expect(!theirs.isMarked)
        #expect(Self.hpa("ours", labels: [ObjectLabel.name: "web"]).isMarked)
        #expect(kept.metadata.labels == nil)
        #expect(kept.metadata.annotations == [AutoscalerFacts.exemption: "false"])
        #expect(kept.metadata.resourceVersion == nil)
        #expect(kept.spec.metrics == [])
        #expect(AutoscalerFacts(kept) == AutoscalerFacts(theirs))
        hpas.set(kept.key, to: kept)
        let found = index.autoscalers(on: Self.web, in: "shop")
        #expect(found.map(\.name) == ["theirs"])
        #expect(found.map(\.owners) == [["web"]])
        #expect(found.map(\.isExempt) == [true])
    }

    @Test func `an answer does not look at everything`() {
        for number in 0..<5000 {
            let object = Self.object("o\(number)", on: .init(name: "w\(number)"))
            objects.set(object.key, to: object)
        }
        let clock = ContinuousClock()
        let time = clock.measure {
            for number in 0..<1000 {
                let workload = WorkloadIdentity(apiVersion: nil, kind: nil, name: "w\(number)")
                #expect(index.scaledObjects(on: workload, in: "shop") == ["o\(number)"])
            }
        }
        // Looking through five thousand objects a thousand times takes far longer, even on a slow machine.
        #expect(time < .seconds(2))
    }
}
