import KubeClient
import KubeModel
import LocalCluster
import Logging
import Operator
import Outbound
import Scalers
import Scaling
import ServiceLifecycle
import TestKit

/// The whole operator, with its watches and its queues, on a cluster in memory.
struct WholeOperator {
    /// Speaks to the cluster as its users do.
    let client: KubeClient
    /// The cluster; pods and HPAs do not come to life in it.
    private let cluster: LocalCluster

    static let namespaces = ResourceType(
        GroupVersion("", "v1"),
        kind: "Namespace",
        plural: "namespaces",
        isNamespaced: false
    )
    static let definitions = ResourceType(
        GroupVersion("apiextensions.k8s.io", "v1"),
        kind: "CustomResourceDefinition",
        plural: "customresourcedefinitions",
        isNamespaced: false
    )
    static let ours = [
        ScaledObject.resourceType, ScaledJob.resourceType, TriggerAuthentication.resourceType,
        ClusterTriggerAuthentication.resourceType,
    ]

    /// Makes a cluster that serves these kinds, and runs nothing yet.
    init(serving kinds: [ResourceType] = ours) async throws {
        var configuration = LocalCluster.Configuration()
        configuration.runsWorkloads = false
        cluster = LocalCluster(configuration, time: .system)
        var settings = KubeClient.Settings()
        (settings.requestsPerSecond, settings.burst) = (1e6, 1e6)
        client = KubeClient(
            KubeConfiguration(server: LocalCluster.address),
            over: cluster.transport,
            settings: settings
        )
        for kind in kinds { try await serve(kind) }
    }

    /// Installs the CRD of a kind, without a schema.
    func serve(_ kind: ResourceType) async throws {
        let names: JSONValue = ["plural": .string(kind.plural), "kind": .string(kind.kind)]
        let version: JSONValue = [
            "name": .string(kind.groupVersion.version), "served": true, "storage": true,
            "subresources": ["status": [:]],
            "schema": ["openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]],
        ]
        let definition: JSONValue = [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": .string("\(kind.plural).\(kind.groupVersion.group)")],
            "spec": [
                "group": .string(kind.groupVersion.group), "scope": kind.isNamespaced ? "Namespaced" : "Cluster",
                "names": names, "versions": [version],
            ],
        ]
        _ = try await client.send(.create(definition, as: Self.definitions, in: nil))
    }

    /// Creates an object; `more` stands beside its metadata, and its status is written after it.
    func create(
        _ kind: ResourceType,
        _ name: String,
        in namespace: String = "default",
        finalizers: [String] = [],
        _ more: JSONValue = [:]
    ) async throws {
        var object = more
        object["apiVersion"] = .string(kind.groupVersion.description)
        object["kind"] = .string(kind.kind)
        object["metadata"] = ["name": .string(name), "finalizers": .array(finalizers.map(JSONValue.string))]
        _ = try await client.send(.create(object, as: kind, in: kind.isNamespaced ? namespace : nil))
        guard let status = more["status"] else { return }
        let key = ObjectKey(namespace: kind.isNamespaced ? namespace : "", name: name)
        _ = try await client.send(.patch(kind, key, subresource: "status", with: ["status": status]))
    }

    /// Runs the operator for the length of a call.
    func running(_ body: () async throws -> Void) async throws {
        try await withOperator { _ in try await body() }
    }

    /// Runs the operator for the length of a call, which may ask it; nobody answers its triggers unless a test says so.
    func withOperator(
        http: any HTTPTransport = ScriptedTransport { _ in .json("down", status: 503) },
        _ body: (ScalingOperator) async throws -> Void
    ) async throws {
        let scaling = ScalingOperator(
            ScalingOperator.Settings(version: "1.0.0", instance: "test"),
            registry: .builtIn,
            outside: ScalingOperator.Outside(
                client: client,
                hpaType: HorizontalPodAutoscaler.resourceType,
                http: http,
                sql: AnsweringSQL { _ in throw OutboundError(.cannotConnect, "no database") },
                time: .system
            ),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup { group in
            for service in scaling.watches + scaling.works + scaling.chores {
                group.addTask { try? await service.run() }
            }
            defer { group.cancelAll() }
            try await body(scaling)
        }
    }

    /// Whether an object is there.
    func has(_ kind: ResourceType, _ name: String, in namespace: String = "default") async throws -> Bool {
        do throws(KubeError) {
            _ = try await client.send(.get(kind, ObjectKey(namespace: kind.isNamespaced ? namespace : "", name: name)))
            return true
        } catch {
            guard error.isNotFound else { throw error }
            return false
        }
    }

    /// The reasons of all Events about objects of a name, each once for each Event.
    func reasons(about name: String) async throws -> [String] {
        try await client.answer(to: .list(EventObject.resourceType), as: KubeList<EventObject>.self).items
            .filter { $0.regarding?.name == name }.compactMap(\.reason)
    }
}
