import Foundation
import KubeClient
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// Whose the HPA is: taken over, renamed, repaired, and left alone where nothing is to be done.
    @Suite(.serialized, .swellOperator, .timeLimit(.minutes(10))) struct Adoption {
        /// A spec that names its HPA.
        static func spec(hpa: String) -> JSONValue {
            ["advanced": ["horizontalPodAutoscalerConfig": ["name": .string(hpa)]]]
        }

        /// An HPA such as a user has made by hand.
        static let mine = """
            {"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler",
             "metadata":{"name":"mine","labels":{"team":"a"},"annotations":{"note":"by hand"}},
             "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},
               "minReplicas":1,"maxReplicas":2,"targetCPUUtilizationPercentage":50}}
            """

        @Test(arguments: [true, false])
        func `an HPA of the configured name is taken over`(isAllowed: Bool) async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    source.set(25, of: "web")
                    try await cluster.apply(Self.mine)
                    let before = try #require(try await cluster.autoscaler("mine"))
                    // Only a webhook looks at the annotation.
                    let annotations: JSONValue =
                        isAllowed ? ["scaledobject.keda.sh/transfer-hpa-ownership": "true"] : [:]
                    try await cluster.scaled(
                        "web",
                        by: [source.trigger("web")],
                        spec: Self.spec(hpa: "mine"),
                        annotations: annotations
                    )
                    try await cluster.reach(3, "web")
                    let after = try #require(try await cluster.autoscaler("mine"))
                    let object = try await cluster.object("web")
                    #expect(after.metadata.uid == before.metadata.uid)
                    #expect(after.metadata.ownerReferences?.first?.uid == object.metadata.uid)
                    #expect(after.metadata.ownerReferences?.map(\.controller) == [true])
                    #expect(after.spec.metrics?.map(\.external?.metric.name) == ["s0-prometheus"])
                    #expect(after.spec.maxReplicas == 100)
                    #expect(after.metadata.labels?["team"] == "a")
                    #expect(after.metadata.labels?["scaledobject.keda.sh/name"] == "web")
                    #expect(object.status?.hpaName == "mine")
                    #expect(try await cluster.autoscaler("keda-hpa-web") == nil)
                }
            }
        }

        @Test func `a renamed HPA is made anew and the old one goes`() async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    source.set(25, of: "web")
                    try await cluster.scaled("web", by: [source.trigger("web")])
                    try await cluster.reach(3, "web")
                    for (name, former) in [("one", "keda-hpa-web"), ("two", "one")] {
                        try await cluster.respec("web", Self.spec(hpa: name))
                        try await eventually("\(name) instead of \(former)", within: .seconds(30)) {
                            let old = try await cluster.autoscaler(former)
                            let status = try await cluster.object("web").status
                            let owners = try await cluster.autoscaler(name)?.metadata.ownerReferences
                            return old == nil && owners?.count == 1 && status?.hpaName == name
                        }
                    }
                    source.set(45, of: "web")
                    try await cluster.reach(5, "web")
                }
            }
        }

        /// What somebody may do to an HPA.
        static let changes: [JSONValue] = [
            ["spec": ["maxReplicas": 50]], ["spec": ["minReplicas": 2]],
            [
                "spec": [
                    "metrics": [
                        [
                            "type": "Resource",
                            "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 50]],
                        ]
                    ]
                ]
            ],
            ["spec": ["behavior": ["scaleDown": ["selectPolicy": "Disabled"]]]],
            ["metadata": ["labels": ["scaledobject.keda.sh/name": .null]]],
            ["metadata": ["labels": ["app.kubernetes.io/managed-by": "somebody"]]],
            ["metadata": ["annotations": ["note": "another"]]],
            ["metadata": ["ownerReferences": .null]],
        ]

        /// What of an HPA is ours.
        struct Ours: Equatable {
            /// All of it.
            var spec: HPASpec
            /// Ours and others'.
            var labels: [String: String]?
            /// Ours and others'.
            var annotations: [String: String]?
            /// By their `uid`.
            var owners: [String]

            /// Looks at an HPA.
            init(_ hpa: HorizontalPodAutoscaler) {
                self.spec = hpa.spec
                self.spec.behavior = nil
                self.labels = hpa.metadata.labels
                self.annotations = hpa.metadata.annotations?.filter { !$0.key.hasPrefix("autoscaling.alpha") }
                self.owners = hpa.metadata.ownerReferences?.map(\.uid) ?? []
            }
        }

        @Test func `what somebody changes is repaired, and what somebody adds stays`() async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    source.set(25, of: "web")
                    try await cluster.scaled("web", by: [source.trigger("web")], annotations: ["note": "ours"])
                    try await cluster.reach(3, "web")
                    let added: JSONValue = ["labels": ["foreign": "yes"], "annotations": ["foreign": "yes"]]
                    try await cluster.tamper(with: "keda-hpa-web", ["metadata": added])
                    let wanted = Ours(try await cluster.hpa("web"))
                    #expect(wanted.labels?["foreign"] == "yes" && wanted.annotations?["note"] == "ours")
                    for change in Self.changes {
                        try await cluster.tamper(with: "keda-hpa-web", change)
                        try await eventually("repair after \(change)", within: .seconds(30)) {
                            let hpa = try await cluster.hpa("web")
                            return Ours(hpa) == wanted && hpa.spec.behavior?.scaleDown?.selectPolicy != "Disabled"
                        }
                    }
                    let former = try await cluster.hpa("web").metadata.uid
                    try await cluster.kubectl("delete", "hpa", "keda-hpa-web", "-n", cluster.namespace)
                    try await eventually("a new HPA", within: .seconds(30)) {
                        let hpa = try await cluster.hpa("web")
                        return hpa.metadata.uid != former && hpa.spec == wanted.spec
                    }
                    #expect(try await cluster.replicas("web") == 3)
                }
            }
        }

        @Test func `an object that nobody changes is never written, nor is its HPA`() async throws {
            let behavior: JSONValue = ["scaleDown": ["stabilizationWindowSeconds": 5]]
            let specs: [String: JSONValue] = [
                "plain": [:],
                "partial": [
                    "advanced": ["horizontalPodAutoscalerConfig": ["behavior": behavior]], "minReplicaCount": 1,
                ],
                "composite": ["advanced": ["scalingModifiers": ["formula": "n * 1.5", "target": "2.2"]]],
                "resting": ["idleReplicaCount": 0, "minReplicaCount": 1],
            ]
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    for (name, spec) in specs {
                        source.set(name == "resting" ? 0 : 25, of: name)
                        try await cluster.scaled(
                            name,
                            by: [source.trigger(name, name: "n", metadata: ["threshold": "10.25"])],
                            spec: spec,
                            annotations: ["note": "1", "empty": ""],
                            labels: ["team": "a"]
                        )
                    }
                    for (name, pods) in [("plain", 3), ("partial", 3), ("composite", 18), ("resting", 0)] {
                        try await cluster.reach(pods, name)
                        try await cluster.reach(.ready, .yes, of: name)
                    }
                    /// The versions of an object and of its HPA.
                    @Sendable func versions() async throws -> [String: String?] {
                        var versions: [String: String?] = [:]
                        for name in specs.keys {
                            versions["so/\(name)"] = try await cluster.object(name).metadata.resourceVersion
                            versions["hpa/\(name)"] = try await cluster.hpa(name).metadata.resourceVersion
                        }
                        return versions
                    }
                    // The HPA controller still writes its status for a while.
                    try await eventually("five polls without a write", within: .seconds(120)) {
                        let before = try await versions()
                        try await source.wait(for: 5, of: "resting")
                        try await source.wait(for: 5, of: "plain")
                        return try await versions() == before
                    }
                }
            }
        }
    }
}
