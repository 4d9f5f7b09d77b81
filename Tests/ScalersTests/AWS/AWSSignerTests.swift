import Foundation
import Outbound
import Testing

@testable import Scalers

/// Cases of the test suite that AWS has published for Signature Version 4, with its example keys.
@Suite struct AWSSignerTests {
    /// One case of the suite.
    struct Vector: Sendable, CustomTestStringConvertible {
        /// What the suite calls it.
        let name: String
        /// What is done.
        var method = HTTPRequest.Method.get
        /// To what, below the host.
        var target = "/"
        /// With which headers.
        var headers: [HTTPRequest.Header] = []
        /// With which body.
        var body = ""
        /// With which session token.
        var token: Secret<String>?
        /// The names of the headers that are signed.
        let signed: String
        /// The signature.
        let signature: String

        var testDescription: String { name }
    }

    /// A session token that never was one.
    static let token: Secret<String> =
        "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="

    static let vectors = [
        Vector(
            name: "get-vanilla",
            signed: "host;x-amz-date",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        ),
        Vector(
            name: "get-vanilla-query-order-key-case",
            target: "/?Param2=value2&Param1=value1",
            signed: "host;x-amz-date",
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
        ),
        Vector(
            name: "get-unreserved",
            target: "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            signed: "host;x-amz-date",
            signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"
        ),
        Vector(
            name: "get-special-character",
            target: "/example/$delete",
            signed: "host;x-amz-date",
            signature: "a853c9b21b528b19643d00910d35b83a10c366a10833ceefb45edd6c80e40f27"
        ),
        Vector(
            name: "get-header-key-duplicate",
            headers: [
                .init("My-Header1", "value2"), .init("My-Header1", "value2"), .init("My-Header1", "value1"),
            ],
            signed: "host;my-header1;x-amz-date",
            signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"
        ),
        Vector(
            name: "get-header-value-trim",
            headers: [.init("My-Header1", " value1"), .init("My-Header2", #""a   b   c""#)],
            signed: "host;my-header1;my-header2;x-amz-date",
            signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
        ),
        Vector(
            name: "post-header-key-sort",
            method: .post,
            headers: [.init("My-Header1", "value1")],
            signed: "host;my-header1;x-amz-date",
            signature: "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"
        ),
        Vector(
            name: "post-x-www-form-urlencoded",
            method: .post,
            headers: [.init("Content-Type", "application/x-www-form-urlencoded")],
            body: "Param1=value1",
            signed: "content-type;host;x-amz-date",
            signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
        ),
        Vector(
            name: "post-sts-header-before",
            method: .post,
            token: token,
            signed: "host;x-amz-date;x-amz-security-token",
            signature: "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"
        ),
    ]

    /// The suite's signer.
    static func signer(_ token: Secret<String>? = nil, service: String = "service") -> AWSSigner {
        let credentials = AWSCredentials(
            accessKeyID: "AKIDEXAMPLE",
            secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            sessionToken: token
        )
        return AWSSigner(credentials: credentials, region: "us-east-1", service: service)
    }

    /// The suite's time.
    static var time: Date { get throws { try Date("2015-08-30T12:36:00Z", strategy: .iso8601) } }

    @Test(arguments: vectors)
    func `requests are signed as AWS's test suite has it`(vector: Vector) throws {
        let url = try WebAddress.parse("https://example.amazonaws.com\(vector.target)").address
        let request = HTTPRequest(vector.method, url, headers: vector.headers, body: [UInt8](vector.body.utf8))
        let signed = Self.signer(vector.token).sign(request, at: try Self.time)
        #expect(
            signed.secretHeaders["Authorization"]?.withValue { $0 }
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=\(vector.signed), Signature=\(vector.signature)"
        )
        #expect(signed.headers.last == .init("X-Amz-Date", "20150830T123600Z"))
        #expect(signed.secretHeaders["X-Amz-Security-Token"] == vector.token)
    }

    @Test func `the IAM example of AWS's documentation has its signature`() throws {
        let url = WebAddress(scheme: "https", host: "iam.amazonaws.com").asking("Action", "ListUsers")
            .asking("Version", "2010-05-08")
        let request = HTTPRequest(
            .get,
            url,
            headers: [.init("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]
        )
        let signed = Self.signer(service: "iam").sign(request, at: try Self.time)
        let signature = "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
        #expect(signed.secretHeaders["Authorization"]?.withValue { $0.hasSuffix(signature) } == true)
    }

    @Test func `the port that https has anyway is not signed, another one is`() throws {
        let time = try Self.time
        let authorizations = ["example.amazonaws.com", "example.amazonaws.com:443", "example.amazonaws.com:8443"]
            .map { host in
                Result { try WebAddress.parse("https://\(host)/").address }
                    .map { Self.signer().sign(HTTPRequest(.get, $0), at: time).secretHeaders["Authorization"] }
            }
        #expect(try authorizations[0].get() == authorizations[1].get())
        #expect(try authorizations[0].get() != authorizations[2].get())
    }

    @Test func `other authorization is dropped, and no key is seen`() throws {
        var request = HTTPRequest(
            .get,
            WebAddress(scheme: "https", host: "example.amazonaws.com"),
            headers: [.init("authorization", "Basic x"), .init("x-amz-date", "yesterday")],
            authorization: .bearer("t")
        )
        request = Self.signer(Self.token).sign(request, at: try Self.time)
        #expect(request.authorization == nil)
        #expect(request.headers == [.init("X-Amz-Date", "20150830T123600Z")])
        var dumped = ""
        dump((request, Self.signer(Self.token)), to: &dumped)
        #expect(!dumped.contains("AKIDEXAMPLE") && !dumped.contains("wJalr") && !dumped.contains("AQoDYXdz"))
    }
}
