import Foundation
import KubeModel
import Outbound
import ScalerKit
import Scalers
import Synchronization
import TestKit
import Testing

@Suite struct EtcdScalerTests {
    static let metadata = ["endpoints": "etcd:2379", "watchKey": "orders", "value": "5"]
    static let login: [String: Secret<String>] = ["username": "u", "password": "p"]
    static let header = #""header":{"cluster_id":"1","member_id":"2","revision":"3","raft_term":"2"}"#
    static let refusedToken = #"{"error":"etcdserver: invalid auth token","message":"etcdserver: invalid auth token"}"#

    /// What a range gives for a key with this value; without one it does not exist.
    static func range(_ value: String?) -> String {
        let pairs =
            value.map { #","kvs":[{"key":"b3JkZXJz","value":"\#(Data($0.utf8).base64EncodedString())"}]"# } ?? ""
        return "{\(header)\(pairs)}"
    }

    /// A whole answer.
    static func answer(_ text: String, _ status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, body: Array(text.utf8))
    }

    /// A good cluster that asks who we are.
    @Sendable static func cluster(_ request: HTTPRequest) -> HTTPResponse {
        request.url.target == "/v3/auth/authenticate"
            ? answer(#"{\#(header),"token":"t.1"}"#)
            : request.secretHeaders["Authorization"] == "t.1" ? answer(range("7")) : answer(refusedToken, 401)
    }

    @Test func `keeps the scaler contract`() async throws {
        try await ScalerContract.verify(
            EtcdScaler.self,
            valid: Self.metadata.merging(["activationValue": "1", "watchProgressNotifyInterval": "60"]) { $1 },
            http: { _ in Self.answer(Self.range("7")) },
            ownDeadline: .seconds(5)
        )
        try await ScalerContract.verify(
            EtcdScaler.self,
            valid: Self.metadata,
            authentication: Self.login.merging(["tls": "enable", "ca": "ca", "cert": "cert", "key": "key"]) { $1 },
            http: Self.cluster,
            ownDeadline: .seconds(5)
        )
    }

    @Test(
        arguments: [
            ("7", 7, true), ("5.5", 5.5, true), (" 12\n", 12, true), ("1e3", 1000, true), ("0", 0, false),
            ("2", 2, false), ("2.001", 2.001, true), ("-3", -3, false),
        ] as [(String, Double, Bool)]
    )
    func `a key's number is the reading, and activity is strictly above the activation value`(
        text: String,
        value: Double,
        isActive: Bool
    ) async throws {
        let scaler = try EtcdScaler.make(Self.metadata.merging(["activationValue": "2"]) { $1 })
        let reading = try await scaler.readOnly(.testing(http: { _ in Self.answer(Self.range(text)) }))
        #expect(reading == Reading(value: value, isActive: isActive))
    }

    @Test func `the question is a range of the one key, and the metric is named by it`() async throws {
        let scaler = try EtcdScaler.make(Self.metadata)
        let world = ScalerWorld.testing(http: { request in
            #expect(request.method == .post && request.url.description == "http://etcd:2379/v3/kv/range")
            #expect(String(decoding: request.body, as: UTF8.self) == #"{"key":"b3JkZXJz"}"#)
            return Self.answer(Self.range("7"))
        })
        _ = try await scaler.readOnly(world)
        #expect(scaler.measures(world) == [.external(name: "etcd-orders", target: Quantity(5))])
    }

    @Test(arguments: [
        (EtcdScalerTests.range(nil), 200, "key \"orders\" does not exist in etcd"),
        (EtcdScalerTests.range(""), 200, "the value of key \"orders\" in etcd is not a finite number"),
        (EtcdScalerTests.range("many"), 200, "the value of key \"orders\" in etcd is not a finite number"),
        (EtcdScalerTests.range("NaN"), 200, "the value of key \"orders\" in etcd is not a finite number"),
        (EtcdScalerTests.range("Infinity"), 200, "the value of key \"orders\" in etcd is not a finite number"),
        (
            #"{"error":"etcdserver: permission denied","message":"etcdserver: permission denied","code":7}"#, 403,
            "etcd answered with status 403: etcdserver: permission denied"
        ),
        (
            #"{"error":"etcdserver: user name is empty","code":3}"#, 400,
            "etcd answered with status 400: etcdserver: user name is empty"
        ),
        (
            "404 page not found", 404,
            "etcd answered with status 404; is its JSON gateway on (etcd 3.4 or later, --enable-grpc-gateway)?"
        ),
        ("{}", 200, "the answer is not etcd's: do the endpoints name members of a cluster?"),
        ("<html>", 200, "the answer is not etcd's: do the endpoints name members of a cluster?"),
    ])
    func `what gives no number is told in one line`(body: String, status: Int, message: String) async throws {
        let scaler = try EtcdScaler.make(Self.metadata)
        let error = await #expect(throws: ScalerError.self) {
            _ = try await scaler.readOnly(.testing(http: { _ in Self.answer(body, status) }))
        }
        #expect(error?.summary == message)
    }

    @Test(arguments: [
        ("endpoints", "", "missing required parameter \"endpoints\""),
        ("endpoints", "etcd:2379,,b", "must be addresses joined by commas"),
        ("endpoints", "ftp://etcd:2379", "must be addresses joined by commas"),
        ("endpoints", "http://u:p@etcd:2379", "must be addresses joined by commas"),
        ("endpoints", "unix:///var/run/etcd", "must be addresses joined by commas"),
        ("watchKey", " ", "missing required parameter \"watchKey\""), ("watchKey", "a\u{0}b", "no control characters"),
        ("value", "", "missing required parameter"),
        ("value", "0", "must be at least 0.001"), ("activationValue", "x", "must be a number"),
        ("watchProgressNotifyInterval", "0", "must be 1 or more"),
        ("watchProgressNotifyInterval", "1.5", "must be a whole number"),
    ])
    func `bad settings are refused`(field: String, text: String, message: String) throws {
        let error = #expect(throws: SettingsError.self) {
            _ = try EtcdScaler.make(Self.metadata.merging([field: text]) { $1 })
        }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test(
        arguments: [
            (["username": "u"], "password must be provided with username"),
            (["password": "p"], "username must be provided with password"),
            (["tls": "enable", "cert": "c"], "key must be provided with cert"),
            (["tls": "enable", "key": "k"], "cert must be provided with key"),
            (["tls": "on"], "must be one of enable, disable"), (["tls": "disable", "key": "k"], nil),
            (["tls": "enable", "ca": "a"], nil),
        ] as [([String: Secret<String>], String?)]
    )
    func `what belongs together must be given together`(authentication: [String: Secret<String>], message: String?) {
        do {
            _ = try EtcdScaler.make(Self.metadata, authentication)
            #expect(message == nil)
        } catch {
            #expect(message.map { "\(error)".contains($0) } == true, "\(error)")
        }
    }

    @Test(arguments: [
        ("etcd:2379", false, "http://etcd:2379"), ("etcd:2379", true, "https://etcd:2379"),
        ("etcd", false, "http://etcd:2379"), ("[::1]:2380", false, "http://[::1]:2380"),
        ("http://etcd:2379", true, "http://etcd:2379"), ("https://etcd:2379", false, "https://etcd:2379"),
        ("https://proxy/etcd", false, "https://proxy/etcd"),
    ])
    func `the scheme decides on TLS, and without one the setting does`(
        endpoint: String,
        usesTLS: Bool,
        base: String
    ) async throws {
        let scaler = try EtcdScaler.make(
            Self.metadata.merging(["endpoints": endpoint]) { $1 },
            ["tls": usesTLS ? "enable" : "disable", "ca": "authority"]
        )
        let world = ScalerWorld.testing(http: { request in
            #expect(request.url.description == base + "/v3/kv/range")
            #expect((request.tls.authorities == "authority") == (usesTLS && request.url.scheme == "https"))
            return Self.answer(Self.range("7"))
        })
        _ = try await scaler.readOnly(world)
    }
}

extension EtcdScalerTests {
    @Test func `members are asked in turn until one answers, which is stayed with`() async throws {
        let scaler = try EtcdScaler.make(Self.metadata.merging(["endpoints": "a:1,b:2,c:3,d:4"]) { $1 })
        let asked = Mutex<[String]>([])
        let world = ScalerWorld.testing(http: { request in
            asked.withLock { $0.append(request.url.host) }
            #expect(request.deadline == .seconds(5) / 4)
            switch request.url.host {
            case "a": throw OutboundError.nothingListens
            case "b": return Self.answer(#"{"error":"etcdserver: no leader","code":14}"#, 503)
            default: return Self.answer(Self.range("7"))
            }
        })
        for _ in 0..<2 { #expect(try await scaler.readOnly(world).values == [7]) }
        #expect(asked.withLock { $0 } == ["a", "b", "c", "c"])
    }

    @Test func `where no member answers the last failure is told, and each was asked once`() async throws {
        let scaler = try EtcdScaler.make(Self.metadata.merging(["endpoints": "a:1,b:2"]) { $1 })
        let asked = Mutex<[String]>([])
        let world = ScalerWorld.testing(http: { request in
            asked.withLock { $0.append(request.url.host) }
            throw OutboundError.nothingListens
        })
        await #expect(throws: OutboundError.self) { try await scaler.readOnly(world) }
        #expect(asked.withLock { $0 } == ["a", "b"])
    }

    @Test func `a login gives a token that is kept, and made anew when etcd has forgotten it`() async throws {
        let scaler = try EtcdScaler.make(Self.metadata, Self.login)
        let logins = Mutex(0)
        let good = Mutex("t.1")
        let http: @Sendable (HTTPRequest) -> HTTPResponse = { request in
            guard request.url.target == "/v3/auth/authenticate" else {
                let token = request.secretHeaders["Authorization"]?.withValue { $0 }
                let isKnown = token == good.withLock { $0 }
                return isKnown ? Self.answer(Self.range("7")) : Self.answer(Self.refusedToken, 401)
            }
            #expect(String(decoding: request.body, as: UTF8.self) == #"{"name":"u","password":"p"}"#)
            logins.withLock { $0 += 1 }
            return Self.answer(#"{\#(Self.header),"token":"\#(good.withLock { $0 })"}"#)
        }
        let tokens = AccessTokens()
        /// The world some seconds later.
        func world(after seconds: Double) -> ScalerWorld {
            let plain = ScalerWorld.testing(http: http)
            return ScalerWorld(
                now: plain.now.addingTimeInterval(seconds),
                object: plain.object,
                http: plain.http,
                sql: plain.sql,
                cluster: plain.cluster,
                tokens: tokens
            )
        }
        for seconds in [0.0, 10, 20] { #expect(try await scaler.readOnly(world(after: seconds)).values == [7]) }
        #expect(logins.withLock { $0 } == 1)
        good.withLock { $0 = "t.2" }
        #expect(try await scaler.readOnly(world(after: 30)).values == [7])
        #expect(logins.withLock { $0 } == 2)
    }

    @Test func `a wrong password is told, and a cluster without authentication does not mind a login`() async throws {
        let scaler = try EtcdScaler.make(Self.metadata, Self.login)
        let words = "etcdserver: authentication failed, invalid user ID or password"
        let error = await #expect(throws: ScalerError.self) {
            _ = try await scaler.readOnly(.testing(http: { _ in Self.answer(#"{"error":"\#(words)","code":3}"#, 400) }))
        }
        #expect(error?.summary == "etcd answered with status 400: \(words)")
        let off = #"{"error":"etcdserver: authentication is not enabled","code":9}"#
        let world = ScalerWorld.testing(http: { request in
            #expect(request.secretHeaders.isEmpty)
            return request.url.target == "/v3/kv/range" ? Self.answer(Self.range("7")) : Self.answer(off, 412)
        })
        #expect(try await scaler.readOnly(world).values == [7])
    }
}
