import KubeClient
import KubeModel
import Outbound
import TestKit
import Testing

@Suite struct DiscoveryTests {
    static let argo = GroupVersion("argoproj.io", "v1alpha1")
    static let path = "/apis/argoproj.io/v1alpha1"
    static let resources = """
        {"groupVersion":"argoproj.io/v1alpha1","resources":[
        {"name":"rollouts","namespaced":true,"kind":"Rollout","verbs":["get"]},
        {"name":"rollouts/status","namespaced":true,"kind":"Rollout","verbs":["get"]},
        {"name":"rollouts/scale","namespaced":true,"kind":"Scale","group":"autoscaling","version":"v1","verbs":["get"]},
        {"name":"clusterthings","namespaced":false,"kind":"ClusterThing","verbs":["get"]}]}
        """
    static let absent = ScriptedTransport.Answer.json(#"{"kind":"Status","code":404}"#, status: 404)

    let server = ScriptedTransport()
    let clock = ManualClock()

    /// What is asked in these tests.
    var discovery: Discovery { Discovery(KubeClient.scripted(server, clock: clock), time: clock.source) }

    @Test func `kinds are found with their scope and scale`() async throws {
        server.expect(.get, Self.path, .json(Self.resources))
        let discovery = discovery
        let rollout = try await discovery.kind("Rollout", in: Self.argo)
        #expect(
            rollout == ServedKind(type: ResourceType(Self.argo, kind: "Rollout", plural: "rollouts"), hasScale: true)
        )
        let thing = try await discovery.kind("ClusterThing", in: Self.argo)
        #expect(!thing.hasScale && !thing.type.isNamespaced)
        try server.verify()
    }

    @Test(arguments: [("Deployment", "deployments"), ("StatefulSet", "statefulsets")])
    func `two kinds are known without asking, whatever their group`(kind: String, plural: String) async throws {
        for version in [GroupVersion("apps", "v1"), GroupVersion("odd.io", "v9")] {
            let found = try await discovery.kind(kind, in: version)
            #expect(found.type.plural == plural && found.type.groupVersion == version && found.hasScale)
        }
        #expect(server.requests.isEmpty)
    }

    @Test func `an answer is believed for ten minutes`() async throws {
        let discovery = discovery
        for _ in 0..<2 {
            server.expect(.get, Self.path, .json(Self.resources))
            _ = try await discovery.kind("Rollout", in: Self.argo)
            clock.advance(by: .seconds(599))
            _ = try await discovery.kind("Rollout", in: Self.argo)
            try server.verify()
            clock.advance(by: .seconds(2))
        }
    }

    @Test func `a kind that is missing is looked for again after a moment`() async throws {
        let discovery = discovery
        server.expect(.get, Self.path, Self.absent)
        for _ in 0..<3 {
            let error = await #expect(throws: KubeError.self) { try await discovery.kind("Rollout", in: Self.argo) }
            #expect(error?.isNotFound == true)
            #expect(
                error?.description
                    == "the API server has no kind Rollout in argoproj.io/v1alpha1; is its CRD installed?"
            )
        }
        try server.verify()
        clock.advance(by: .seconds(5))
        server.expect(.get, Self.path, .json(Self.resources))
        #expect(try await discovery.kind("Rollout", in: Self.argo).hasScale)
        try server.verify()
    }

    @Test func `a server in trouble is no missing kind, and is asked again`() async throws {
        let discovery = discovery
        server.expect(.get, Self.path, .json("{}", status: 503))
        let error = await #expect(throws: KubeError.self) { try await discovery.kind("Rollout", in: Self.argo) }
        #expect(error?.code == .serverError)
        server.expect(.get, Self.path, .json(Self.resources))
        #expect(try await discovery.kind("Rollout", in: Self.argo).hasScale)
    }

    @Test(arguments: [(true, true, "v2"), (true, false, "v2"), (false, true, "v2beta2"), (false, false, nil)])
    func `the newest HPA that is served is taken`(hasV2: Bool, hasBeta: Bool, version: String?) async throws {
        let list =
            #"{"groupVersion":"x","resources":[{"name":"horizontalpodautoscalers","namespaced":true,"kind":"HorizontalPodAutoscaler","verbs":[]}]}"#
        let world = ScriptedTransport { request in
            switch request.url.path {
            case "/apis/autoscaling/v2": hasV2 ? .json(list) : Self.absent
            case "/apis/autoscaling/v2beta2": hasBeta ? .json(list) : Self.absent
            default: nil
            }
        }
        let discovery = Discovery(KubeClient.scripted(world), time: clock.source)
        // No version served is an error; nil stands for it here.
        let found = try? await discovery.horizontalPodAutoscaler()
        #expect(found?.groupVersion.version == version)
    }
}
