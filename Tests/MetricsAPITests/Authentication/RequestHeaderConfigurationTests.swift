import KubeModel
import Testing

@testable import MetricsAPI

@Suite struct RequestHeaderConfigurationTests {
    /// The configuration that every cluster has, changed where a test wants it.
    static func rule(_ changes: [String: String] = [:]) throws -> RequestHeaderConfiguration {
        let data = try TestCluster().data.merging(changes) { _, new in new }
        return try #require(try AuthenticationConfiguration(data).requestHeader)
    }

    @Test func `headers name the user, the groups and the extras`() throws {
        let user = try Self.rule()
            .user(in: [
                Header("x-remote-user", "jane"), Header("X-Remote-Group", "dev"), Header("X-REMOTE-GROUP", "ops"),
                Header("X-Remote-Extra-Scopes", "a"), Header("X-Remote-Extra-Scopes", "b"),
                Header("X-Remote-Extra-Example.com%2fproject", "x"), Header("X-Remote-Extra-Bad%zz", "y"),
                Header("X-Other", "z"),
            ])
        #expect(
            user
                == UserInfo(
                    username: "jane",
                    groups: ["dev", "ops"],
                    extra: ["scopes": ["a", "b"], "example.com/project": ["x"], "bad%zz": ["y"]]
                )
        )
    }

    @Test func `the first header that is not empty names the user`() throws {
        let rule = try Self.rule(["requestheader-username-headers": #"["X-First","X-Second"]"#])
        #expect(rule.user(in: [Header("X-Second", "b"), Header("X-First", "a")])?.username == "a")
        #expect(rule.user(in: [Header("X-Second", "b"), Header("X-First", "")])?.username == "b")
        #expect(rule.user(in: [Header("X-Remote-User", "c")]) == nil)
    }

    @Test func `a UID comes only from headers that the cluster names`() throws {
        let headers = [Header("X-Remote-User", "jane"), Header("X-Remote-Uid", "17")]
        #expect(try Self.rule().user(in: headers)?.uid == nil)
        #expect(try Self.rule(["requestheader-uid-headers": #"["X-Remote-Uid"]"#]).user(in: headers)?.uid == "17")
    }

    @Test(
        arguments: [
            (#"["front-proxy-client"]"#, "front-proxy-client", true),
            (#"["front-proxy-client"]"#, "other", false),
            (#"["front-proxy-client"]"#, nil, false),
            ("[]", "anyone", true),
            ("", nil, true),
        ] as [(String, String?, Bool)]
    )
    func `the allowed names decide who may speak for others`(names: String, name: String?, isAllowed: Bool) throws {
        #expect(try Self.rule(["requestheader-allowed-names": names]).allows(name) == isAllowed)
    }

    @Test func `a cluster without authorities trusts nobody`() throws {
        #expect(try AuthenticationConfiguration([:]) == AuthenticationConfiguration())
        #expect(try AuthenticationConfiguration(["client-ca-file": ""]) == AuthenticationConfiguration())
    }

    @Test(arguments: [
        ("requestheader-allowed-names", "front-proxy-client"),
        ("requestheader-group-headers", #"{"a":1}"#),
        ("requestheader-username-headers", "[]"),
        ("requestheader-client-ca-file", "no certificate"),
        ("client-ca-file", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
    ])
    func `a value that cannot be used is an error that names its key`(key: String, value: String) throws {
        let data = try TestCluster().data.merging([key: value]) { _, new in new }
        let error = #expect(throws: AccessError.self) { try AuthenticationConfiguration(data) }
        #expect(error?.code == .badConfiguration)
        #expect(error?.summary.contains(key) == true)
    }
}
