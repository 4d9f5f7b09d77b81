import Foundation
import KubeClient
import KubeModel
import Outbound
import OutboundCurl
import Scaling
import Testing

/// The real control plane, seen from one namespace of a test's own.
struct TestCluster: Sendable {
    /// The namespace, deleted at the end.
    let namespace: String
    /// The administrator's client.
    let client: KubeClient

    /// Runs a test in a namespace of its own.
    static func with<Answer: Sendable>(_ body: (TestCluster) async throws -> Answer) async throws -> Answer {
        let configuration = try KubeConfiguration.load(
            kubeconfig: TestServers.variable("KUBECONFIG"),
            environment: [:]
        )
        return try await withCurlTransport(environment: [:]) { transport in
            var settings = KubeClient.Settings()
            settings.requestsPerSecond = 1000
            settings.burst = 1000
            let cluster = TestCluster(
                namespace: "test-\(UUID().uuidString.lowercased().prefix(8))",
                client: KubeClient(configuration, over: transport, settings: settings)
            )
            try await cluster.kubectl("create", "namespace", cluster.namespace)
            do {
                let answer = try await body(cluster)
                try await cluster.kubectl("delete", "namespace", cluster.namespace, "--wait=false")
                return answer
            } catch {
                // The test has failed already; what is left goes with the servers.
                let state = try? await cluster.kubectl(
                    "get",
                    "so,hpa,deploy,events",
                    "-n",
                    cluster.namespace,
                    "-o",
                    "wide"
                )
                print("state of \(cluster.namespace) at the failure:\n\(state ?? "unknown")")
                throw error
            }
        }
    }

    /// kubectl as the administrator, in the test's namespace.
    @discardableResult
    func kubectl(_ arguments: String..., input: String = "") async throws -> String {
        try await kubectl(arguments, input: input)
    }

    /// kubectl as the administrator, in the test's namespace.
    @discardableResult
    func kubectl(_ arguments: [String], input: String = "") async throws -> String {
        try await Command(
            program: TestServers.variable("KUBECTL"),
            environment: ["KUBECONFIG": TestServers.variable("KUBECONFIG")]
        )
        .run(arguments, input: input)
    }

    /// Applies manifests to the test's namespace, as a user does.
    ///
    /// The mark at the beginning says YAML: kubectl 1.20 takes what begins with a brace to be JSON to its end.
    func apply(_ manifests: String) async throws {
        try await kubectl("apply", "-n", namespace, "-f", "-", input: "---\n" + manifests)
    }

    /// A name in the test's namespace.
    func key(_ name: String) -> ObjectKey { ObjectKey(namespace: namespace, name: name) }

    /// Where Deployments are.
    static let deployments = ResourceType(GroupVersion("apps", "v1"), kind: "Deployment", plural: "deployments")

    /// The replicas that a Deployment wants.
    func replicas(_ name: String) async throws -> Int {
        try await client.scale(of: Self.deployments, key(name)).replicas
    }

    /// Creates a Deployment that wants so many pods; no kubelet runs them.
    func deploy(_ name: String, replicas: Int, container: String = #"{"name":"main","image":"none"}"#) async throws {
        try await apply(
            """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"\(name)"},
             "spec":{"replicas":\(replicas),"selector":{"matchLabels":{"app":"\(name)"}},
               "template":{"metadata":{"labels":{"app":"\(name)"}},"spec":{"containers":[\(container)]}}}}
            """
        )
    }

    /// Creates a ScaledObject for a Deployment; `spec` is what stands beside `scaleTargetRef` and `triggers`.
    func scale(_ name: String, spec: String = #""pollingInterval":1"#, triggers: String) async throws {
        try await apply(
            """
            {"apiVersion":"keda.sh/v1alpha1","kind":"ScaledObject","metadata":{"name":"\(name)"},
             "spec":{"scaleTargetRef":{"name":"\(name)"},\(spec),"triggers":\(triggers)}}
            """
        )
    }

    /// A ScaledObject as it is now.
    func object(_ name: String) async throws -> ScaledObject { try await client.get(ScaledObject.self, key(name)) }

    /// A condition of a ScaledObject.
    func condition(_ kind: ScaledObjectStatus.Condition.Kind, of name: String) async throws
        -> ScaledObjectStatus.Condition?
    {
        try await object(name).status?[kind]
    }

    /// The HPA of a ScaledObject, in whichever version the server has.
    func hpa(_ name: String) async throws -> HorizontalPodAutoscaler {
        let type = try await Discovery(client).horizontalPodAutoscaler()
        return try await client.get(HorizontalPodAutoscaler.self, key("keda-hpa-\(name)"), as: type)
    }

    /// The notes of all events of a reason about an object.
    func events(_ reason: String, about name: String) async throws -> [String] {
        let list = try await client.answer(
            to: .list(EventObject.resourceType, in: namespace),
            as: KubeList<EventObject>.self
        )
        return list.items.filter { $0.reason == reason && $0.regarding?.name == name }.compactMap(\.note)
    }
}
