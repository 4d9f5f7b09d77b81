import Foundation
import KubeClient
import KubeModel
import TestKit

/// A custom resource with a `/scale` and nobody behind it: it is scaled without a pod being made.
///
/// It has no subresource `status`, so that what is created has the status that it is created with, and keeps it.
enum AgreementTarget {
    /// Where it is served.
    static let version = GroupVersion("agreement.example.org", "v1")
    /// Its kind.
    static let type = ResourceType(version, kind: "Crew", plural: "crews")

    /// Its definition.
    static let definition: JSONValue = [
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": ["name": "crews.agreement.example.org"],
        "spec": [
            "group": "agreement.example.org", "scope": "Namespaced", "names": ["kind": "Crew", "plural": "crews"],
            "versions": [
                [
                    "name": "v1", "served": true, "storage": true,
                    "schema": ["openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]],
                    "subresources": [
                        "scale": [
                            "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas",
                            "labelSelectorPath": ".status.selector",
                        ]
                    ],
                ]
            ],
        ],
    ]

    /// Makes the API server serve the kind, and the HPA controller know it.
    static func define(in cluster: TestCluster) async throws {
        try await cluster.apply(String(decoding: KubeJSON.encode(definition), as: UTF8.self))
        try await eventually("the kind of the targets", within: .seconds(60)) {
            try await Discovery(cluster.client, missLifetime: .zero).kind(type.kind, in: version).hasScale
        }
        // It looks for new kinds only every 30 seconds.
        try await Command(program: TestServers.variable("CONTROLLER_MANAGER_CTL")).run(["restart"])
    }

    /// Takes the kind away again, and with it the targets.
    static func remove(from cluster: TestCluster) async throws {
        try await cluster.kubectl("delete", "crd", "crews.agreement.example.org")
    }

    /// An object for a series.
    static func object(for series: AgreementSeries) -> JSONValue {
        [
            "apiVersion": .string(version.description), "kind": "Crew", "metadata": ["name": .string(series.name)],
            "spec": ["replicas": .integer(Int64(series.replicas))],
            "status": [
                "replicas": .integer(Int64(series.trace.existingReplicas)),
                "selector": .string("series=\(series.name)"),
            ],
        ]
    }

    /// A pod of a series; nobody runs it.
    static func pod(_ index: Int, of series: AgreementSeries) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": .string("\(series.name)-\(index)"), "labels": ["series": .string(series.name)]],
            "spec": ["containers": [["name": "main", "image": "none"]]],
        ]
    }

    /// What a kubelet would say of a pod.
    static func podStatus(isReady: Bool) -> JSONValue {
        [
            "status": [
                "phase": "Running",
                "conditions": [["type": "Ready", "status": isReady ? "True" : "False"]],
            ]
        ]
    }
}
