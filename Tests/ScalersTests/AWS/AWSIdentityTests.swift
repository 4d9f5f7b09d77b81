import Foundation
import Outbound
import ScalerKit
import Scalers
import TestKit
import Testing

/// Queries to Amazon Managed Prometheus as the operator itself.
@Suite struct AWSIdentityTests {
    static let keys = ["AWS_ACCESS_KEY_ID": "STATIC", "AWS_SECRET_ACCESS_KEY": "s"]
    static let web = ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/swell"]
    static let full = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials"]
    static let relative = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/id"]

    /// All of these variables.
    static func all(_ groups: [String: String]...) -> [String: String] {
        groups.reduce(into: [:]) { all, group in all.merge(group) { $1 } }
    }

    @Test(arguments: [
        (all(keys, web, full, relative), ["STATIC"]),
        (all(["AWS_ACCESS_KEY_ID": "HALF"], web, full), ["POST sts.eu-west-1.amazonaws.com", "WEB"]),
        (all(["AWS_SECRET_ACCESS_KEY": "half"], web), ["POST sts.eu-west-1.amazonaws.com", "WEB"]),
        (all(full, relative), ["GET 169.254.170.23/v1/credentials", "FULL"]),
        (all(relative, ["AWS_ROLE_ARN": "x"]), ["GET 169.254.170.2/v2/credentials/id", "RELATIVE"]),
    ])
    func `the operator's identity is the first that its environment has`(
        variables: [String: String],
        story: [String]
    ) async throws {
        let aws = AWSFixture(variables)
        aws.expectRole("WEB")
        aws.network.expect(.get, "/v1/credentials", AWSFixture.container("FULL"))
        aws.network.expect(.get, "/v2/credentials/id", AWSFixture.container("RELATIVE"))
        #expect(try await aws.read() == 7)
        #expect(aws.story == story)
    }

    @Test func `a signature has region, service and session token`() async throws {
        let aws = AWSFixture(Self.all(Self.keys, ["AWS_SESSION_TOKEN": "session"]))
        _ = try await aws.read(AWSFixture.scaler(["awsRegion": "cn-north-1"]))
        let request = try #require(aws.network.requests.first)
        #expect(request.secretHeaders["X-Amz-Security-Token"] == "session")
        let scope = "/20270115/cn-north-1/aps/aws4_request,"
        #expect(request.secretHeaders["Authorization"]?.withValue { $0.contains(scope) } == true)
    }

    @Test func `STS is asked with the token of the service account, and trusted by its own rules`() async throws {
        let aws = AWSFixture(Self.web, files: ["/token": "a.b&c"])
        aws.expectRole("WEB")
        _ = try await aws.read(AWSFixture.scaler(["unsafeSsl": "true", "timeout": "1500"]))
        let request = try #require(aws.loans.first)
        #expect(request.url.description == "https://sts.eu-west-1.amazonaws.com/")
        #expect(
            request.form
                == "Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fswell"
                + "&RoleSessionName=swell-operator&Version=2011-06-15&WebIdentityToken=a.b%26c"
        )
        #expect(
            request.headers == [
                .init("Content-Type", "application/x-www-form-urlencoded"), .init("Accept", "application/json"),
            ]
        )
        #expect(request.secretHeaders.isEmpty && request.authorization == nil && request.tls == TLSSettings())
        #expect(request.deadline == .milliseconds(1500))
        #expect(aws.network.requests.last?.secretHeaders["X-Amz-Security-Token"] == "session-of-WEB")
    }

    @Test(arguments: [
        (["awsRegion": "us-east-1"], [:], "https://sts.us-east-1.amazonaws.com/"),
        (["awsRegion": "us-gov-west-1"], [:], "https://sts.us-gov-west-1.amazonaws.com/"),
        (["awsRegion": "cn-northwest-1"], [:], "https://sts.cn-northwest-1.amazonaws.com.cn/"),
        (["awsRegion": "us-isob-east-1"], [:], "https://sts.us-isob-east-1.sc2s.sgov.gov/"),
        ([:], ["AWS_ENDPOINT_URL_STS": "http://localhost:4566"], "http://localhost:4566/"),
    ])
    func `STS is where the region is, or where the environment says`(
        metadata: [String: String],
        variables: [String: String],
        address: String
    ) async throws {
        let aws = AWSFixture(Self.all(Self.web, variables))
        aws.expectRole("WEB")
        _ = try await aws.read(AWSFixture.scaler(metadata))
        #expect(aws.loans.map(\.url.description) == [address])
    }

    @Test func `the session is called as the environment says`() async throws {
        let aws = AWSFixture(Self.all(Self.web, ["AWS_ROLE_SESSION_NAME": "me"]))
        aws.expectRole("WEB")
        _ = try await aws.read()
        #expect(aws.loans[0].form.contains("&RoleSessionName=me&"))
    }

    @Test(arguments: [
        ([:], nil), (["AWS_CONTAINER_AUTHORIZATION_TOKEN": "plain"], "plain"),
        (["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token"], "jwt"),
        (["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "plain"], "jwt"),
    ])
    func `an agent is shown the container's token`(variables: [String: String], token: String?) async throws {
        for (source, path) in [(Self.full, "/v1/credentials"), (Self.relative, "/v2/credentials/id")] {
            let aws = AWSFixture(Self.all(source, variables))
            aws.network.expect(.get, path, AWSFixture.container("AGENT"))
            _ = try await aws.read()
            let request = try #require(aws.loans.first)
            #expect(request.secretHeaders["Authorization"] == token.map { Secret($0) })
            #expect(request.headers == [.init("Accept", "application/json")] && request.body.isEmpty)
            #expect(!"\(request)".contains("credentials"))
            #expect(aws.network.requests.last?.secretHeaders["X-Amz-Security-Token"] == "t")
        }
    }

    @Test(arguments: [
        ("https://agent.example/c", true), ("http://[fd00:ec2::23]/c", true), ("http://localhost:51679/c", true),
        ("http://127.0.0.5/c", true), ("http://[::1]/c", true), ("http://169.254.170.2/c", true),
        ("http://agent.example/c", false), ("http://127.evil.example/c", false), ("http://169.254.169.254/c", false),
        ("/c", false), ("ftp://x/c", false),
    ])
    func `credentials come by TLS or from the machine itself`(address: String, isTaken: Bool) async throws {
        let aws = AWSFixture(["AWS_CONTAINER_CREDENTIALS_FULL_URI": address])
        aws.network.expect(.get, "/c", AWSFixture.container("AGENT"))
        if isTaken {
            #expect(try await aws.read() == 7)
        } else {
            let error = await #expect(throws: ScalerError.self) { try await aws.read() }
            #expect(error?.description.contains("AWS_CONTAINER_CREDENTIALS_FULL_URI of the operator") == true)
            #expect(aws.network.requests.isEmpty)
        }
    }

    @Test(arguments: [
        ([:], [], "give it a service account with a role"),
        (["AWS_ACCESS_KEY_ID": "canary"], [], "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in its environment"),
        (["AWS_WEB_IDENTITY_TOKEN_FILE": "/token"], [], "no AWS_ROLE_ARN"),
        (web, ["/token"], "AWS_WEB_IDENTITY_TOKEN_FILE of the operator: the file \"/token\" cannot be read"),
        (all(web, ["AWS_WEB_IDENTITY_TOKEN_FILE": "/empty"]), [], "the operator: the file is empty"),
        (all(web, ["AWS_ENDPOINT_URL_STS": "canary"]), [], "AWS_ENDPOINT_URL_STS of the operator is no http"),
        (all(full, ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/no"]), [], "TOKEN_FILE of the operator: the file"),
        (all(full, ["AWS_CONTAINER_AUTHORIZATION_TOKEN": "canary\r\nX: y"]), [], "more than one line"),
    ])
    func `what is missing in the operator's environment is told, and nothing is asked`(
        variables: [String: String],
        gone: [String],
        text: String
    ) async throws {
        let aws = AWSFixture(variables, files: ["/token": "canary", "/empty": ""])
        for path in gone { aws.write(nil, to: path) }
        let error = await #expect(throws: ScalerError.self) { try await aws.read() }
        #expect(error?.description.contains(text) == true, "\(String(describing: error))")
        #expect(!String(reflecting: error).contains("canary"))
        #expect(aws.network.requests.isEmpty)
    }

    @Test(arguments: ["eu-west-1.evil.example/", "evil", "EU-WEST-1", "x@evil-1", "eu-west-1#", "-1"])
    func `only a region makes a host of STS`(region: String) throws {
        let error = #expect(throws: SettingsError.self) { try AWSFixture.scaler(["awsRegion": region]) }
        #expect(error?.description.contains("awsRegion") == true)
    }

    @Test func `another owner of the identity is refused`() {
        let error = #expect(throws: SettingsError.self) { try AWSFixture.scaler(["identityOwner": "me"]) }
        #expect(error?.description.contains("identityOwner") == true)
    }

    @Test(arguments: ["operator", "pod"])
    func `a role is assumed with the operator's own credentials`(owner: String) async throws {
        let aws = AWSFixture(Self.web)
        aws.expectRole("WEB")
        aws.expectRole("ROLE", of: "AssumeRole")
        let scaler = try AWSFixture.scaler(
            ["identityOwner": owner],
            ["awsRoleArn": "arn:aws:iam::2:role/x", "awsExternalId": "e 1", "awsAccessKeyID": "UNUSED"]
        )
        for second in [0, 1] { #expect(try await aws.read(scaler, at: second) == 7) }
        let sts = "POST sts.eu-west-1.amazonaws.com"
        #expect(aws.story == [sts, sts, "ROLE", "ROLE"])
        let request = aws.loans[1]
        #expect(
            request.form
                == "Action=AssumeRole&ExternalId=e+1&RoleArn=arn%3Aaws%3Aiam%3A%3A2%3Arole%2Fx"
                + "&RoleSessionName=swell-operator&Version=2011-06-15"
        )
        #expect(request.accessKey == "WEB")
        let scope =
            "/eu-west-1/sts/aws4_request, SignedHeaders=accept;content-type;host;x-amz-date;x-amz-security-token,"
        #expect(request.secretHeaders["Authorization"]?.withValue { $0.contains(scope) } == true)
        #expect(!String(reflecting: request).contains("role"))
    }

    @Test func `keeps the scaler contract as the operator and in a role`() async throws {
        let settings = [
            "serverAddress": "https://aps", "query": "q", "threshold": "1", "awsRegion": "eu-west-1",
            "identityOwner": "operator",
        ]
        for authentication: [String: Secret<String>] in [[:], ["awsRoleArn": "arn", "awsExternalId": "e"]] {
            try await ScalerContract.verify(
                PrometheusScaler.self,
                valid: settings,
                authentication: authentication,
                http: { request in
                    guard request.method == .post else {
                        let body = #"{"status":"success","data":{"resultType":"scalar","result":[0,"7"]}}"#
                        return HTTPResponse(status: 200, body: [UInt8](body.utf8))
                    }
                    let action = request.form.contains("WebIdentity") ? "AssumeRoleWithWebIdentity" : "AssumeRole"
                    let body = AWSFixture.role("KEY", end: "1800003600", of: action)
                    return HTTPResponse(status: 200, body: [UInt8](body.utf8))
                },
                process: AWSFixture(Self.web).process
            )
        }
    }
}
