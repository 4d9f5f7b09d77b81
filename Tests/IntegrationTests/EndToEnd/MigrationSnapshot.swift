import Foundation
import KubeClient
import KubeModel
import Scaling
import TestKit
import Testing

/// A user's objects at one moment, as far as a change of the operator must not change them.
struct MigrationSnapshot {
    /// The ScaledObjects, by name.
    let objects: [String: ScaledObject]
    /// Their HPAs, by the same names.
    let autoscalers: [String: HorizontalPodAutoscaler]
    /// What their Deployments want.
    let replicas: [String: Int]
    /// How often their Deployments were changed.
    let generations: [String: String]

    /// Looks at a cluster.
    init(of cluster: TestCluster) async throws {
        var objects: [String: ScaledObject] = [:]
        var autoscalers: [String: HorizontalPodAutoscaler] = [:]
        var replicas: [String: Int] = [:]
        var generations: [String: String] = [:]
        for name in LeftCluster.replicas.keys {
            objects[name] = try await cluster.object(name)
            autoscalers[name] = try await cluster.autoscaler("keda-hpa-\(name)")
            replicas[name] = try await cluster.replicas(name)
            generations[name] = try await cluster.kubectl(
                ["get", "deployment", name, "-n", cluster.namespace, "-o", "jsonpath={.metadata.generation}"]
            )
        }
        (self.objects, self.autoscalers) = (objects, autoscalers)
        (self.replicas, self.generations) = (replicas, generations)
    }

    /// Checks that everything is as it was before the operator changed.
    func expectSame(as before: MigrationSnapshot) throws {
        #expect(replicas == before.replicas)
        #expect(generations == before.generations, "a Deployment was written")
        #expect(Set(autoscalers.keys) == Set(before.autoscalers.keys))
        for (name, hpa) in autoscalers {
            let former = try #require(before.autoscalers[name])
            Self.expectSame(hpa, as: former)
        }
        for (name, object) in objects {
            let former = try #require(before.objects[name])
            #expect(object.metadata.uid == former.metadata.uid)
            #expect(object.metadata.generation == former.metadata.generation)
            Self.expectMetadata(of: object, as: former)
            try Self.expectStatus(of: object, as: former)
            for kind: ScaledObjectStatus.Condition.Kind in [.ready, .active, .fallback, .paused] {
                let (condition, before) = (object.status?[kind], former.status?[kind])
                #expect(condition?.status == before?.status, "\(kind) of \(name): \(condition?.message ?? "")")
            }
            let health = object.status?.health?.mapValues { $0.status }
            #expect(health == former.status?.health?.mapValues { $0.status }, "\(name)")
        }
    }

    /// Checks that an HPA is as KEDA wrote it.
    static func expectSame(_ hpa: HorizontalPodAutoscaler, as former: HorizontalPodAutoscaler) {
        #expect(hpa.metadata.uid == former.metadata.uid, "\(hpa.metadata.name) was made anew")
        #expect(hpa.spec == former.spec, "\(hpa.metadata.name)")
        #expect(labels(hpa) == labels(former), "\(hpa.metadata.name)")
        #expect(annotations(hpa) == annotations(former), "\(hpa.metadata.name)")
        #expect(hpa.metadata.ownerReferences == former.metadata.ownerReferences, "\(hpa.metadata.name)")
    }

    /// Checks what KEDA reads in an object's metadata.
    static func expectMetadata(of object: ScaledObject, as former: ScaledObject) {
        let name = object.metadata.name
        #expect(object.metadata.finalizers == ["finalizer.keda.sh"], "\(name)")
        #expect(object.metadata.labels == former.metadata.labels, "\(name)")
        #expect(object.metadata.annotations ?? [:] == former.metadata.annotations ?? [:], "\(name)")
    }

    /// Checks what KEDA reads in an object's status, and what it must not forget.
    static func expectStatus(of object: ScaledObject, as former: ScaledObject) throws {
        let (status, before) = (try #require(object.status), try #require(former.status))
        let name = object.metadata.name
        #expect(status.scaleTargetKind == before.scaleTargetKind, "\(name)")
        #expect(status.scaleTargetGVKR == before.scaleTargetGVKR, "\(name)")
        #expect(status.originalReplicaCount == before.originalReplicaCount, "\(name)")
        #expect(status.hpaName == before.hpaName, "\(name)")
        #expect(status.externalMetricNames == before.externalMetricNames, "\(name)")
        #expect(status.triggersTypes == before.triggersTypes, "\(name)")
        #expect(status.authenticationsTypes == before.authenticationsTypes, "\(name)")
        #expect(status.pausedReplicaCount == before.pausedReplicaCount, "\(name)")
    }

    /// The labels that stay; the version is that of whoever looks after the HPA.
    static func labels(_ hpa: HorizontalPodAutoscaler) -> [String: String]? {
        hpa.metadata.labels?.filter { $0.key != "app.kubernetes.io/version" }
    }

    /// The annotations that are not the API server's own, which keeps parts of older versions there.
    static func annotations(_ hpa: HorizontalPodAutoscaler) -> [String: String] {
        (hpa.metadata.annotations ?? [:]).filter { !$0.key.hasPrefix("autoscaling.alpha") }
    }
}
