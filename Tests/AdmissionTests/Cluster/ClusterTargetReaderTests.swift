import KubeClient
import KubeModel
import Outbound
import TestKit
import Testing

@testable import Admission

@Suite struct ClusterTargetReaderTests {
    let transport = ScriptedTransport()

    /// Reads from a scripted server.
    var reader: ClusterTargetReader {
        let clock = ManualClock()
        let configuration = KubeConfiguration(server: WebAddress(scheme: "https", host: "api"))
        return ClusterTargetReader(KubeClient(configuration, over: transport, time: clock.source), time: clock.source)
    }

    static let deployments = ResourceType(GroupVersion("apps", "v1"), kind: "Deployment", plural: "deployments")
    static let web = ObjectKey(namespace: "shop", name: "web")
    static let notFound = ScriptedTransport.Answer.json(#"{"kind":"Status","code":404}"#, status: 404)

    @Test func `a workload is read, and may be absent`() async throws {
        let reader = reader
        let path = "/apis/apps/v1/namespaces/shop/deployments/web"
        transport.expect(.get, path, .json(#"{"spec":{"replicas":1}}"#))
        transport.expect(.get, path, Self.notFound)
        #expect(try await reader.workload(Self.deployments, Self.web) == ["spec": ["replicas": 1]])
        #expect(try await reader.workload(Self.deployments, Self.web) == nil)
        try transport.verify()
    }

    @Test func `a refusal is no absence`() async throws {
        let reader = reader
        transport.expect(
            .get,
            "/apis/apps/v1/namespaces/shop/deployments/web",
            .json(#"{"kind":"Status","code":403}"#, status: 403)
        )
        await #expect(throws: KubeError.self) { try await reader.workload(Self.deployments, Self.web) }
    }

    @Test func `LimitRanges are listed`() async throws {
        let reader = reader
        transport.expect(.get, "/api/v1/namespaces/shop/limitranges", .json(#"{"items":[{"spec":{}}]}"#))
        #expect(try await reader.limitRanges(in: "shop") == [["spec": [:]]])
    }

    @Test func `a kind is served if the API server says so`() async throws {
        let reader = reader
        transport.expect(
            .get,
            "/apis/argoproj.io/v1alpha1",
            .json(
                """
                {"groupVersion":"argoproj.io/v1alpha1","resources":[
                  {"name":"rollouts","kind":"Rollout","namespaced":true,"verbs":["get"]}]}
                """
            )
        )
        transport.expect(.get, "/apis/example.com/v1", Self.notFound)
        #expect(try await reader.serves("Rollout", in: GroupVersion("argoproj.io", "v1alpha1")))
        #expect(try await !reader.serves("Rollout", in: GroupVersion("example.com", "v1")))
    }
}
