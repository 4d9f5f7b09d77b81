import Foundation
import KubeModel
import Outbound
import ScalerKit
import Scalers
import TestKit
import Testing

/// `authModes: oauth`, with prometheus as the one who asks.
@Suite struct OAuth2Tests {
    static let form = "application/x-www-form-urlencoded"

    /// A token server and a Prometheus behind it.
    let server = ScriptedTransport()
    let tokens = AccessTokens()
    let memory = ScalerMemory()

    /// A scaler with these parameters of an authentication, besides the needed ones.
    func scaler(_ more: [String: Secret<String>] = [:]) throws -> PrometheusScaler {
        try PrometheusScaler.make(
            ["serverAddress": "http://prometheus", "query": "q", "threshold": "1", "authModes": "oauth"],
            ["oauthTokenURI": "https://login/token?tenant=1", "clientID": "me:1", "clientSecret": "p w"]
                .merging(more) { $1 }
        )
    }

    /// Reads at a second.
    func read(_ scaler: PrometheusScaler, at second: Int = 0, memory: ScalerMemory? = nil) async throws -> Double {
        let world = ScalerWorld(
            now: Date(timeIntervalSince1970: 1_800_000_000 + Double(second)),
            object: ObjectKey(namespace: "shop", name: "web"),
            http: server,
            sql: AnsweringSQL { _ in throw OutboundError.nothingListens },
            cluster: AnsweringCluster(
                pods: { _ in throw OutboundError.nothingListens },
                data: { _ in throw OutboundError.nothingListens }
            ),
            memory: memory ?? self.memory,
            tokens: tokens
        )
        return try await scaler.readOnly(world).values[0]
    }

    /// Has the token server answer.
    func expectToken(_ body: String, status: Int = 200, type: String = "application/json") {
        server.expect(
            .post,
            "/token?tenant=1",
            .response(HTTPResponse(status: status, headers: [.init("Content-Type", type)], body: Array(body.utf8)))
        )
    }

    /// Has Prometheus answer the query of a second.
    func expectQuery(at second: Int = 0, status: Int = 200) {
        let time = Date(timeIntervalSince1970: 1_800_000_000 + Double(second)).formatted(.iso8601)
        server.expect(
            .get,
            "/api/v1/query?query=q&time=\(time.replacing(":", with: "%3A"))",
            .json(#"{"status":"success","data":{"resultType":"scalar","result":[0,"7"]}}"#, status: status)
        )
    }

    /// The fields of the nth request's form, in order.
    func fields(_ index: Int) -> String { String(decoding: server.requests[index].body, as: UTF8.self) }

    @Test func `a token is fetched with the client in the header, and put into the request`() async throws {
        expectToken(#"{"access_token":"abc","token_type":"bearer","expires_in":60}"#)
        expectQuery()
        #expect(try await read(scaler(["scopes": "a, b", "endpointParams": "audience=x%26y&z="])) == 7)
        try server.verify()
        let fetch = server.requests[0]
        #expect(fetch.authorization == .basic(user: "me%3A1", password: "p+w"))
        #expect(fields(0) == "audience=x%26y&grant_type=client_credentials&scope=a+b&z=")
        #expect(fetch.headers.contains(.init("Content-Type", Self.form)))
        #expect(server.requests[1].authorization == .bearer("abc"))
    }

    @Test func `a server that refuses the header is sent the client in the form, and that is remembered`() async throws
    {
        expectToken(#"{"error":"invalid_client"}"#, status: 401)
        expectToken(#"{"access_token":"abc","expires_in":"10"}"#)
        expectQuery()
        #expect(try await read(scaler()) == 7)
        #expect(server.requests[1].authorization == nil)
        #expect(fields(1) == "client_id=me%3A1&client_secret=p+w&grant_type=client_credentials")
        expectToken(#"{"access_token":"def","expires_in":10}"#)
        expectQuery(at: 9)
        #expect(try await read(scaler(), at: 9) == 7)
        #expect(fields(3) == fields(1))
        try server.verify()
    }

    @Test func `a token is kept for nine tenths of its life, for all who ask with the same words`() async throws {
        expectToken(#"{"access_token":"abc","expires_in":100}"#)
        for second in [0, 50, 89] {
            expectQuery(at: second)
            #expect(try await read(scaler(), at: second, memory: ScalerMemory()) == 7)
        }
        try server.verify()
        expectToken(#"{"access_token":"other","expires_in":100}"#)
        expectQuery(at: 90)
        #expect(try await read(scaler(), at: 90) == 7)
        expectToken(#"{"access_token":"mine","expires_in":100}"#)
        expectQuery(at: 90)
        #expect(try await read(scaler(["scopes": "c"]), at: 90) == 7)
        try server.verify()
        #expect(server.requests.last?.authorization == .bearer("mine"))
    }

    @Test func `a token that is refused before its time is replaced once`() async throws {
        expectToken(#"{"access_token":"revoked","expires_in":100}"#)
        expectQuery()
        _ = try await read(scaler())
        expectQuery(at: 1, status: 401)
        expectToken(#"{"access_token":"fresh","expires_in":100}"#)
        expectQuery(at: 1)
        #expect(try await read(scaler(), at: 1) == 7)
        #expect(server.requests.last?.authorization == .bearer("fresh"))
        expectQuery(at: 1, status: 401)
        await #expect(throws: ScalerError.self) { try await read(scaler(), at: 1) }
        try server.verify()
    }

    @Test(arguments: [
        (#"{"access_token":"abc"}"#, "application/json"), ("access_token=abc&expires_in=60", form),
        ("access_token=abc", "text/plain; charset=utf-8"),
        (#"{"access_token":"abc","token_type":"BEARER","expires_in":-1}"#, "application/json"),
        (#"{"access_token":"abc","expires_in":99999999999999}"#, "application/json"),
    ])
    func `answers as servers give them are understood`(body: String, type: String) async throws {
        expectToken(body, type: type)
        expectQuery()
        #expect(try await read(scaler()) == 7)
        #expect(server.requests[1].authorization == .bearer("abc"))
    }

    @Test(arguments: [
        (#"{"error":"invalid_scope","error_description":"canary"}"#, 400, "status 400 (invalid_scope)"),
        (#"{"error":"canary"}"#, 403, "status 403; check"), ("oops canary", 500, "status 500; check"),
        ("<html>canary</html>", 200, "without an access_token"),
        (#"{"access_token":""}"#, 200, "without an access_token"),
        (#"{"access_token":{"a":"canary"}}"#, 200, "without an access_token"),
        (#"{"access_token":"canary","token_type":"mac"}"#, 200, "no bearer token"),
    ])
    func `a server that gives no token is told, without its words`(body: String, status: Int, text: String) async throws
    {
        for _ in 0..<2 { expectToken(body, status: status) }
        let error = await #expect(throws: ScalerError.self) { try await read(scaler()) }
        #expect(error?.description.contains(text) == true, "\(String(describing: error))")
        #expect(!String(reflecting: error).contains("canary"))
        #expect(!server.requests.contains { $0.method == .get })
    }

    @Test(
        arguments: [
            (["endpointParams": "a=%zz"], "endpointParams"), (["endpointParams": "scope=x", "scopes": "y"], "scope"),
            (["oauthTokenURI": "login"], "oauthTokenURI"), (["clientID": ""], "clientID"),
        ] as [([String: Secret<String>], String)]
    )
    func `bad settings are refused by name`(more: [String: Secret<String>], name: String) {
        let error = #expect(throws: SettingsError.self) { try scaler(more) }
        #expect(error?.description.contains(name) == true)
    }
}
