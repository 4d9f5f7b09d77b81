import Foundation
import KubeClient
import KubeModel
import TestKit
import Testing

extension RealServers {
    @Suite(.timeLimit(.minutes(5))) struct KubeScale {
        /// A CRD whose objects have a `/scale`, under a group of its own.
        static func definition(_ group: String) -> String {
            """
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"fleets.\(group)"},
             "spec":{"group":"\(group)","scope":"Namespaced","names":{"kind":"Fleet","plural":"fleets"},
               "versions":[{"name":"v1","served":true,"storage":true,
                 "schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true,
                   "properties":{"spec":{"type":"object","properties":{"ships":{"type":"integer"}}},
                                 "status":{"type":"object","properties":{"ships":{"type":"integer"}}}}}},
                 "subresources":{"status":{},
                   "scale":{"specReplicasPath":".spec.ships","statusReplicasPath":".status.ships"}}}]}}
            """
        }

        @Test func `a Deployment is scaled, and a late replace is a conflict`() async throws {
            try await TestCluster.with { cluster in
                try await cluster.deploy("web", replicas: 0)
                let served = try await Discovery(cluster.client).kind("Deployment", in: GroupVersion("apps", "v1"))
                let read = try await cluster.client.scale(of: served.type, cluster.key("web"))
                #expect(read.replicas == 0)
                let set = try await cluster.client.setScale(of: served.type, cluster.key("web"), to: 3)
                #expect(set.replicas == 3)
                #expect(try await cluster.replicas("web") == 3)
                let late = await #expect(throws: KubeError.self) {
                    try await cluster.client.replaceScale(of: served.type, cluster.key("web"), with: read)
                }
                #expect(late?.isConflict == true)
                let none = await #expect(throws: KubeError.self) {
                    try await cluster.client.scale(of: served.type, cluster.key("none"))
                }
                #expect(none?.isNotFound == true)
            }
        }

        @Test func `a kind of a CRD is found as soon as it is there, and scaled`() async throws {
            try await TestCluster.with { cluster in
                let group = "\(cluster.namespace).example.org"
                let version = GroupVersion(group, "v1")
                let discovery = Discovery(cluster.client, missLifetime: .zero)
                let missing = await #expect(throws: KubeError.self) { try await discovery.kind("Fleet", in: version) }
                #expect(missing?.isNotFound == true)
                try await cluster.apply(Self.definition(group))
                try await eventually("the kind", within: .seconds(60)) {
                    try await discovery.kind("Fleet", in: version).hasScale
                }
                let type = try await discovery.kind("Fleet", in: version).type
                #expect(type == ResourceType(version, kind: "Fleet", plural: "fleets"))
                try await eventually("an object", within: .seconds(60)) {
                    try await cluster.apply(
                        #"{"apiVersion":"\#(version)","kind":"Fleet","metadata":{"name":"f"},"spec":{"ships":1}}"#
                    )
                    return true
                }
                _ = try await cluster.client.setScale(of: type, cluster.key("f"), to: 7)
                #expect(try await cluster.client.scale(of: type, cluster.key("f")).replicas == 7)
                try await cluster.kubectl("delete", "crd", "fleets.\(group)", "--wait=false")
            }
        }

        @Test func `a kind without a scale says so`() async throws {
            try await TestCluster.with { cluster in
                let discovery = Discovery(cluster.client)
                let map = try await discovery.kind("ConfigMap", in: GroupVersion("", "v1"))
                let set = try await discovery.kind("ReplicaSet", in: GroupVersion("apps", "v1"))
                let hpa = try await discovery.horizontalPodAutoscaler()
                #expect(!map.hasScale && set.hasScale && hpa.plural == "horizontalpodautoscalers")
            }
        }
    }
}
