import Foundation
import KubeClient
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// What KEDA leaves in a cluster when Swell takes its place.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct LeftByKEDA {
        /// The kinds that KEDA has and we have not.
        static let eventing = [CloudEventSource.resourceType, ClusterCloudEventSource.resourceType]

        /// The CRD of one of them, without its schema.
        static func definition(_ kind: ResourceType) -> String {
            """
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
             "metadata":{"name":"\(kind.plural).\(kind.groupVersion.group)"},
             "spec":{"group":"\(kind.groupVersion.group)","scope":"\(kind.isNamespaced ? "Namespaced" : "Cluster")",
               "names":{"plural":"\(kind.plural)","kind":"\(kind.kind)"},
               "versions":[{"name":"v1alpha1","served":true,"storage":true,"subresources":{"status":{}},
                 "schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}
            """
        }

        /// An object as KEDA holds it.
        static func held(_ kind: ResourceType, _ name: String, spec: String = "{}") -> String {
            """
            {"apiVersion":"\(kind.groupVersion)","kind":"\(kind.kind)",
             "metadata":{"name":"\(name)","finalizers":["finalizer.keda.sh"],
               "labels":{"scaledobject.keda.sh/name":"\(name)"}},"spec":\(spec)}
            """
        }

        /// Fills a namespace as KEDA leaves it, status and HPAs included.
        static func fill(_ cluster: TestCluster, _ count: Int) async throws {
            let trigger = #"{"type":"cron","metadata":{},"authenticationRef":{"name":"login"}}"#
            let job = #"{"template":{"spec":{"containers":[{"name":"main","image":"none"}],"restartPolicy":"Never"}}}"#
            var objects = [held(CloudEventSource.resourceType, "a"), held(ClusterCloudEventSource.resourceType, "a")]
            objects.append(held(TriggerAuthentication.resourceType, "login"))
            for number in 0..<count {
                let target = #"{"name":"gone-\#(number)"}"#
                let spec = #"{"scaleTargetRef":\#(target),"triggers":[\#(trigger)]"#
                objects.append(held(ScaledObject.resourceType, "web-\(number)", spec: spec + "}"))
                let restore = #","advanced":{"restoreToOriginalReplicaCount":true}}"#
                objects.append(held(ScaledObject.resourceType, "back-\(number)", spec: spec + restore))
                objects.append(
                    held(
                        ScaledJob.resourceType,
                        "job-\(number)",
                        spec: #"{"jobTargetRef":\#(job),"triggers":[\#(trigger)]}"#
                    )
                )
            }
            try await cluster.apply(
                #"{"apiVersion":"v1","kind":"List","items":[\#(objects.joined(separator: ","))]}"#
            )
            for number in 0..<count {
                for name in ["web-\(number)", "back-\(number)"] { try await own(cluster, name) }
            }
        }

        /// Gives a ScaledObject the status and the HPA that KEDA would have given it.
        static func own(_ cluster: TestCluster, _ name: String, upTo most: Int = 3) async throws {
            let object = try await cluster.client.patch(
                ScaledObject.self,
                cluster.key(name),
                subresource: "status",
                with: [
                    "status": [
                        "originalReplicaCount": 1, "hpaName": .string("keda-hpa-\(name)"),
                        "scaleTargetKind": "apps/v1.Deployment",
                        "conditions": [["type": "Ready", "status": "True", "reason": "ScaledObjectReady"]],
                    ]
                ]
            )
            try await cluster.apply(
                """
                {"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"name":"keda-hpa-\(name)",
                   "labels":{"scaledobject.keda.sh/name":"\(name)","app.kubernetes.io/version":"2.20.1"},
                   "ownerReferences":[{"apiVersion":"keda.sh/v1alpha1","kind":"ScaledObject","name":"\(name)",
                     "uid":"\(object.metadata.uid ?? "")","controller":true,"blockOwnerDeletion":true}]},
                 "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"\(name)"},
                   "maxReplicas":\(most)}}
                """
            )
        }

        /// Runs a test in a cluster that has KEDA's CRDs, and takes away those that are not ours.
        static func with(_ body: (TestCluster) async throws -> Void) async throws {
            try await TestCluster.with { cluster in
                try await cluster.kubectl("apply", "-f", "\(TestServers.root)/config/crd")
                for kind in eventing { try await cluster.apply(definition(kind)) }
                for kind in eventing {
                    let name = "crd/\(kind.plural).\(kind.groupVersion.group)"
                    try await cluster.kubectl("wait", "--for=condition=Established", name)
                }
                try await body(cluster)
            }
        }

        /// Waits until a namespace is gone.
        static func waitForEnd(_ cluster: TestCluster) async throws {
            try await eventually("the namespace's end", within: .seconds(90)) {
                try await cluster.kubectl("get", "namespace", cluster.namespace, "--ignore-not-found").isEmpty
            }
        }

        @Test(arguments: [true, false])
        func `a namespace full of it goes, whether its deletion begins before the operator or after`(isBefore: Bool)
            async throws
        {
            try await Self.with { cluster in
                try await Self.fill(cluster, 5)
                let delete = ["delete", "namespace", cluster.namespace, "--wait=false"]
                if isBefore { try await cluster.kubectl(delete[0], delete[1], delete[2], delete[3]) }
                try await SwellProcess.with {
                    if !isBefore {
                        try await eventually("a ScaledJob that is told off", within: .seconds(60)) {
                            try await cluster.client.get(ScaledJob.self, cluster.key("job-4")).status?[.ready]?.reason
                                == "NotSupported"
                        }
                        try await eventually("its one Event", within: .seconds(30)) {
                            try await cluster.events("ScaledJobCheckFailed", about: "job-4").count == 1
                        }
                        try await cluster.kubectl(delete[0], delete[1], delete[2], delete[3])
                    }
                    try await Self.waitForEnd(cluster)
                    try await cluster.kubectl("delete", Self.eventing[1].plural, "a")
                    for kind in Self.eventing {
                        try await cluster.kubectl("delete", "crd", "\(kind.plural).\(kind.groupVersion.group)")
                    }
                    let log = try #require(SwellProcess.current).wholeLog
                    if isBefore { return }
                    #expect(log.components(separatedBy: "ScaledJobs are not supported yet").count == 2)
                }
                // For the end of the test, which deletes it.
                try await cluster.kubectl("create", "namespace", cluster.namespace)
            }
        }
    }
}
