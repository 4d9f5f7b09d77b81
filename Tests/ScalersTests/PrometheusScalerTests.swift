import Foundation
import KubeModel
import Outbound
import ScalerKit
import Scalers
import Synchronization
import TestKit
import Testing

@Suite struct PrometheusScalerTests {
    static let settings = [
        "serverAddress": "http://prometheus:9090/base/", "query": "sum(rate(x{a=\"b&c\"}[1m]))", "threshold": "100",
        "activationThreshold": "5",
    ]

    /// What every way to log in needs.
    static let secrets: [String: Secret<String>] = [
        "username": "u", "password": "p", "bearerToken": "t", "cert": "CERT", "key": "KEY", "ca": "CA",
        "customAuthHeader": "X-Key", "customAuthValue": "v", "apiKey": "k", "oauthTokenURI": "https://login/token",
        "clientID": "me", "clientSecret": "s",
    ]

    /// A token server that is content.
    static let tokenAnswer = HTTPResponse(
        status: 200,
        body: [UInt8](#"{"access_token":"t","token_type":"Bearer","expires_in":3600}"#.utf8)
    )

    /// A body with one result.
    static func body(_ type: String, _ result: String) -> String {
        #"{"status":"success","data":{"resultType":"\#(type)","result":\#(result)}}"#
    }

    /// Reads what a server with this answer gives.
    static func read(
        _ body: String,
        status: Int = 200,
        ignoringNull: Bool = true
    ) async throws -> Reading {
        let scaler = try PrometheusScaler.make(settings.merging(["ignoreNullValues": "\(ignoringNull)"]) { $1 })
        return try await scaler.readOnly(
            .testing(http: { _ in HTTPResponse(status: status, body: [UInt8](body.utf8)) })
        )
    }

    @Test(arguments: [
        (body("vector", #"[{"metric":{},"value":[1,"6"]}]"#), 6.0, true),
        (body("vector", #"[{"metric":{},"value":[1,"5"]}]"#), 5, false),
        (body("vector", #"[{"metric":{},"value":[1.5,"1.5e3"]}]"#), 1500, true),
        (body("scalar", #"[1,"7"]"#), 7, true),
    ])
    func `one element or a scalar is the value`(body: String, value: Double, isActive: Bool) async throws {
        #expect(try await Self.read(body) == Reading(value: value, isActive: isActive))
    }

    @Test(arguments: [
        body("vector", "[]"),
        body("vector", #"[{"metric":{},"value":[]}]"#),
        body("vector", #"[{"metric":{},"value":[1,null]}]"#),
        body("vector", #"[{"metric":{},"value":[1,"NaN"]}]"#),
        body("vector", #"[{"metric":{},"value":[1,"+Inf"]}]"#),
        body("vector", #"[{"metric":{},"value":[1,"-Inf"]}]"#),
        body("matrix", #"[{"metric":{},"values":[[1,"5"]]}]"#),
    ])
    func `no value counts as 0 or is an error, as ignoreNullValues says`(body: String) async throws {
        #expect(try await Self.read(body) == Reading(value: 0, isActive: false))
        let error = await #expect(throws: ScalerError.self) { try await Self.read(body, ignoringNull: false) }
        #expect(error?.code == .noValue)
    }

    @Test(arguments: [
        (body("vector", #"[{"value":[1,"1"]},{"value":[1,"2"]}]"#), 200, "2 elements"),
        (body("vector", #"[{"value":[1]}]"#), 200, "without a value"),
        (body("vector", #"[{"value":[1,5]}]"#), 200, "no number"),
        (body("vector", #"[{"value":[1,"many"]}]"#), 200, "no number"),
        (body("string", #"[1,"text"]"#), 200, "a string"),
        (#"{"status":"error","errorType":"bad_data","error":"parse error"}"#, 400, "status 400: parse error"),
        (#"{"status":"error","error":"too old"}"#, 200, "status 200: too old"),
        ("<html>oops</html>", 500, "status 500"),
        ("<html>login</html>", 200, "serverAddress"),
        ("", 200, "serverAddress"),
        ("[]", 200, "serverAddress"),
    ])
    func `anything else is an error that says what came`(body: String, status: Int, message: String) async throws {
        let error = await #expect(throws: ScalerError.self) { try await Self.read(body, status: status) }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test func `an answer past the limit is refused`() async {
        await #expect(throws: OutboundError.self) { try await Self.read(String(repeating: "x", count: 2 << 20)) }
    }

    @Test func `the request is built from components`() async throws {
        let seen = Mutex<HTTPRequest?>(nil)
        let scaler = try PrometheusScaler.make(
            Self.settings.merging([
                "namespace": "a&b=c", "queryParameters": "dedup=true,x=y z", "customHeaders": "X-Scope-OrgID=shop",
                "timeout": "1500", "unsafeSsl": "true",
            ]) { $1 }
        )
        _ = try await scaler.readOnly(
            .testing(http: { request in
                seen.withLock { $0 = request }
                return HTTPResponse(status: 200, body: [UInt8](Self.body("vector", "[]").utf8))
            })
        )
        let request = try #require(seen.withLock { $0 })
        #expect(
            request.url.description == "http://prometheus:9090/base/api/v1/query"
                + "?query=sum%28rate%28x%7Ba%3D%22b%26c%22%7D%5B1m%5D%29%29&namespace=a%26b%3Dc&dedup=true&x=y%20z"
                + "&time=2027-01-15T08%3A00%3A00Z"
        )
        #expect(request.headers == [.init("X-Scope-OrgID", "shop")])
        #expect(request.deadline == .milliseconds(1500))
        #expect(request.tls.skipsVerification)
    }

    @Test func `each way to log in reaches the request`() async throws {
        let requests = Mutex<[HTTPRequest]>([])
        for (modes, more) in [
            ("basic", [:]), ("bearer", [:]), ("tls, custom", [:]), (nil, [:]), ("apiKey", [:]),
            ("apiKey", ["keyParamName": "X-Mine"]), ("apiKey", ["method": "query"]),
            ("apiKey", ["method": "query", "keyParamName": "k y"]),
        ] as [(String?, [String: String])] {
            var settings = Self.settings.merging(more) { $1 }
            settings["authModes"] = modes
            let scaler = try PrometheusScaler.make(settings, Self.secrets)
            _ = try await scaler.readOnly(
                .testing(http: { request in
                    requests.withLock { $0.append(request) }
                    return HTTPResponse(status: 200, body: [UInt8](Self.body("vector", "[]").utf8))
                })
            )
        }
        let seen = requests.withLock { $0 }
        #expect(seen[0].authorization == .basic(user: "u", password: "p"))
        #expect(seen[1].authorization == .bearer("t"))
        #expect(seen[2].tls.certificate == "CERT" && seen[2].tls.privateKey == "KEY" && seen[2].tls.authorities == "CA")
        #expect(seen[2].secretHeaders == ["X-Key": "v"] && seen[2].authorization == nil)
        #expect(seen[3].authorization == nil && seen[3].tls.authorities == nil)
        #expect(seen[4].secretHeaders == ["X-API-KEY": "k"] && !seen[4].hidesTarget)
        #expect(seen[5].secretHeaders == ["X-Mine": "k"])
        #expect(seen[6].url.query.contains("api_key=k") && seen[6].hidesTarget)
        #expect(seen[7].url.query.contains("k%20y=k") && seen[7].secretHeaders.isEmpty)
    }

    @Test(arguments: [
        (["authModes": "basic,bearer"], "only one of"), (["authModes": "magic"], "none of"),
        (["authModes": "bearer"], "bearerToken"), (["authModes": "tls"], "cert"), (["authModes": "apiKey"], "apiKey"),
        (["authModes": "oauth"], "oauthTokenURI"), (["authModes": "basic,oauth"], "only one of"),
        (["threshold": ""], "threshold"),
        (["threshold": "0"], "at least 0.001"),
        (["serverAddress": "prometheus"], "URL"), (["awsRegion": "eu-west-1"], "awsAccessKeyID not found"),
        (["awsRegion": "eu-west-1", "awsAccessKeyID": "AKID"], "awsSecretAccessKey not found"),
    ])
    func `a bad setting is refused with what is wrong`(change: [String: String], message: String) {
        let error = #expect(throws: SettingsError.self) {
            try PrometheusScaler.make(Self.settings.merging(change) { $1 })
        }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    /// Keys as an authentication gives them.
    static let awsKeys: [String: Secret<String>] = ["awsAccessKeyId": "AKID", "awsSecretAccessKey": "key"]

    @Test func `queries to Amazon Managed Prometheus are signed`() async throws {
        let requests = Mutex<[HTTPRequest]>([])
        let settings = Self.settings.merging(["awsRegion": "eu-west-1", "identityOwner": "pod"]) { $1 }
        let fromEnvironment = ["awsAccessKeyIDFromEnv": "ID", "awsSecretAccessKeyFromEnv": "KEY"]
        let scalers = [
            try PrometheusScaler.make(settings, Self.awsKeys),
            try PrometheusScaler.make(
                settings.merging(fromEnvironment) { $1 },
                environment: ["ID": "AKID", "KEY": "key"]
            ),
            try PrometheusScaler.make(Self.settings, Self.awsKeys.merging(["awsSessionToken": "session"]) { $1 }),
            try PrometheusScaler.make(settings, Self.awsKeys.merging(["awsSessionToken": "session"]) { $1 }),
            try PrometheusScaler.make(
                settings.merging(["authModes": "bearer"]) { $1 },
                Self.awsKeys.merging(Self.secrets) { $1 }
            ),
        ]
        for scaler in scalers {
            _ = try await scaler.readOnly(
                .testing(http: { request in
                    requests.withLock { $0.append(request) }
                    return HTTPResponse(status: 200, body: [UInt8](Self.body("vector", "[]").utf8))
                })
            )
        }
        let seen = requests.withLock { $0 }
        let signature = seen[0].secretHeaders["Authorization"]
        let start =
            "AWS4-HMAC-SHA256 Credential=AKID/20270115/eu-west-1/aps/aws4_request, SignedHeaders=host;x-amz-date,"
        #expect(signature?.withValue { $0.hasPrefix(start) } == true)
        #expect(seen[0].headers == [.init("X-Amz-Date", "20270115T080000Z")])
        #expect(seen[1].secretHeaders == seen[0].secretHeaders)
        #expect(seen[2].secretHeaders.isEmpty, "without a region nothing is signed")
        #expect(seen[3].secretHeaders["X-Amz-Security-Token"] == "session")
        #expect(seen[4].secretHeaders.isEmpty && seen[4].authorization == .bearer("t"), "authModes come first")
    }

    @Test func `keeps the scaler contract with AWS`() async throws {
        try await ScalerContract.verify(
            PrometheusScaler.self,
            valid: Self.settings.merging(["awsRegion": "eu-west-1"]) { $1 },
            authentication: Self.awsKeys.merging(["awsSessionToken": "session"]) { $1 },
            http: { _ in
                let body = Self.body("vector", #"[{"metric":{"job":"shop"},"value":[1,"6"]}]"#)
                return HTTPResponse(status: 200, body: [UInt8](body.utf8))
            }
        )
    }

    @Test(
        arguments: [
            ("basic", nil), ("bearer", nil), ("tls, custom", "1500"), (nil, nil), ("apiKey", nil), ("oauth", nil),
        ] as [(String?, String?)]
    )
    func `keeps the scaler contract`(modes: String?, timeout: String?) async throws {
        var settings = Self.settings
        settings["authModes"] = modes
        settings["timeout"] = timeout
        try await ScalerContract.verify(
            PrometheusScaler.self,
            valid: settings,
            authentication: Self.secrets,
            http: { request in
                // A token server that wants the client in the header; else a second attempt would mend the first.
                if request.method == .post {
                    return request.authorization == nil ? HTTPResponse(status: 400) : Self.tokenAnswer
                }
                let body = Self.body("vector", #"[{"metric":{"job":"shop"},"value":[1,"6"]}]"#)
                return HTTPResponse(status: 200, body: [UInt8](body.utf8))
            },
            ownDeadline: timeout.map { _ in .milliseconds(1500) }
        )
    }
}
