import Foundation
import KubeClient
import KubeModel
import Outbound
import ScalerKit
import Scaling
import Synchronization
import Testing
import TestKit

@testable import Operator

@Suite struct ServiceAccountTokenTests {
    static let spec = #"{"boundServiceAccountToken":[{"parameter":"token","serviceAccountName":"robot"}]}"#

    let clock = ManualClock()

    /// Two kinds of authentication that want the same account's token.
    func config(accounts: [String: Int] = ["shop/robot": 100, "keda/robot": 100]) throws -> FakeConfig {
        let spec = try AuthenticationSpec.parsing(Self.spec)
        return FakeConfig(
            authentications: ["TriggerAuthentication shop/auth": spec, "ClusterTriggerAuthentication auth": spec],
            accounts: accounts
        )
    }

    /// Resolves a trigger that wants a token.
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

    @Test func `a token is asked for once for all, and again after 80 percent of its life`() async throws {
        let config = try config()
        let resolver = CredentialResolver.testing(config, clock: clock, isWatched: { _ in true })
        for second in [0, 1, 79] {
            clock.advance(by: .seconds(second) - clock.uptime)
            let resolved = try await resolve(resolver)
            #expect(resolved.texts.authentication == ["token": "robot-token-1"])
            #expect(resolved.lookAgain == .seconds(80))
        }
        clock.advance(by: .seconds(1))
        #expect(try await resolve(resolver).texts.authentication == ["token": "robot-token-2"])
        #expect(
            config.asked.withLock { $0.filter { $0.hasPrefix("token") } }
                == Array(repeating: "token of shop/robot for 3600 s", count: 2)
        )
    }

    @Test func `after a failure a token of some age is replaced`() async throws {
        let resolver = CredentialResolver.testing(try config(), clock: clock)
        _ = try await resolve(resolver)
        clock.advance(by: .seconds(59))
        #expect(try await resolve(resolver, .afterFailure).texts.authentication == ["token": "robot-token-1"])
        clock.advance(by: .seconds(1))
        #expect(try await resolve(resolver, .afterFailure).texts.authentication == ["token": "robot-token-2"])
    }

    @Test func `the kind says where the account is, and the installation how long the token lives`() async throws {
        let config = try config()
        var settings = CredentialSettings()
        settings.tokenLifetime = .seconds(7200)
        _ = try await resolve(.testing(config, settings), kind: "ClusterTriggerAuthentication")
        #expect(config.asked.withLock { $0.contains("token of keda/robot for 7200 s") })
    }

    @Test func `an account that is not there is a gap, looked for again within a minute`() async throws {
        let resolved = try await resolve(.testing(try config(accounts: [:]), clock: clock, isWatched: { _ in true }))
        #expect(resolved.gaps == ["ServiceAccount shop/robot does not exist"])
        #expect(resolved.lookAgain == .seconds(60))
    }

    @Test func `the API server is asked as it wants to be`() async throws {
        let server = ScriptedTransport()
        let client = KubeClient(
            KubeConfiguration(server: WebAddress(host: "kube")),
            over: server,
            time: clock.source
        )
        let reader = ClientConfigReader(client: client, time: clock.source)
        let ends = clock.now.addingTimeInterval(3000).formatted(.iso8601)
        let path = "/api/v1/namespaces/shop/serviceaccounts/robot/token"
        server.expect(.post, path, .json(#"{"status":{"token":"t","expirationTimestamp":"\#(ends)"}}"#, status: 201))
        let made = try #require(
            try await reader.token(of: ObjectKey(namespace: "shop", name: "robot"), lasting: .seconds(3600))
        )
        #expect(made.token == "t" && made.lifetime == .seconds(3000))
        let body: JSONValue = try KubeJSON.decode(from: server.requests[0].body)
        #expect(body["kind"] == "TokenRequest" && body["spec"] == ["expirationSeconds": 3600])
        server.expect(.post, path, .json(#"{"kind":"Status","code":404,"reason":"NotFound"}"#, status: 404))
        #expect(try await reader.token(of: ObjectKey(namespace: "shop", name: "robot"), lasting: .seconds(60)) == nil)
    }
}
