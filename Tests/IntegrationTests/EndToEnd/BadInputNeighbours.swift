import Foundation
import KubeClient
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// What is wrong with an object is told, changes nothing, disturbs nobody, and is over once it is mended.
    @Suite(.serialized, .swellOperator, .timeLimit(.minutes(10))) struct BadInput {}
}

/// A ScaledObject with something wrong in it.
struct BadObject: Sendable {
    /// Its name, and its Deployment's.
    let name: String
    /// What its Ready condition and one Event must say.
    let cause: String
    /// Its triggers.
    let triggers: JSONValue
    /// What else stands in its spec.
    var spec: JSONValue = [:]

    /// Something wrong with the triggers, or with what `spec` adds to them.
    init(_ name: String, saying cause: String, spec: JSONValue = [:], _ triggers: JSONValue...) {
        self.name = name
        self.cause = cause
        self.spec = spec
        self.triggers = .array(triggers)
    }
}

/// Bad objects and a healthy one in one namespace.
///
/// Each has a Deployment of its own with 2 pods and a cooldown of a second: an operator that took a source it cannot
/// read for one that is not active would let them go to 0 at once.
struct Neighbours: Sendable {
    /// Where they live.
    let cluster: TestCluster
    /// The bad ones.
    let bad: [BadObject]
    /// Texts that nobody may see.
    let secrets: [String]

    /// Something that has not come yet, for the message of a test that waits in vain.
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// Neighbours in the namespace of a test; nothing is made yet.
    init(in cluster: TestCluster, _ bad: [BadObject], hiding secrets: [String] = []) {
        self.cluster = cluster
        self.bad = bad
        self.secrets = secrets
    }

    /// A trigger that wants so many pods at any time: its window closes on a 29th of February only.
    static func always(_ pods: Int) -> JSONValue {
        [
            "type": "cron",
            "metadata": [
                "timezone": "UTC", "start": "* * * * *", "end": "0 0 29 2 *", "desiredReplicas": .string("\(pods)"),
            ],
        ]
    }

    /// Makes a ScaledObject for the Deployment of its name; `spec` wins over what it would have otherwise.
    static func create(_ name: String, _ triggers: JSONValue, spec: JSONValue = [:], in cluster: TestCluster)
        async throws
    {
        var whole: JSONValue = ["scaleTargetRef": ["name": .string(name)], "pollingInterval": 1, "cooldownPeriod": 1]
        whole["triggers"] = triggers
        for (key, value) in spec.object ?? [:] { whole[key] = value }
        let object: JSONValue = [
            "apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": ["name": .string(name)],
            "spec": whole,
        ]
        _ = try await cluster.client.send(.create(object, as: ScaledObject.resourceType, in: cluster.namespace))
    }

    /// Makes a Deployment; no kubelet runs its pods.
    static func deploy(
        _ name: String,
        replicas: Int64,
        container: JSONValue = plain,
        in cluster: TestCluster
    ) async throws {
        let labels: JSONValue = ["app": .string(name)]
        let object: JSONValue = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
            "spec": [
                "replicas": .integer(replicas), "selector": ["matchLabels": labels],
                "template": ["metadata": ["labels": labels], "spec": ["containers": [container]]],
            ],
        ]
        _ = try await cluster.client.send(.create(object, as: TestCluster.deployments, in: cluster.namespace))
    }

    /// A container without an environment.
    static let plain: JSONValue = ["name": "main", "image": "none"]

    /// Makes them all, the healthy one at rest; those named `homeless` get no Deployment.
    /// - Throws: what did not come true.
    func moveIn(container: JSONValue = plain, homeless: Set<String> = []) async throws {
        try await Self.deploy("healthy", replicas: 0, in: cluster)
        try await Self.create("healthy", [Self.always(3)], in: cluster)
        for object in bad {
            if !homeless.contains(object.name) {
                try await Self.deploy(object.name, replicas: 2, container: container, in: cluster)
            }
            try await Self.create(object.name, object.triggers, spec: object.spec, in: cluster)
        }
    }

    /// Checks that each trouble is told in the Ready condition and in one Event, and that no secret is.
    func areTold() async throws {
        try await reach("every trouble in its Ready condition") { objects in
            bad.compactMap { bad in
                let ready = objects[bad.name]?.status?[.ready]
                guard ready?.status == .no, ready?.message?.contains(bad.cause) == true else {
                    return "\(bad.name): \(ready?.message ?? "no message") instead of \(bad.cause)"
                }
                return nil
            }
        }
        try await reach("every trouble in an Event") { _ in
            let events = try await events()
            return bad.compactMap { bad in
                let told = events.filter { $0.regarding?.name == bad.name && $0.note?.contains(bad.cause) == true }
                guard told.count == 1, told.allSatisfy({ $0.type == "Warning" }) else {
                    return "\(bad.name): \(told.count) events"
                }
                return nil
            }
        }
        try await hideSecrets()
    }

    /// Checks that no replicas change and that the healthy one is scaled meanwhile.
    func disturbNobody() async throws {
        try await reachReplicas(3, of: ["healthy"])
        let triggers: JSONValue = ["spec": ["triggers": [Self.always(4)]]]
        _ = try await cluster.client.patch(ScaledObject.self, cluster.key("healthy"), with: triggers)
        try await reachReplicas(4, of: ["healthy"])
        let replicas = try await replicas()
        for bad in bad {
            if let count = replicas[bad.name] { #expect(count == 2, "the replicas of \(bad.name) were changed") }
        }
    }

    /// Waits until the bad ones, or those of the names given, are ready and have the pods that their sources want.
    /// - Throws: what did not come true.
    func recover(_ names: [String]? = nil, to pods: Int = 3) async throws {
        let names = names ?? bad.map(\.name)
        try await reach("recovery") { objects in
            names.compactMap { name in
                let ready = objects[name]?.status?[.ready]
                return ready?.status == .yes ? nil : "\(name): \(ready?.message ?? "no message")"
            }
        }
        try await reachReplicas(pods, of: names)
        try await hideSecrets()
    }

    /// Waits until Deployments want so many pods.
    func reachReplicas(_ count: Int, of names: [String]) async throws {
        try await reach("\(count) pods") { _ in
            let replicas = try await replicas()
            return names.filter { replicas[$0] != count }.map { "\($0): \(replicas[$0] ?? 0) pods" }
        }
    }

    /// Waits until nothing is missing; what is, is told if it never comes.
    func reach(
        _ what: String,
        within limit: Duration = .seconds(60),
        _ missing: ([String: ScaledObject]) async throws -> [String]
    ) async throws {
        try await eventually(what, within: limit) {
            let objects = try await cluster.client.list(ScaledObject.self, .init(namespace: cluster.namespace)).items
            let missing = try await missing(Dictionary(objects.map { ($0.metadata.name, $0) }) { $1 })
            guard missing.isEmpty else {
                // All of a namespace is read each time, which the servers should not be kept busy with.
                try await Task.sleep(for: .milliseconds(100))
                throw Missing(description: missing.joined(separator: "\n"))
            }
            return true
        }
    }

    /// Looks for secrets wherever people may read of the objects.
    private func hideSecrets() async throws {
        let objects = try await cluster.client.list(ScaledObject.self, .init(namespace: cluster.namespace)).items
        let swell = try #require(SwellProcess.current)
        let places = [
            ("a status", try objects.map { String(decoding: try KubeJSON.encode($0.status), as: UTF8.self) }.joined()),
            ("an event", try await cluster.kubectl("get", "events", "-n", cluster.namespace, "-o", "json")),
            ("an HPA", try await cluster.kubectl("get", "hpa", "-n", cluster.namespace, "-o", "json")),
            ("the log", try swell.wholeLog),
        ]
        for (place, text) in places {
            for secret in secrets { #expect(!text.contains(secret), "a secret stands in \(place)") }
        }
    }

    /// All Events of the namespace about ScaledObjects.
    private func events() async throws -> [EventObject] {
        try await cluster.client
            .answer(
                to: .list(EventObject.resourceType, in: cluster.namespace),
                as: KubeList<EventObject>.self
            )
            .items.filter { $0.regarding?.kind == "ScaledObject" }
    }

    /// What each Deployment wants.
    private func replicas() async throws -> [String: Int] {
        let list = try await cluster.client.answer(
            to: .list(TestCluster.deployments, in: cluster.namespace),
            as: KubeList<JSONValue>.self
        )
        return Dictionary(
            list.items.map { ($0["metadata"]?["name"]?.string ?? "", Int($0["spec"]?["replicas"]?.integer ?? 0)) }
        ) { $1 }
    }
}
