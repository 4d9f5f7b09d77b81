import Foundation
import KubeClient
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// The direct engine looks at cpu and memory, beside the real HPA controller that looks at the same.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct DirectEnginePods {
        /// Moves at once, in both directions and with either engine.
        static let behavior: JSONValue = [
            "scaleUp": ["policies": [["type": "Pods", "value": 100, "periodSeconds": 1]]],
            "scaleDown": [
                "stabilizationWindowSeconds": 0, "policies": [["type": "Percent", "value": 100, "periodSeconds": 1]],
            ],
        ]

        /// Runs the operator beside a server that measures pods, in a cluster that knows targets without pods of their own.
        static func with(
            _ test: @escaping @Sendable (TestCluster, PodMetricsServer) async throws -> Void
        ) async throws {
            try await TestCluster.with { cluster in
                try await AgreementTarget.define(in: cluster)
                do {
                    try await PodMetricsServer.with(cluster) { pods in
                        try await SwellProcess.with { try await test(cluster, pods) }
                    }
                } catch {
                    try await AgreementTarget.remove(from: cluster)
                    throw error
                }
                try await AgreementTarget.remove(from: cluster)
            }
        }

        /// Creates four pods that have been ready for an hour; the side-car asks for nothing.
        static func run(_ app: String, sidecar: Bool = false, in cluster: TestCluster) async throws {
            let before = JSONValue.string(RFC3339.seconds(Date(timeIntervalSinceNow: -3600)))
            var containers: [JSONValue] = [
                ["name": "main", "image": "none", "resources": ["requests": ["cpu": "200m", "memory": "100Mi"]]]
            ]
            if sidecar { containers.append(["name": "side", "image": "none"]) }
            for name in (0..<4).map({ "\(app)-\($0)" }) {
                let pod: JSONValue = [
                    "apiVersion": "v1", "kind": "Pod",
                    "metadata": ["name": .string(name), "labels": ["app": .string(app)]],
                    "spec": ["containers": .array(containers)],
                ]
                let status: JSONValue = [
                    "phase": "Running", "startTime": before,
                    "conditions": [["type": "Ready", "status": "True", "lastTransitionTime": before]],
                ]
                _ = try await cluster.client.send(.create(pod, as: Pod.resourceType, in: cluster.namespace))
                _ = try await cluster.client.patch(
                    Pod.self,
                    cluster.key(name),
                    subresource: "status",
                    with: ["status": status]
                )
            }
        }

        /// Creates a target that has the pods of an app, and an object that scales it from 4 on.
        static func scale(
            _ name: String,
            of app: String,
            by trigger: JSONValue,
            engine: ScalingEngine,
            in cluster: TestCluster
        ) async throws {
            let target: JSONValue = [
                "apiVersion": .string(AgreementTarget.version.description), "kind": "Crew",
                "metadata": ["name": .string(name)], "spec": ["replicas": 4],
                "status": ["replicas": 4, "selector": .string("app=\(app)")],
            ]
            _ = try await cluster.client.send(.create(target, as: AgreementTarget.type, in: cluster.namespace))
            let reference: JSONValue = [
                "apiVersion": .string(AgreementTarget.version.description), "kind": "Crew", "name": .string(name),
            ]
            let object: JSONValue = [
                "apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject",
                "metadata": [
                    "name": .string(name), "annotations": [ScalingEngine.annotation: .string(engine.rawValue)],
                ],
                "spec": [
                    "scaleTargetRef": reference, "pollingInterval": 1, "minReplicaCount": 1, "maxReplicaCount": 20,
                    "advanced": ["horizontalPodAutoscalerConfig": ["behavior": behavior]], "triggers": [trigger],
                ],
            ]
            _ = try await cluster.client.send(.create(object, as: ScaledObject.resourceType, in: cluster.namespace))
        }

        /// A trigger on what pods use.
        static func trigger(_ type: String, _ metric: String, _ value: String, of container: String? = nil) -> JSONValue
        {
            var metadata: JSONValue = ["value": .string(value)]
            if let container { metadata["containerName"] = .string(container) }
            return ["type": .string(type), "metricType": .string(metric), "metadata": metadata]
        }

        /// The replicas that a target wants.
        static func replicas(_ name: String, in cluster: TestCluster) async throws -> Int {
            try await cluster.client.scale(of: AgreementTarget.type, cluster.key(name)).replicas
        }

        /// Cpu of each of the four pods in thousandths, `nil` for one that is not measured, and what both engines want.
        static let steps: [(cpu: [Int?], wanted: Int)] = [
            // 90 % of 50 %, then with an idle fourth pod 67 %: 1.34 × 4.
            ([180, 180, 180, nil], 6),
            ([180, 180, 180, 180], 8),
            // 10 %, then with a fourth pod at its request 32 %: 0.64 × 4.
            ([20, 20, 20, nil], 3),
            ([20, 20, 20, 20], 1), ([200, 200, 200, 200], 8),
        ]

        /// Says what the four pods of each app use.
        static func measure(_ cpu: [Int?], of apps: [String], _ pods: PodMetricsServer) {
            var usage: [String: PodMetricsServer.Usage] = [:]
            for app in apps {
                for (index, value) in cpu.enumerated() {
                    if let value { usage["\(app)-\(index)"] = ["main": ["cpu": "\(value)m", "memory": "1Mi"]] }
                }
            }
            pods.set(usage)
        }

        @Test func `both engines want the same of the same pods, and nothing goes while they are not measured`()
            async throws
        {
            try await Self.with { cluster, pods in
                let cpu = Self.trigger("cpu", "Utilization", "50")
                Self.measure([100, 100, 100, 100], of: ["own", "hpa"], pods)
                for (app, engine) in [("own", ScalingEngine.direct), ("hpa", .hpa)] {
                    try await Self.run(app, in: cluster)
                    try await Self.scale(app, of: app, by: cpu, engine: engine, in: cluster)
                }
                for (step, wanted) in Self.steps {
                    Self.measure(step, of: ["own", "hpa"], pods)
                    try await eventually("\(wanted) pods for \(step)", within: .seconds(60)) {
                        let own = try await Self.replicas("own", in: cluster)
                        let hpa = try await cluster.hpa("hpa").status?.desiredReplicas
                        return own == wanted && hpa == wanted
                    }
                }
                let text = try await Explain.explain("own", in: cluster.namespace)
                #expect(text.contains("50 % of requests  2 "), "\(text)")

                pods.set(nil)
                try await cluster.reach(.ready, .unknown, "PartialTriggerError", of: "own")
                try await cluster.reach(.hpaActive, .no, "FailedGetResourceMetric", of: "hpa")
                for app in ["own", "hpa"] { try await pods.wait(for: 3, of: "app=\(app)") }
                #expect(try await Self.replicas("own", in: cluster) == 8)
                #expect(try await Self.replicas("hpa", in: cluster) == 8)
                let message = try #require(try await cluster.condition(.ready, of: "own")?.message)
                #expect(message.hasPrefix("trigger 0 (cpu): ") && message.contains("metrics are out for a while"))
                #expect(try await cluster.condition(.active, of: "own")?.status == .yes)

                Self.measure([20, 20, 20, 20], of: ["own", "hpa"], pods)
                try await eventually("one pod", within: .seconds(60)) {
                    let own = try await Self.replicas("own", in: cluster)
                    let hpa = try await Self.replicas("hpa", in: cluster)
                    return own == 1 && hpa == 1
                }
                try await cluster.reach(.ready, .yes, of: "own")
            }
        }

        @Test func `averages, memory and one container of several`() async throws {
            try await Self.with { cluster, pods in
                try await Self.run("web", sidecar: true, in: cluster)
                let usage = ["main": ["cpu": "180m", "memory": "30Mi"], "side": ["cpu": "1", "memory": "70Mi"]]
                pods.set(Dictionary(uniqueKeysWithValues: (0..<4).map { ("web-\($0)", usage) }))
                for (name, trigger, _) in Self.kinds {
                    try await Self.scale(name, of: "web", by: trigger, engine: .direct, in: cluster)
                }
                for (name, _, wanted) in Self.kinds {
                    try await eventually("\(wanted ?? 4) pods of \(name)", within: .seconds(60)) {
                        let ready: ScaledObjectStatus.Condition.Truth = wanted == nil ? .unknown : .yes
                        let replicas = try await Self.replicas(name, in: cluster)
                        let condition = try await cluster.condition(.ready, of: name)
                        return replicas == wanted ?? 4 && condition?.status == ready
                    }
                }
                let message = try await cluster.condition(.ready, of: "bare")?.message
                #expect(message?.contains("container side of pod web-0 requests no cpu") == true, "\(message ?? "")")
                let hpas = try await cluster.kubectl("get", "hpa", "-n", cluster.namespace, "-o", "name")
                #expect(hpas.isEmpty, "\(hpas)")
            }
        }

        /// Objects by name with their triggers, and what they want; `nil` where it cannot be told.
        static let kinds: [(name: String, trigger: JSONValue, wanted: Int?)] = [
            ("container", trigger("cpu", "Utilization", "50", of: "main"), 8),
            ("average", trigger("cpu", "AverageValue", "590m"), 8),
            ("memory", trigger("memory", "AverageValue", "80Mi"), 5),
            ("part", trigger("memory", "Utilization", "10", of: "main"), 12),
            ("bare", trigger("cpu", "Utilization", "50"), nil),
        ]
    }
}
