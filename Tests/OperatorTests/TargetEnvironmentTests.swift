import KubeModel
import Outbound
import Testing

@testable import Operator

@Suite struct TargetEnvironmentTests {
    static let config = FakeConfig(
        secrets: ["shop/db": ["uri": "postgresql://secret", "EMPTY": "", "TOKEN": "$(HOST)"]],
        configMaps: ["shop/settings": ["HOST": "config-host", "PORT": "1"]]
    )

    /// The value of a variable in a container with these entries.
    static func value(
        of name: String,
        env: String = "[]",
        from: String = "[]",
        readsSecrets: Bool = true
    ) async throws -> String? {
        let template = try PodTemplate.parsing(
            #"{"spec":{"containers":[{"name":"main","env":\#(env),"envFrom":\#(from)}]}}"#
        )
        let container = try #require(template.spec?.containers.first)
        let reader = TrackedReader(CredentialResolver.testing(config).config, .ordinary, for: nil)
        let environment = TargetEnvironment(
            container: container,
            namespace: "shop",
            reader: reader,
            readsSecrets: readsSecrets
        )
        return try await environment.value(of: name)?.withValue { $0 }
    }

    @Test(arguments: [
        (#"[{"name":"A","value":"1"}]"#, "1"),
        (#"[{"name":"A","value":"1"},{"name":"A","value":"2"}]"#, "2"),
        (#"[{"name":"A"}]"#, ""),
        (#"[{"name":"B","value":"b"},{"name":"A","value":"x$(B)y"}]"#, "xby"),
        (#"[{"name":"A","value":"x$(B)y"},{"name":"B","value":"b"}]"#, "x$(B)y"),
        (#"[{"name":"A","value":"1"},{"name":"A","value":"$(A)2"}]"#, "12"),
        (#"[{"name":"B","value":"b"},{"name":"A","value":"$$(B) $$ $ $("}]"#, "$(B) $ $ $("),
        (#"[{"name":"A","value":"$(HOST):$(PORT)"}]"#, "config-host:1"),
        (#"[{"name":"A","valueFrom":{"secretKeyRef":{"name":"db","key":"uri"}}}]"#, "postgresql://secret"),
        (#"[{"name":"A","valueFrom":{"secretKeyRef":{"name":"db","key":"TOKEN"}}}]"#, "$(HOST)"),
        (#"[{"name":"A","valueFrom":{"secretKeyRef":{"name":"db","key":"absent"}}}]"#, ""),
        (#"[{"name":"A","valueFrom":{"configMapKeyRef":{"name":"settings","key":"PORT"}}}]"#, "1"),
        (#"[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]"#, nil),
        (#"[{"name":"A","value":"1"},{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"x"}}}]"#, "1"),
        (#"[{"name":"A","valueFrom":{"secretKeyRef":{"name":"none","key":"x","optional":true}}}]"#, nil),
        ("[]", nil),
    ])
    func `a variable is worked out as a container sees it`(env: String, expected: String?) async throws {
        #expect(
            try await Self.value(of: "A", env: env, from: #"[{"configMapRef":{"name":"settings"}}]"#) == expected
        )
    }

    /// Entries `V0` to `V<count>`, each of which names the one before it `times` times.
    static func chain(_ count: Int, times: Int, of first: String) -> String {
        let rest = (1...count)
            .map { index in
                let text = String(repeating: "$(V\(index - 1))", count: times)
                return #"{"name":"V\#(index)","value":"\#(text)"}"#
            }
        return "[" + ([#"{"name":"V0","value":"\#(first)"}"#] + rest).joined(separator: ",") + "]"
    }

    @Test func `a long chain of variables is followed to its end`() async throws {
        #expect(try await Self.value(of: "V900", env: Self.chain(900, times: 1, of: "x")) == "x")
    }

    @Test func `a text of nothing but marks is read in no time`() async throws {
        let marks = String(repeating: "$", count: 400_000)
        #expect(try await Self.value(of: "A", env: #"[{"name":"A","value":"\#(marks)"}]"#)?.count == 200_000)
    }

    @Test(arguments: [(64, 2, "x"), (64, 2, ""), (1200, 1, "x"), (2, 100, String(repeating: "x", count: 1000))])
    func `what grows without bounds is refused`(count: Int, times: Int, first: String) async throws {
        let error = await #expect(throws: CredentialError.self) {
            try await Self.value(of: "V\(count)", env: Self.chain(count, times: times, of: first))
        }
        #expect(error?.description.contains("takes too much to work out") == true)
    }

    @Test(arguments: [
        (#"[{"configMapRef":{"name":"settings"}},{"secretRef":{"name":"db"}}]"#, "TOKEN", "$(HOST)"),
        (#"[{"prefix":"P_","configMapRef":{"name":"settings"}}]"#, "P_HOST", "config-host"),
        (#"[{"prefix":"P_","configMapRef":{"name":"settings"}}]"#, "HOST", nil),
        (
            #"[{"secretRef":{"name":"none","optional":true}},{"configMapRef":{"name":"settings"}}]"#, "HOST",
            "config-host"
        ),
    ])
    func `whole maps are taken over, with a prefix`(from: String, name: String, expected: String?) async throws {
        #expect(try await Self.value(of: name, from: from) == expected)
    }

    @Test func `a source that is missing is an error only for who needs it`() async throws {
        let env =
            #"[{"name":"A","valueFrom":{"secretKeyRef":{"name":"none","key":"x"}}},{"name":"B","value":"fine"}]"#
        #expect(try await Self.value(of: "B", env: env) == "fine")
        await #expect(throws: CredentialError("Secret shop/none does not exist")) {
            try await Self.value(of: "A", env: env)
        }
        await #expect(throws: CredentialError("ConfigMap shop/none does not exist")) {
            try await Self.value(of: "A", from: #"[{"configMapRef":{"name":"none"}}]"#)
        }
    }

    @Test(arguments: [
        (#"[{"name":"A","valueFrom":{"secretKeyRef":{"name":"db","key":"uri"}}}]"#, "[]", nil),
        (#"[{"name":"A","value":"1"},{"name":"A","valueFrom":{"secretKeyRef":{"name":"db","key":"uri"}}}]"#, "[]", "1"),
        (#"[{"name":"A","valueFrom":{"secretKeyRef":{"name":"none","key":"uri"}}}]"#, "[]", nil),
        ("[]", #"[{"secretRef":{"name":"db"},"prefix":"A"}]"#, nil),
        (#"[{"name":"A","value":"plain"}]"#, "[]", "plain"),
    ])
    func `Secrets that may not be read are as if they were not named`(
        env: String,
        from: String,
        expected: String?
    ) async throws {
        #expect(try await Self.value(of: "A", env: env, from: from, readsSecrets: false) == expected)
    }
}
