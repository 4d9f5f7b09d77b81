import KubeClient
import KubeModel
import Operator
import Scaling
import TestKit
import Testing

@Suite struct OtherKindsFlowTests {
    static let key = ObjectKey(namespace: "default", name: "a")
    static let finalizer = "finalizer.keda.sh"

    /// The spec of a ScaledObject or ScaledJob with one trigger for each reference.
    func spec(_ references: [(kind: String?, name: String)]) -> JSONValue {
        let triggers = references.map { kind, name -> JSONValue in
            var reference: JSONValue = ["name": .string(name)]
            if let kind { reference["kind"] = .string(kind) }
            return ["type": "none", "metadata": [:], "authenticationRef": reference]
        }
        return ["spec": ["scaleTargetRef": ["name": "web"], "triggers": .array(triggers)]]
    }

    /// Waits for the users that an authentication has written down.
    func waitForUsers(
        _ world: WholeOperator,
        _ expected: AuthenticationStatus,
        of type: ResourceType = TriggerAuthentication.resourceType
    ) async throws {
        let key = ObjectKey(namespace: type.isNamespaced ? "default" : "", name: "a")
        try await eventually("the users \(expected) of \(type.kind)") {
            try await world.client.get(TriggerAuthentication.self, key, as: type).status ?? .init() == expected
        }
    }

    @Test func `every ScaledJob says that it is not run, once`() async throws {
        let world = try await WholeOperator()
        let ready: JSONValue = ["conditions": [["type": "Ready", "status": "True"]], "triggersTypes": "kafka"]
        try await world.create(ScaledJob.resourceType, "a", ["spec": ["triggers": []], "status": ready])
        try await world.running {
            try await eventually("the condition") {
                try await world.client.get(ScaledJob.self, Self.key).status?[.ready]?.reason == "NotSupported"
            }
            try await eventually("the Event") {
                try await world.reasons(about: "a") == ["ScaledJobCheckFailed"]
            }
        }
        let first = try await world.client.get(ScaledJob.self, Self.key)
        #expect(first.status?.triggersTypes == "kafka")
        try await world.running {
            // When the second one has been looked at, so has the first, which was listed before.
            try await world.create(ScaledJob.resourceType, "b", ["spec": ["triggers": []]])
            try await eventually("the second Event") { try await world.reasons(about: "b").count == 1 }
        }
        #expect(try await world.client.get(ScaledJob.self, Self.key) == first)
        #expect(try await world.reasons(about: "a").count == 1)
    }

    @Test(arguments: [
        ScaledJob.resourceType, TriggerAuthentication.resourceType, ClusterTriggerAuthentication.resourceType,
        CloudEventSource.resourceType, ClusterCloudEventSource.resourceType,
    ])
    func `what KEDA held is let go, whether it is deleted before the start or after`(kind: ResourceType) async throws {
        let eventing = [CloudEventSource.resourceType, ClusterCloudEventSource.resourceType]
        let world = try await WholeOperator(serving: WholeOperator.ours + eventing)
        for name in ["before", "after", "theirs"] {
            let theirs = name == "theirs" ? ["example.com/theirs"] : []
            try await world.create(kind, name, finalizers: [Self.finalizer] + theirs, ["spec": ["triggers": []]])
        }
        let place = kind.isNamespaced ? "default" : ""
        try await world.client.delete(kind, ObjectKey(namespace: place, name: "before"))
        try await world.running {
            try await eventually("the first one's end") { try await !world.has(kind, "before") }
            #expect(try await world.has(kind, "after"))
            try await world.client.delete(kind, ObjectKey(namespace: place, name: "after"))
            try await eventually("the second one's end") { try await !world.has(kind, "after") }
            try await world.client.delete(kind, ObjectKey(namespace: place, name: "theirs"))
            try await eventually("somebody else's finalizer alone") {
                let left = try await world.client.get(
                    CloudEventSource.self,
                    ObjectKey(namespace: place, name: "theirs"),
                    as: kind
                )
                return left.metadata.finalizers == ["example.com/theirs"]
            }
        }
    }

    @Test func `a namespace full of what KEDA leaves can be deleted`() async throws {
        let world = try await WholeOperator(serving: WholeOperator.ours + [CloudEventSource.resourceType])
        try await world.create(WholeOperator.namespaces, "old")
        let kinds = [
            ScaledObject.resourceType, ScaledJob.resourceType, TriggerAuthentication.resourceType,
            CloudEventSource.resourceType,
        ]
        for kind in kinds {
            try await world.create(kind, "a", in: "old", finalizers: [Self.finalizer], spec([(nil, "a")]))
        }
        try await world.running {
            try await world.client.delete(WholeOperator.namespaces, ObjectKey(namespace: "", name: "old"))
            try await eventually("the namespace's end") { try await !world.has(WholeOperator.namespaces, "old") }
        }
    }

    @Test func `an authentication names those who use it, and nobody who did`() async throws {
        let world = try await WholeOperator()
        let cluster = ClusterTriggerAuthentication.resourceType
        for kind in [TriggerAuthentication.resourceType, cluster] { try await world.create(kind, "a", ["spec": [:]]) }
        try await world.running {
            try await world.create(ScaledObject.resourceType, "web", spec([(nil, "a"), (cluster.kind, "a")]))
            try await world.create(ScaledObject.resourceType, "api", spec([("TriggerAuthentication", "a")]))
            try await world.create(ScaledJob.resourceType, "batch", spec([(nil, "a")]))
            try await waitForUsers(world, .init(scaledobjects: "api,web", scaledjobs: "batch"))
            try await waitForUsers(world, .init(scaledobjects: "web"), of: cluster)
            let other: JSONValue = [["type": "none", "metadata": [:], "authenticationRef": ["name": "other"]]]
            let web = ObjectKey(namespace: "default", name: "web")
            _ = try await world.client.patch(ScaledObject.self, web, with: ["spec": ["triggers": other]])
            try await world.client.delete(ScaledJob.resourceType, ObjectKey(namespace: "default", name: "batch"))
            try await waitForUsers(world, .init(scaledobjects: "api"))
            try await waitForUsers(world, .init(), of: cluster)
        }
        #expect(try await world.client.get(TriggerAuthentication.self, Self.key).metadata.finalizers ?? [] == [])
    }

    @Test(arguments: [TriggerAuthentication.resourceType, ClusterTriggerAuthentication.resourceType])
    func `people are told that an authentication comes, changes and goes`(kind: ResourceType) async throws {
        let world = try await WholeOperator()
        let key = ObjectKey(namespace: kind.isNamespaced ? "default" : "", name: "a")
        try await world.running {
            try await world.create(kind, "a", ["spec": [:]])
            try await eventually("its coming") { try await world.reasons(about: "a") == ["\(kind.kind)Added"] }
            _ = try await world.client.send(.patch(kind, key, with: ["spec": ["filePath": "x"]]))
            try await eventually("its change") {
                try await world.reasons(about: "a").sorted() == ["\(kind.kind)Added", "\(kind.kind)Updated"]
            }
            try await world.client.delete(kind, key)
            try await eventually("its end") {
                try await world.reasons(about: "a").sorted()
                    == ["\(kind.kind)Added", "\(kind.kind)Deleted", "\(kind.kind)Updated"]
            }
        }
    }
}
