import Foundation
import KubeModel
import Outbound
import ScalerKit
import Scaling
import Synchronization
import Testing
import TestKit

@testable import Operator

@Suite struct VaultTests {
    let clock = ManualClock()
    let vault: FakeVault
    let server: ScriptedTransport

    init() {
        self.vault = FakeVault(clock: clock)
        self.server = vault.transport
    }

    static let byToken = #""authentication":"token","credential":{"token":"root"}"#
    static let byAccount = """
        "authentication":"kubernetes","mount":"team/k8s","role":"reader","credential":{"serviceAccountName":"robot"}
        """

    /// A resolver with one authentication, which reads these secrets.
    func resolver(
        _ secrets: String,
        login: String = byToken,
        address: String = "https://vault:8200/base",
        _ change: (inout CredentialSettings) -> Void = { _ in }
    ) throws -> CredentialResolver {
        let spec = try AuthenticationSpec.parsing(
            #"{"hashiCorpVault":{"address":"\#(address)",\#(login),"secrets":[\#(secrets)]}}"#
        )
        var settings = CredentialSettings()
        change(&settings)
        return .testing(
            FakeConfig(
                authentications: ["TriggerAuthentication shop/auth": spec, "ClusterTriggerAuthentication auth": spec],
                accounts: ["shop/robot": 10_000]
            ),
            settings,
            http: RebasedTransport(inner: server),
            clock: clock,
            isWatched: { _ in true }
        )
    }

    /// One entry of `secrets`.
    static func secret(_ parameter: String, _ path: String, _ key: String, type: String? = nil, more: String = "")
        -> String
    {
        let type = type.map { #","type":"\#($0)""# } ?? ""
        return #"{"parameter":"\#(parameter)","path":"\#(path)","key":"\#(key)"\#(type)\#(more)}"#
    }

    /// What a trigger gets.
    func resolve(
        _ resolver: CredentialResolver,
        kind: String? = nil,
        _ freshness: Freshness = .ordinary
    ) async throws -> CredentialResolver.Resolved {
        try await resolver.resolve(
            CredentialResolverTests.trigger(kind: kind),
            in: "shop",
            container: nil,
            freshness
        ) { nil }
    }

    @Test(
        arguments: [
            ("kv1/db", "password", "secret", "v1"), ("kv1/db", "password", nil, "v1"), ("kv1/db", "password", "", "v1"),
            ("/kv1//db/", "password", "secret", "v1"), ("kv2/data/db", "password", "secretV2", "v1"),
            ("kv2/data/db", "password", nil, "v1"), ("kv1/db", "data", nil, "text"),
            ("database/creds/app", "username", "secret", "user-1"),
        ] as [(String, String, String?, String)]
    )
    func `each kind of secret is read`(path: String, key: String, type: String?, value: String) async throws {
        let resolved = try await resolve(resolver(Self.secret("p", path, key, type: type)))
        #expect(resolved.texts.authentication == ["p": Secret(value)])
        #expect(resolved.gaps.isEmpty && resolved.lookAgain == .seconds(60))
    }

    @Test(
        arguments: [
            ("kv1/db", "none", "secret", "has no key \"none\""), ("kv1/db", "port", "secret", "is not a text"),
            ("kv2/data/db", "none", "secretV2", "has no key"), ("kv1/db", "password", "secretV2", "has no key"),
            ("kv2/data/db", "password", "secret", "has no key"), ("none/x", "k", nil, "status 404; nothing is there"),
            ("denied/x", "k", nil, "status 403"),
        ] as [(String, String, String?, String)]
    )
    func `what cannot be read is a gap, and the rest counts`(
        path: String,
        key: String,
        type: String?,
        text: String
    ) async throws {
        let secrets = Self.secret("p", path, key, type: type) + "," + Self.secret("q", "kv1/db", "password")
        let resolved = try await resolve(resolver(secrets))
        #expect(resolved.gaps.count == 1 && resolved.gaps[0].contains(text), "\(resolved.gaps)")
        #expect(!resolved.gaps[0].contains("canary"))
        #expect(resolved.texts.authentication == ["q": "v1"])
    }

    @Test func `equal paths are asked for once, by all triggers together`() async throws {
        let secrets = [
            Self.secret("a", "kv1/db", "password"), Self.secret("b", "kv1/db", "password"),
            Self.secret("c", "kv1/db", "password", type: "secret"),
        ]
        let resolver = try resolver(secrets.joined(separator: ","))
        for _ in 0..<3 { _ = try await resolve(resolver) }
        #expect(server.lines == ["GET /v1/auth/token/lookup-self", "GET /v1/kv1/db", "GET /v1/kv1/db"])
        clock.advance(by: .seconds(10))
        vault.state.withLock { $0.password = "v2" }
        #expect(try await resolve(resolver).texts.authentication["a"] == "v2")
    }

    @Test func `a request carries token and namespace, and trusts whom the operator is told to`() async throws {
        let trust = TLSSettings(authorities: "PEM")
        let resolver = try resolver(
            Self.secret("a", "kv1/db", "password"),
            login: #"\#(Self.byToken),"namespace":"team""#
        ) { $0.vaultTLS = trust }
        _ = try await resolve(resolver)
        for request in server.requests {
            #expect(request.tls == trust)
            #expect(request.secretHeaders == ["X-Vault-Token": "root"])
            #expect(request.headers.contains(.init("X-Vault-Namespace", "team")))
            #expect(request.url.scheme == "https" && request.url.authority == "vault:8200")
        }
    }

    @Test func `the operator's own token wins`() async throws {
        let secret = Self.secret("a", "kv1/db", "password")
        let login = #""authentication":"token","credential":{"token":"bad"}"#
        #expect(try await resolve(resolver(secret, login: login) { $0.vaultToken = "root" }).gaps.isEmpty)
        await #expect(throws: VaultError.self) { try await resolve(resolver(secret, login: login)) }
    }

    @Test(arguments: [
        (#""authentication":"token""#, "VAULT_TOKEN"), (#""authentication":"ldap""#, "neither token nor kubernetes"),
        (#""authentication":"kubernetes","mount":"m""#, "role and mount"),
        (#""authentication":"kubernetes","role":"r""#, "role and mount"),
        (
            #""authentication":"kubernetes","role":"r","mount":"m","credential":{"serviceAccount":"/etc/passwd"}"#,
            "not the token of a service account"
        ),
        (
            #""authentication":"kubernetes","role":"r","mount":"m","credential":{"serviceAccountName":"none"}"#,
            "ServiceAccount shop/none does not exist"
        ),
    ])
    func `settings that let nobody in are refused by name`(login: String, text: String) async throws {
        let resolver = try resolver(Self.secret("a", "kv1/db", "password"), login: login)
        let error = await #expect(throws: CredentialError.self) { try await resolve(resolver) }
        #expect(error?.description.contains(text) == true, "\(String(describing: error))")
        let odd = try self.resolver(Self.secret("a", "x", "k"), address: "vault:8200")
        await #expect(throws: CredentialError.self) { try await resolve(odd) }
    }

    @Test(arguments: [(500, "status 500"), (503, "sealed"), (307, "standby"), (403, "looking up the token")])
    func `a Vault that lets us not in fails the whole look`(status: Int, text: String) async throws {
        vault.state.withLock { $0.status = status }
        let resolver = try resolver(Self.secret("a", "kv1/db", "password"))
        let error = await #expect(throws: VaultError.self) { try await resolve(resolver) }
        #expect(error?.description.contains(text) == true, "\(String(describing: error))")
        #expect(error?.description.contains("canary") == false)
    }

    @Test(arguments: [nil, "ClusterTriggerAuthentication"])
    func `a service account of the object's namespace logs in, and again before its token ends`(
        kind: String?
    ) async throws {
        let resolver = try resolver(Self.secret("a", "kv1/db", "password"), login: Self.byAccount)
        for second in [0, 79, 80] {
            clock.advance(by: .seconds(second) - clock.uptime)
            #expect(try await resolve(resolver, kind: kind).texts.authentication == ["a": "v1"])
        }
        #expect(
            server.lines == [
                "POST /v1/auth/team/k8s/login", "GET /v1/auth/token/lookup-self", "GET /v1/kv1/db", "GET /v1/kv1/db",
                "POST /v1/auth/team/k8s/login", "GET /v1/auth/token/lookup-self",
            ]
        )
        let body: JSONValue = try KubeJSON.decode(from: server.requests[0].body)
        #expect(body == ["jwt": "robot-token-1", "role": "reader"])
    }

    @Test func `a token that can be renewed is, before 80 percent of its life`() async throws {
        vault.state.withLock { $0.isRenewable = true }
        let resolver = try resolver(Self.secret("a", "kv1/db", "password"))
        for second in [0, 399, 400] {
            clock.advance(by: .seconds(second) - clock.uptime)
            _ = try await resolve(resolver)
        }
        #expect(server.lines.filter { $0 == "POST /v1/auth/token/renew-self" }.count == 2)
    }

    @Test func `a session that is denied is opened again, once a minute at most`() async throws {
        let resolver = try resolver(Self.secret("a", "kv1/db", "password"), login: Self.byAccount)
        _ = try await resolve(resolver)
        vault.state.withLock { $0.tokens = [] }
        clock.advance(by: .seconds(60))
        #expect(try await resolve(resolver).texts.authentication == ["a": "v1"])
        vault.state.withLock { $0.tokens = [] }
        clock.advance(by: .seconds(30))
        #expect(try await resolve(resolver).gaps.first?.contains("status 403") == true)
        #expect(server.lines.filter { $0.hasSuffix("login") }.count == 2)
    }

    @Test func `what is made for us is kept for 80 percent of its life`() async throws {
        let fields =
            #","pkiData":{"commonName":"app.shop","altNames":"a","ipSans":"1.2.3.4","uriSans":"u","#
            + #""otherSans":"o","ttl":"1h","format":"pem"}"#
        let secrets = [
            Self.secret("cert", "pki/issue/app", "certificate", type: "pki", more: fields),
            Self.secret("ca", "pki/issue/app", "ca_chain", type: "pki", more: fields),
            Self.secret("name", "pki/issue/app", "common_name", type: "pki", more: fields),
            Self.secret("fields", "pki/issue/app", "fields", type: "pki", more: fields),
            Self.secret("user", "database/creds/app", "username"),
        ]
        let resolver = try resolver(secrets.joined(separator: ","))
        let expected: [String: Secret<String>] = [
            "cert": "cert-1", "ca": "one\ntwo", "name": "app.shop", "user": "user-2",
            "fields": "alt_names common_name format ip_sans other_sans ttl uri_sans",
        ]
        for second in [0, 799] {
            clock.advance(by: .seconds(second) - clock.uptime)
            #expect(try await resolve(resolver).texts.authentication == expected)
            #expect(
                try await resolve(resolver, .afterFailure).texts.authentication["cert"]
                    == (second == 0 ? "cert-1" : "cert-3")
            )
        }
    }
}

/// Takes `/base` off each path, as a proxy before a Vault does.
struct RebasedTransport: HTTPTransport {
    let inner: ScriptedTransport

    /// The request as it reaches the Vault.
    private func rebased(_ request: HTTPRequest) -> HTTPRequest {
        var request = request
        var url = WebAddress(scheme: request.url.scheme, host: request.url.host, port: request.url.port)
        url = url.appending(segments: request.url.path.split(separator: "/").dropFirst().map(String.init))
        request.url = url
        return request
    }

    func withResponse<Answer: Sendable>(
        to request: HTTPRequest,
        _ use: (HTTPResponseHead, HTTPBody) async throws -> Answer
    ) async throws -> Answer {
        try await inner.withResponse(to: rebased(request), use)
    }

    func collect(_ request: HTTPRequest, upTo limit: Int) async throws -> HTTPResponse {
        try await inner.collect(rebased(request), upTo: limit)
    }
}
