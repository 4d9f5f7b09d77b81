import Foundation
import KubeClient
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers.BadInput {
    /// Targets that cannot be scaled, or not yet.
    @Suite struct Targets {
        /// What every such trouble begins with.
        static let stage = "ScaledObject doesn't have correct scaleTargetRef specification: "

        /// An object whose target is another one than the Deployment of its name.
        static func object(_ name: String, saying cause: String, _ version: String, _ kind: String) -> BadObject {
            BadObject(
                name,
                saying: stage + cause,
                spec: [
                    "scaleTargetRef": [
                        "apiVersion": .string(version), "kind": .string(kind), "name": .string(name),
                    ]
                ],
                Neighbours.always(3)
            )
        }

        /// A CRD whose objects scale, in a group of its own.
        static func robots(in group: String) -> String {
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: robots.\(group)}
            spec:
              group: \(group)
              scope: Namespaced
              names: {plural: robots, singular: robot, kind: Robot}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                subresources:
                  scale: {specReplicasPath: .spec.arms, statusReplicasPath: .status.arms}
            """
        }

        @Test func `a target that is missing or cannot be scaled is told, and taken up once it can`() async throws {
            try await TestCluster.with { cluster in
                let group = "\(cluster.namespace).example.com"
                let missing = "Target resource doesn't exist"
                let hasNoScale = "Target resource doesn't expose /scale subresource"
                let neighbours = Neighbours(
                    in: cluster,
                    [
                        BadObject("missing", saying: Self.stage + missing, Neighbours.always(3)),
                        Self.object("settings", saying: hasNoScale, "v1", "ConfigMap"),
                        Self.object("pod", saying: hasNoScale, "v1", "Pod"),
                        Self.object(
                            "robot",
                            saying: "the API server has no kind Robot in \(group)/v1",
                            "\(group)/v1",
                            "Robot"
                        ),
                    ]
                )
                try await neighbours.moveIn(homeless: ["missing", "robot"])
                try await neighbours.areTold()
                try await neighbours.disturbNobody()

                try await Neighbours.deploy("missing", replicas: 2, in: cluster)
                for name in ["settings", "pod"] {
                    let target: JSONValue = ["apiVersion": "apps/v1", "kind": "Deployment", "name": .string(name)]
                    _ = try await cluster.client.patch(
                        ScaledObject.self,
                        cluster.key(name),
                        with: ["spec": ["scaleTargetRef": target]]
                    )
                }
                try await neighbours.recover(["missing", "settings", "pod"])

                try await cluster.kubectl("apply", "-f", "-", input: Self.robots(in: group))
                let robots = ResourceType(GroupVersion(group, "v1"), kind: "Robot", plural: "robots")
                let robot: JSONValue = [
                    "apiVersion": .string("\(group)/v1"), "kind": "Robot", "metadata": ["name": "robot"],
                    "spec": ["arms": 0],
                ]
                try await eventually("the new kind", within: .seconds(30)) {
                    _ = try await cluster.client.send(.create(robot, as: robots, in: cluster.namespace))
                    return true
                }
                try await eventually("arms", within: .seconds(60)) {
                    try await cluster.client.scale(of: robots, cluster.key("robot")).replicas == 1
                }
                try await neighbours.reach("the new target in the status") { objects in
                    objects["robot"]?.status?.scaleTargetKind == "\(group)/v1.Robot" ? [] : ["robot"]
                }
                try await cluster.kubectl("delete", "crd", "robots.\(group)", "--wait=false")
            }
        }
    }
}
