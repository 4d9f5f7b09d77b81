import KubeModel
import Outbound
import ScalerKit
import Scaling
import Testing

@testable import Operator

@Suite struct CredentialResolverTests {
    static let template = """
        {"spec":{"containers":[
          {"name":"main","env":[{"name":"DB","value":"main-db"}]},
          {"name":"side","env":[{"name":"DB","value":"side-db"}]}]}}
        """

    /// Resolves a trigger against this template.
    static func resolve(
        _ trigger: ScaledObject.Trigger,
        _ config: FakeConfig = FakeConfig(),
        container: String? = nil,
        template: String? = template
    ) async throws -> CredentialResolver.Resolved {
        let parsed = try template.map(PodTemplate.parsing)
        return try await CredentialResolver(reader: config, clusterNamespace: "keda")
            .resolve(trigger, in: "shop", container: container) { parsed }
    }

    /// A trigger with an authentication.
    static func trigger(_ metadata: [String: String] = [:], kind: String? = nil) -> ScaledObject.Trigger {
        .init(type: "x", metadata: metadata, authenticationRef: .init(name: "auth", kind: kind))
    }

    /// An authentication as a manifest has it.
    static func spec(_ json: String) throws -> AuthenticationSpec {
        try KubeJSON.decode(from: [UInt8](json.utf8))
    }

    @Test(arguments: [(nil, "main-db"), ("side", "side-db"), ("main", "main-db")])
    func `FromEnv reads the chosen container, the first by default`(container: String?, value: String) async throws {
        let trigger = ScaledObject.Trigger(type: "x", metadata: ["connectionFromEnv": "DB"])
        let resolved = try await Self.resolve(trigger, container: container)
        #expect(resolved.texts.environment == ["DB": Secret(value)])
        #expect(resolved.gaps.isEmpty)
    }

    @Test(arguments: [
        ("DB", "none", template, "no container \"none\""),
        ("ABSENT", nil, template, "no environment variable \"ABSENT\""),
        ("DB", nil, nil, "no containers"),
    ])
    func `what is missing is noted by name`(
        variable: String,
        container: String?,
        template: String?,
        gap: String
    ) async throws {
        let trigger = ScaledObject.Trigger(type: "x", metadata: ["connectionFromEnv": variable])
        let resolved = try await Self.resolve(trigger, container: container, template: template)
        #expect(resolved.texts.environment.isEmpty)
        #expect(resolved.gaps.count == 1 && resolved.gaps[0].contains(gap), "\(resolved.gaps)")
    }

    @Test func `a template is not asked for when no variable is`() async throws {
        let resolver = CredentialResolver(reader: FakeConfig(), clusterNamespace: "keda")
        let resolved = try await resolver.resolve(
            .init(type: "x", metadata: ["query": "1"]),
            in: "shop",
            container: nil
        ) {
            Issue.record("the template was asked for")
            return nil
        }
        #expect(resolved.texts.metadata == ["query": "1"])
    }

    @Test func `later sources of an authentication win`() async throws {
        let spec = try Self.spec(
            """
            {"env":[{"parameter":"a","name":"DB"},{"parameter":"b","name":"DB","containerName":"side"},
                    {"parameter":"c","name":"DB"}],
             "configMapTargetRef":[{"parameter":"b","name":"cm","key":"k"},{"parameter":"c","name":"cm","key":"k"}],
             "secretTargetRef":[{"parameter":"c","name":"s","key":"k"}]}
            """
        )
        let config = FakeConfig(
            secrets: ["shop/s": ["k": "from-secret"]],
            configMaps: ["shop/cm": ["k": "from-map"]],
            authentications: ["TriggerAuthentication shop/auth": spec]
        )
        let resolved = try await Self.resolve(Self.trigger(), config)
        #expect(resolved.texts.authentication == ["a": "main-db", "b": "from-map", "c": "from-secret"])
    }

    @Test func `a cluster-wide authentication has its Secrets in the cluster's namespace`() async throws {
        let spec = try Self.spec(#"{"secretTargetRef":[{"parameter":"p","name":"s","key":"k"}]}"#)
        let config = FakeConfig(
            secrets: ["shop/s": ["k": "wrong"], "keda/s": ["k": "right"]],
            authentications: ["ClusterTriggerAuthentication auth": spec]
        )
        let resolved = try await Self.resolve(Self.trigger(kind: "ClusterTriggerAuthentication"), config)
        #expect(resolved.texts.authentication == ["p": "right"])
    }

    @Test func `each gap of an authentication is told, and the rest still counts`() async throws {
        #expect(
            try await Self.resolve(Self.trigger()).gaps == ["TriggerAuthentication shop/auth does not exist"]
        )
        let spec = try Self.spec(
            """
            {"secretTargetRef":[{"parameter":"p","name":"none","key":"k"},{"parameter":"q","name":"s","key":"none"},
                                {"parameter":"r","name":"s","key":"k"}]}
            """
        )
        let config = FakeConfig(
            secrets: ["shop/s": ["k": "value"]],
            authentications: ["TriggerAuthentication shop/auth": spec]
        )
        let resolved = try await Self.resolve(Self.trigger(), config)
        #expect(resolved.gaps == ["Secret shop/none does not exist", "Secret shop/s has no key \"none\""])
        #expect(resolved.texts.authentication == ["r": "value"])
    }
}
