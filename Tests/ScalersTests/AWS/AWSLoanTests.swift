import Outbound
import ScalerKit
import Scalers
import TestKit
import Testing

/// How lent AWS credentials are kept, replaced and refused.
@Suite struct AWSLoanTests {
    /// An operator with a role for its service account.
    let aws = AWSFixture(AWSIdentityTests.web)
    /// How the story of a loan begins.
    static let sts = "POST sts.eu-west-1.amazonaws.com"

    @Test func `credentials are kept until five minutes before they expire, for all triggers`() async throws {
        aws.expectRole("ONE", until: 3600)
        for second in [0, 1, 3299] {
            #expect(try await aws.read(AWSFixture.scaler(["query": "q\(second)"]), at: second) == 7)
        }
        aws.write("rotated", to: "/token")
        aws.expectRole("TWO", until: 7200)
        #expect(try await aws.read(at: 3300) == 7)
        #expect(aws.story == [Self.sts, "ONE", "ONE", "ONE", Self.sts, "TWO"])
        #expect(aws.loans.map { $0.form.hasSuffix("=rotated") } == [false, true])
        aws.expectRole("FAR", until: 7200)
        #expect(try await aws.read(AWSFixture.scaler(["awsRegion": "us-east-1"]), at: 3301) == 7)
        #expect(aws.story.suffix(2) == ["POST sts.us-east-1.amazonaws.com", "FAR"])
    }

    @Test(
        arguments: [
            ("1800000900", 600), ("1800000900.0", 600), ("1.8000009E9", 600), (#""1800000900""#, 600),
            (#""2027-01-15T08:15:00Z""#, 600), (#""2027-01-15T09:15:00.000+01:00""#, 600),
            ("1800000100", 50),  // Half of what is left where that is more.
            ("null", 300), (#""soon""#, 300), ("1e300", 42_900),
        ]
    )
    func `the end of a loan is understood as lenders write it`(end: String, lifetime: Int) async throws {
        aws.network.expect(.post, "/", .json(AWSFixture.role("ONE", end: end)))
        for second in [0, lifetime - 1] { _ = try await aws.read(at: second) }
        #expect(aws.loans.count == 1)
        aws.expectRole("TWO", until: 100_000)
        _ = try await aws.read(at: lifetime)
        #expect(aws.story.last == "TWO")
    }

    @Test func `one fetch serves all who wait`() async throws {
        aws.expectRole("ONE")
        let aws = aws
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { try await aws.read() } }
            for try await value in group { #expect(value == 7) }
        }
        #expect(aws.loans.count == 1)
        try aws.network.verify()
    }

    @Test func `credentials that are refused are replaced, at most once a minute`() async throws {
        aws.expectRole("ONE")
        _ = try await aws.read()
        aws.refuse("ONE")
        let error = await #expect(throws: ScalerError.self) { try await aws.read(at: 59) }
        #expect(error?.description.contains("status 403") == true)
        #expect(aws.story == [Self.sts, "ONE", "ONE"])
        aws.expectRole("TWO")
        #expect(try await aws.read(at: 60) == 7)
        #expect(aws.story.suffix(3) == ["ONE", Self.sts, "TWO"])
        aws.refuse("TWO")
        for second in [61, 119] {
            await #expect(throws: ScalerError.self) { try await aws.read(at: second) }
        }
        #expect(aws.loans.count == 2)
        aws.expectRole("TWO")
        await #expect(throws: ScalerError.self) { try await aws.read(at: 120) }
        #expect(aws.story.suffix(3) == ["TWO", Self.sts, "TWO"])
    }

    @Test func `keys that do not change are not asked for again`() async throws {
        let aws = AWSFixture(AWSIdentityTests.keys)
        aws.refuse("STATIC")
        await #expect(throws: ScalerError.self) { try await aws.read(at: 1000) }
        #expect(aws.story == ["STATIC"])
    }

    @Test(arguments: [
        (
            #"{"Error":{"Code":"AccessDenied","Message":"canary"}}"#, 403,
            "AWS STS answered with status 403 (AccessDenied); "
        ),
        (#"{"Error":{"Code":"canary"}}"#, 400, "status 400; check AWS_ROLE_ARN"), ("canary", 500, "status 500; "),
        ("<html>canary</html>", 200, "without credentials in JSON"), ("{}", 200, "without credentials"),
        (AWSFixture.role("canary", end: "1799999999"), 200, "have expired"),
        (AWSFixture.role("canary key", end: "1800003600"), 200, "without credentials"),
        (AWSFixture.role("", end: "1800003600"), 200, "without credentials"),
        (AWSFixture.role("canary", end: "1800003600").replacing("Secret", with: "S"), 200, "without credentials"),
    ])
    func `a refusal of STS is told without its words`(body: String, status: Int, text: String) async throws {
        aws.network.expect(.post, "/", .json(body, status: status))
        let error = await #expect(throws: ScalerError.self) { try await aws.read() }
        #expect(error?.description.contains(text) == true, "\(String(describing: error))")
        #expect(!String(reflecting: error).contains("canary"))
        #expect(aws.story == [Self.sts])
        aws.expectRole("ONE")
        #expect(try await aws.read() == 7, "a failure is not kept")
    }

    @Test func `an agent that refuses is told as such`() async throws {
        let aws = AWSFixture(AWSIdentityTests.full)
        aws.network.expect(.get, "/v1/credentials", .json(#"{"code":"AccessDeniedException"}"#, status: 400))
        let error = await #expect(throws: ScalerError.self) { try await aws.read() }
        #expect(error?.description.contains("status 400 (AccessDeniedException); check the EKS Pod Identity") == true)
    }

    @Test func `a lender that does not answer is not taken for the source`() async throws {
        aws.network.expect(.post, "/", .failure(OutboundError(.timedOut, "no answer within 3 s")))
        let error = await #expect(throws: OutboundError.self) { try await aws.read() }
        #expect(error?.code == .timedOut && error?.description == "AWS credentials: no answer within 3 s")
    }

    @Test func `a role that may not be assumed is told without its name`() async throws {
        aws.expectRole("ONE")
        aws.network.expect(.post, "/", .json(#"{"Error":{"Code":"AccessDenied"}}"#, status: 403))
        let scaler = try AWSFixture.scaler([:], ["awsRoleArn": "canary"])
        let error = await #expect(throws: ScalerError.self) { try await aws.read(scaler) }
        #expect(error?.description.contains("(AccessDenied); check awsRoleArn") == true)
        #expect(!String(reflecting: error).contains("canary"))
    }
}
