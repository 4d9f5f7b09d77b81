import KubeModel
import Outbound
import ScalerKit
import Scaling
import Synchronization
import Testing
import TestKit

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
        template: String? = template,
        _ settings: CredentialSettings = CredentialSettings()
    ) async throws -> CredentialResolver.Resolved {
        let parsed = try template.map(PodTemplate.parsing)
        return try await CredentialResolver.testing(config, settings)
            .resolve(trigger, in: "shop", container: container) { parsed }
    }

    /// A trigger with an authentication.
    static func trigger(_ metadata: [String: String] = [:], kind: String? = nil) -> ScaledObject.Trigger {
        .init(type: "x", metadata: metadata, authenticationRef: .init(name: "auth", kind: kind))
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
        let resolver = CredentialResolver.testing(FakeConfig())
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
        let spec = try AuthenticationSpec.parsing(
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
        let spec = try AuthenticationSpec.parsing(#"{"secretTargetRef":[{"parameter":"p","name":"s","key":"k"}]}"#)
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
        let spec = try AuthenticationSpec.parsing(
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

    @Test(arguments: [
        (nil, false, ["shop/s"]), (nil, true, ["keda/s"]), ("ClusterTriggerAuthentication", false, ["keda/s"]),
        ("ClusterTriggerAuthentication", true, ["keda/s"]),
    ])
    func `restricted access reads Secrets of the cluster's namespace only`(
        kind: String?,
        restricts: Bool,
        secrets: [String]
    ) async throws {
        let spec = try AuthenticationSpec.parsing(
            """
            {"secretTargetRef":[{"parameter":"p","name":"s","key":"k"}],
             "configMapTargetRef":[{"parameter":"m","name":"s","key":"k"}],
             "oauth2":{"clientId":"me","tokenUrl":"https://login","clientSecret":
               {"valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}}}
            """
        )
        let config = FakeConfig(
            secrets: ["shop/s": ["k": "v"], "keda/s": ["k": "v"]],
            authentications: ["TriggerAuthentication shop/auth": spec, "ClusterTriggerAuthentication auth": spec]
        )
        var settings = CredentialSettings()
        settings.restrictsSecrets = restricts
        let resolved = try await Self.resolve(Self.trigger(kind: kind), config, settings)
        #expect(config.asked.withLock { $0.filter { $0.hasPrefix("Secret") } } == secrets.map { "Secret \($0)" })
        #expect(resolved.texts.authentication["p"] == "v" && resolved.texts.authentication["clientSecret"] == "v")
        let place = kind == nil ? "shop" : "keda"
        #expect(resolved.gaps == ["ConfigMap \(place)/s does not exist"])
    }

    @Test(arguments: [("shop", true), ("keda", false)])
    func `restricted access hides Secrets in the environment of other namespaces`(
        namespace: String,
        isHidden: Bool
    ) async throws {
        let template = try PodTemplate.parsing(
            #"{"spec":{"containers":[{"name":"main","envFrom":[{"secretRef":{"name":"s"}}]}]}}"#
        )
        var settings = CredentialSettings()
        settings.restrictsSecrets = true
        let config = FakeConfig(secrets: ["shop/s": ["DB": "v"], "keda/s": ["DB": "v"]])
        let resolved = try await CredentialResolver.testing(config, settings)
            .resolve(.init(type: "x", metadata: ["aFromEnv": "DB"]), in: namespace, container: nil) { template }
        #expect((resolved.texts.environment["DB"] == nil) == isHidden)
        #expect(resolved.gaps.map { $0.contains("KEDA_RESTRICT_SECRET_ACCESS") } == (isHidden ? [true] : []))
    }

    @Test(arguments: [
        (#"{"azureKeyVault":{"vaultUri":"u","secrets":[]}}"#, "azureKeyVault"),
        (#"{"gcpSecretManager":{"secrets":[]}}"#, "gcpSecretManager"),
        (#"{"awsSecretManager":{"secrets":[]}}"#, "awsSecretManager"),
        (#"{"podIdentity":{"provider":"aws"}}"#, "podIdentity \"aws\""),
        (
            #"{"podIdentity":{"provider":"gcp"},"awsSecretManager":{},"env":[]}"#,
            "podIdentity \"gcp\", awsSecretManager"
        ),
    ])
    func `a source that is not built yet fails by name`(json: String, names: String) async throws {
        let config = FakeConfig(authentications: ["TriggerAuthentication shop/auth": try .parsing(json)])
        await #expect(
            throws: CredentialError("TriggerAuthentication shop/auth: not supported yet: \(names)")
        ) {
            try await Self.resolve(Self.trigger(), config)
        }
    }

    @Test(arguments: [#"{"podIdentity":{"provider":"none"}}"#, #"{"podIdentity":{"provider":""}}"#, "{}"])
    func `no identity is nothing to complain of`(json: String) async throws {
        let config = FakeConfig(authentications: ["TriggerAuthentication shop/auth": try .parsing(json)])
        #expect(try await Self.resolve(Self.trigger(), config).gaps.isEmpty)
    }

    @Test func `OAuth gives the settings that a trigger fetches its tokens with`() async throws {
        let spec = try AuthenticationSpec.parsing(
            """
            {"oauth2":{"type":"clientCredentials","clientId":"me","tokenUrl":"https://login/token","scopes":["a","b c"],
              "tokenUrlParams":{"z":"1","audience":"x&y"},
              "clientSecret":{"valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}},
             "configMapTargetRef":[{"parameter":"clientID","name":"cm","key":"k"}]}
            """
        )
        let config = FakeConfig(
            secrets: ["shop/s": ["k": "password"]],
            configMaps: ["shop/cm": ["k": "somebody else"]],
            authentications: ["TriggerAuthentication shop/auth": spec]
        )
        #expect(
            try await Self.resolve(Self.trigger(), config).texts.authentication == [
                "oauthTokenURI": "https://login/token", "clientID": "me", "clientSecret": "password",
                "scopes": "a,b c", "endpointParams": "audience=x%26y&z=1",
            ]
        )
        config.content.withLock { $0.secrets = [:] }
        #expect(try await Self.resolve(Self.trigger(), config).gaps == ["Secret shop/s does not exist"])
    }

    @Test func `what an earlier source gave is not used where a later one has a gap`() async throws {
        let spec = try AuthenticationSpec.parsing(
            """
            {"configMapTargetRef":[{"parameter":"p","name":"cm","key":"k"}],
             "secretTargetRef":[{"parameter":"p","name":"none","key":"k"}]}
            """
        )
        let config = FakeConfig(
            configMaps: ["shop/cm": ["k": "old"]],
            authentications: ["TriggerAuthentication shop/auth": spec]
        )
        #expect(try await Self.resolve(Self.trigger(), config).texts.authentication.isEmpty)
    }

    @Test func `when to look again follows from what was looked at`() async throws {
        let clock = ManualClock()
        let config = FakeConfig(
            secrets: ["shop/s": ["k": "v"]],
            authentications: [
                "TriggerAuthentication shop/auth": try .parsing(
                    #"{"secretTargetRef":[{"parameter":"p","name":"s","key":"k"}]}"#
                )
            ]
        )
        let template = try PodTemplate.parsing(Self.template)
        for (metadata, isWatched, wait) in [
            ([:], true, nil), ([:], false, 300), (["aFromEnv": "DB"], true, 300),
        ] as [([String: String], Bool, Int?)] {
            let resolver = CredentialResolver.testing(config, clock: clock, isWatched: { _ in isWatched })
            let resolved = try await resolver.resolve(Self.trigger(metadata), in: "shop", container: nil) { template }
            #expect(resolved.lookAgain == wait.map { .seconds($0) })
        }
    }
}
