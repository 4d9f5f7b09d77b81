import KubeClient
import KubeModel
import LocalCluster
import Outbound
import ScalerKit
import TestKit
import Testing

@testable import Operator

@Suite struct ClientClusterReaderTests {
    /// A client with pages of two and no rate limit.
    static func client(over transport: any HTTPTransport) -> KubeClient {
        var settings = KubeClient.Settings()
        settings.pageSize = 2
        (settings.requestsPerSecond, settings.burst) = (1e6, 1e6)
        return KubeClient(KubeConfiguration(server: LocalCluster.address), over: transport, settings: settings)
    }

    /// A cluster in which nothing comes to life by itself.
    static func cluster() -> KubeClient {
        var configuration = LocalCluster.Configuration()
        configuration.runsWorkloads = false
        return client(over: LocalCluster(configuration, time: ManualClock().source).transport)
    }

    /// Puts a pod into a cluster.
    static func plant(
        _ client: KubeClient,
        _ name: String,
        in namespace: String = "default",
        app: String = "source",
        node: String? = nil,
        phase: String? = nil
    ) async throws {
        var spec: JSONValue = ["containers": [["name": "main", "image": "none"]]]
        if let node { spec["nodeName"] = .string(node) }
        let pod: JSONValue = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "labels": ["app": .string(app)]],
            "spec": spec,
        ]
        _ = try await client.send(.create(pod, as: Pod.resourceType, in: namespace))
        guard let phase else { return }
        let key = ObjectKey(namespace: namespace, name: name)
        _ = try await client.patch(
            Pod.self,
            key,
            subresource: "status",
            with: ["status": ["phase": .string(phase)]]
        )
    }

    /// Asks for the pods of `app=source`.
    static func count(_ client: KubeClient) async throws -> PodCount {
        try await ClientClusterReader(client: client)
            .count(PodQuery(in: "default", LabelSelector([.isIn("app", ["source"])]), deadline: .seconds(3)))
    }

    @Test func `pods are counted over several pages, ended and foreign ones are not`() async throws {
        let client = Self.cluster()
        #expect(try await Self.count(client) == PodCount())
        let namespaces = ResourceType(
            GroupVersion("", "v1"),
            kind: "Namespace",
            plural: "namespaces",
            isNamespaced: false
        )
        let namespace: JSONValue = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "other"]]
        _ = try await client.send(.create(namespace, as: namespaces, in: nil))
        try await Self.plant(client, "waiting")
        try await Self.plant(client, "running-1", node: "one", phase: "Running")
        try await Self.plant(client, "running-2", node: "one", phase: "Running")
        try await Self.plant(client, "running-3", node: "two", phase: "Running")
        try await Self.plant(client, "unknown", node: "three", phase: "Unknown")
        try await Self.plant(client, "done", node: "four", phase: "Succeeded")
        try await Self.plant(client, "broken", node: "five", phase: "Failed")
        try await Self.plant(client, "foreign", app: "else")
        try await Self.plant(client, "elsewhere", in: "other")
        #expect(try await Self.count(client) == PodCount(pods: 5, nodes: ["one", "two", "three"]))
    }

    /// A page of pods as a server writes it.
    static func page(_ pods: Int, continuing token: String = "") -> ScriptedTransport.Answer {
        let items = Array(repeating: #"{"metadata":{"name":"p"},"spec":{"nodeName":"n"}}"#, count: pods)
        return .json(#"{"metadata":{"continue":"\#(token)"},"items":[\#(items.joined(separator: ","))]}"#)
    }

    @Test func `a count whose state the server forgets begins anew, and in the end gives up`() async throws {
        let gone = ScriptedTransport.Answer.json(#"{"kind":"Status","code":410,"reason":"Expired"}"#, status: 410)
        let list =
            "/api/v1/namespaces/default/pods?labelSelector=app%3Dsource"
            + "&fieldSelector=status.phase%21%3DSucceeded%2Cstatus.phase%21%3DFailed&limit=2"
        let transport = ScriptedTransport()
        transport.expect(.get, list, Self.page(2, continuing: "a"))
        transport.expect(.get, list + "&continue=a", gone)
        transport.expect(.get, list, Self.page(2, continuing: "b"))
        transport.expect(.get, list + "&continue=b", Self.page(1))
        #expect(try await Self.count(Self.client(over: transport)) == PodCount(pods: 3, nodes: ["n"]))
        try transport.verify()
        for _ in 0..<3 { transport.expect(.get, list, gone) }
        await #expect(throws: OutboundError.self) { try await Self.count(Self.client(over: transport)) }
        try transport.verify()
    }

    @Test func `data of ConfigMaps and Secrets is read, and what is not there is nil`() async throws {
        let client = Self.cluster()
        let reader = ClientClusterReader(client: client)
        let key = ObjectKey(namespace: "default", name: "limits")
        let metadata = ObjectMeta(name: key.name, namespace: key.namespace)
        for kind in [DataQuery.Kind.configMap, .secret] {
            #expect(try await reader.data(DataQuery(kind, key, deadline: .seconds(3))) == nil)
        }
        _ = try await client.create(ConfigMap(metadata: metadata, data: ["a": "5"]))
        _ = try await client.create(SecretObject(metadata: metadata, data: ["b": .init("6".utf8)]))
        #expect(try await reader.data(DataQuery(.configMap, key, deadline: .seconds(3))) == ["a": "5"])
        #expect(try await reader.data(DataQuery(.secret, key, deadline: .seconds(3))) == ["b": "6"])
    }

    @Test(arguments: [
        (403, OutboundError.Code.unauthorized), (500, .rejected), (429, .overloaded),
    ])
    func `a refusal is an error that scalers pass on`(status: Int, code: OutboundError.Code) async {
        let transport = ScriptedTransport { _ in
            .json(#"{"kind":"Status","code":\#(status),"message":"no"}"#, status: status)
        }
        let reader = ClientClusterReader(client: Self.client(over: transport))
        let query = DataQuery(.secret, ObjectKey(namespace: "default", name: "x"), deadline: .seconds(3))
        let error = await #expect(throws: OutboundError.self) { try await reader.data(query) }
        #expect(error?.code == code)
        #expect(error?.description.contains("secrets/x") == true)
    }

    @Test func `a question keeps to its deadline`() async throws {
        let transport = ScriptedTransport { request in
            request.url.target.contains("pods") ? Self.page(0) : .json(#"{"metadata":{"name":"x"}}"#)
        }
        let reader = ClientClusterReader(client: Self.client(over: transport))
        _ = try await reader.count(PodQuery(in: "default", LabelSelector(), deadline: .milliseconds(1234)))
        let key = ObjectKey(namespace: "default", name: "x")
        _ = try await reader.data(DataQuery(.configMap, key, deadline: .milliseconds(1234)))
        #expect(transport.requests.map(\.deadline) == [.milliseconds(1234), .milliseconds(1234)])
    }
}
