import Foundation
import KubeClient
import KubeModel
import Outbound

/// Objects of one namespace, made and looked at as fast as the API server goes.
struct Fleet: Sendable {
    /// Requests at once.
    private static let writers = 32
    /// Where ScaledObjects are served.
    private static let scaledObjects = ResourceType(
        GroupVersion("keda.sh", "v1alpha1"),
        kind: "ScaledObject",
        plural: "scaledobjects"
    )
    /// Where Deployments are served.
    private static let deployments = ResourceType(GroupVersion("apps", "v1"), kind: "Deployment", plural: "deployments")

    /// The API server.
    let servers: Servers
    /// Where the objects are.
    let namespace: String
    /// Seconds between two polls of an object.
    var interval: Int64 = 5

    /// A ScaledObject, as far as it says whether it is ready.
    private struct Shown: KubeResource {
        /// Where it is served.
        static var resourceType: ResourceType { Fleet.scaledObjects }
        /// Its name.
        var metadata: ObjectMeta
        /// What the operator says of it.
        var status: Status?

        /// What the operator says of an object.
        struct Status: Codable, Sendable {
            /// The HPA.
            var hpaName: String?
            /// Ready among them.
            var conditions: [Condition]?
        }

        /// One thing that is or is not so.
        struct Condition: Codable, Sendable {
            /// What.
            var type: String
            /// Whether.
            var status: String
        }

        /// Whether it is ready and has an HPA.
        var isReady: Bool {
            status?.hpaName != nil && status?.conditions?.contains { $0.type == "Ready" && $0.status == "True" } == true
        }
    }

    /// A Deployment, as far as it says how many pods it wants.
    private struct Target: KubeResource {
        /// Where it is served.
        static var resourceType: ResourceType { Fleet.deployments }
        /// Its name.
        var metadata: ObjectMeta
        /// What is wanted.
        var spec: Spec

        /// What is wanted of a Deployment.
        struct Spec: Codable, Sendable {
            /// Pods.
            var replicas: Int?
        }
    }

    /// Makes the namespace, and Deployments without pods; waits until their controller has done with them.
    func makeTargets(_ count: Int) async throws {
        try await servers.kubectl("create", "namespace", namespace)
        try await each(count) { client, key in
            let labels: JSONValue = ["app": .string(key.name)]
            let containers: JSONValue = [["name": "main", "image": "none"]]
            let deployment: JSONValue = [
                "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(key.name)],
                "spec": [
                    "replicas": 0, "selector": ["matchLabels": labels],
                    "template": ["metadata": ["labels": labels], "spec": ["containers": containers]],
                ],
            ]
            _ = try await client.send(.create(deployment, as: Self.deployments, in: key.namespace))
        }
        try await time(until: "Deployments that their controller has done with", within: .seconds(300)) {
            let mark = try AuditLog.length()
            try await Task.sleep(for: .seconds(3))
            return try AuditLog.writesOfAll(since: mark) == 0
        }
    }

    /// Makes a ScaledObject for each Deployment.
    func make(_ count: Int, of source: WebAddress, asking query: @escaping @Sendable (Int) -> String) async throws {
        try await each(count) { [interval] client, key in
            let number = Int(key.name.dropFirst()) ?? 0
            let trigger: JSONValue = [
                "type": "prometheus",
                "metadata": [
                    "serverAddress": .string(source.description), "query": .string(query(number)),
                    "threshold": "10",
                ],
            ]
            let object: JSONValue = [
                "apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": ["name": .string(key.name)],
                "spec": [
                    "scaleTargetRef": ["name": .string(key.name)], "pollingInterval": .integer(interval),
                    "maxReplicaCount": 10, "triggers": [trigger],
                ],
            ]
            _ = try await client.send(.create(object, as: Self.scaledObjects, in: key.namespace))
        }
    }

    /// Waits until all are ready.
    ///
    /// - Parameters:
    ///   - count: how many there are.
    ///   - pause: between two looks, which list them all.
    /// - Throws: ``BenchmarkError`` when it takes minutes.
    func ready(_ count: Int, every pause: Duration = .milliseconds(100)) async throws {
        let selection = Selection(namespace: namespace)
        try await time(until: "objects that are ready", within: .seconds(600), every: pause) {
            let page = try await servers.client.page(Shown.self, selection, limit: nil)
            return page.items.count(where: \.isReady) == count
        }
    }

    /// Waits until every Deployment wants a pod or more.
    func awake(_ count: Int) async throws {
        try await time(until: "workloads that are awake", every: .milliseconds(100)) {
            let selection = Selection(namespace: namespace)
            let page = try await servers.client.page(Target.self, selection, limit: nil)
            return page.items.count { ($0.spec.replicas ?? 0) > 0 } == count
        }
    }

    /// Sets every Deployment's replicas through `/scale`.
    ///
    /// - Returns: how long it takes, in seconds.
    func scale(_ count: Int, to replicas: Int) async throws -> Double {
        let start = ContinuousClock.now
        try await each(count) { client, key in
            _ = try await client.setScale(of: Self.deployments, key, to: replicas)
        }
        return (ContinuousClock.now - start) / .seconds(1)
    }

    /// Waits until Events and the like are written: until ten seconds bring no write of the operator's.
    ///
    /// Of others there may be: of an active fleet Kubernetes' own controllers make thousands of pods, for minutes.
    func quiet() async throws {
        try await time(until: "quiet", within: .seconds(300)) {
            let mark = try AuditLog.length()
            try await Task.sleep(for: .seconds(10))
            return try AuditLog.writes(since: mark) == 0
        }
    }

    /// Deletes the ScaledObjects, and waits until the operator has let go of them.
    func delete(_ count: Int) async throws {
        try await each(count) { client, key in _ = try await client.send(.delete(Self.scaledObjects, key)) }
        try await time(until: "objects that are gone", every: .milliseconds(100)) {
            try await servers.client.page(Shown.self, Selection(namespace: namespace), limit: nil).items.isEmpty
        }
        try await servers.kubectl("delete", "namespace", namespace, "--wait=false")
    }

    /// Does what an operator must write for so many objects: a finalizer, an HPA, a status.
    ///
    /// All with the content that KEDA's have, too: a status of one condition costs the API server half as much.
    ///
    /// - Returns: how long it takes, and how long it takes to create the objects before that, in seconds.
    func bareWrites(of count: Int) async throws -> (seconds: Double, creation: Double) {
        try await servers.kubectl("create", "namespace", namespace)
        let creating = ContinuousClock.now
        try await make(count, of: WebAddress(host: "127.0.0.1", port: 9)) { "up\($0)" }
        let creation = (ContinuousClock.now - creating) / .seconds(1)
        let type = try await Discovery(servers.client).horizontalPodAutoscaler()
        let start = ContinuousClock.now
        try await each(count) { client, key in
            let finalizers: JSONValue = ["metadata": ["finalizers": ["finalizer.keda.sh"], "labels": ["a": "b"]]]
            _ = try await client.send(.patch(Self.scaledObjects, key, with: finalizers))
            _ = try await client.send(.create(Self.autoscaler(key.name, type), as: type, in: key.namespace))
            let status = Self.status(key.name)
            _ = try await client.send(.patch(Self.scaledObjects, key, subresource: "status", with: status))
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        try await each(count) { client, key in
            let none: JSONValue = ["metadata": ["finalizers": .null]]
            _ = try await client.send(.patch(Self.scaledObjects, key, with: none))
        }
        try await servers.kubectl("delete", "namespace", namespace, "--wait=true")
        return (seconds, creation)
    }

    /// A status such as the operator writes.
    private static func status(_ name: String) -> JSONValue {
        func condition(_ type: JSONValue, _ status: JSONValue, _ reason: JSONValue, _ message: JSONValue) -> JSONValue {
            ["type": type, "status": status, "reason": reason, "message": message]
        }
        return [
            "status": [
                "authenticationsTypes": "",
                "conditions": [
                    condition(
                        "Ready",
                        "True",
                        "ScaledObjectReady",
                        "ScaledObject is defined correctly and is ready for scaling"
                    ),
                    condition(
                        "Active",
                        "False",
                        "ScalerNotActive",
                        "Scaling is not performed because triggers are not active"
                    ),
                    condition("Fallback", "False", "NoFallbackFound", "No fallbacks are active on this scaled object"),
                    ["type": "Paused", "status": "False"],
                ],
                "externalMetricNames": ["s0-prometheus"], "hpaName": .string("keda-hpa-\(name)"),
                "originalReplicaCount": 0, "scaleTargetKind": "apps/v1.Deployment",
                "scaleTargetGVKR": [
                    "group": "apps", "kind": "Deployment", "resource": "deployments", "version": "v1",
                ],
                "triggersActivity": ["s0-prometheus": ["isActive": false]], "triggersTypes": "prometheus",
            ]
        ]
    }

    /// An HPA such as the operator makes.
    private static func autoscaler(_ name: String, _ type: ResourceType) -> JSONValue {
        let metric: JSONValue = [
            "type": "External",
            "external": [
                "metric": [
                    "name": "s0-prometheus", "selector": ["matchLabels": ["scaledobject.keda.sh/name": .string(name)]],
                ],
                "target": ["type": "AverageValue", "averageValue": "10"],
            ],
        ]
        return [
            "apiVersion": .string(type.groupVersion.description), "kind": "HorizontalPodAutoscaler",
            "metadata": ["name": .string("keda-hpa-\(name)")],
            "spec": [
                "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": .string(name)],
                "minReplicas": 1, "maxReplicas": 10, "metrics": [metric],
            ],
        ]
    }

    /// Does something for each of so many objects, some at a time.
    private func each(
        _ count: Int,
        _ work: @escaping @Sendable (KubeClient, ObjectKey) async throws -> Void
    ) async throws {
        let (client, namespace) = (servers.client, namespace)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                if number >= Self.writers { try await group.next() }
                group.addTask { try await work(client, ObjectKey(namespace: namespace, name: "o\(number)")) }
            }
            try await group.waitForAll()
        }
    }
}
