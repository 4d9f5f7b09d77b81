import KubeModel
import Outbound
import Synchronization
import TestKit
import Testing

@testable import MetricsAPI

@Suite(.timeLimit(.minutes(1))) struct CachedReviewsTests {
    /// Reviews that answer a token with this JSON.
    func reviews(_ status: JSONValue?, asked: Tally = Tally()) -> CachedReviews {
        let reviews = Reviews(
            token: { _ in
                _ = asked.next()
                return try status.map { try KubeJSON.decode(TokenReview.Status.self, from: $0) }
            },
            access: { _ in nil }
        )
        return CachedReviews(reviews, time: ManualClock().source)
    }

    @Test func `a good token is its user's, asked for once`() async throws {
        let asked = Tally()
        let reviews = reviews(["authenticated": true, "user": ["username": "jane", "groups": ["dev"]]], asked: asked)
        for _ in 0..<3 { #expect(try await reviews.user(of: "t0ken")?.username == "jane") }
        #expect(asked.next() == 2)
        #expect(try await reviews.user(of: "another")?.username == "jane")
        #expect(asked.next() == 4)
    }

    @Test(
        arguments: [
            ["authenticated": false], [:], ["authenticated": false, "error": "invalid bearer token"],
            ["authenticated": true],
            ["authenticated": true, "user": ["username": ""]], ["user": ["username": "jane"]],
            ["authenticated": false, "user": ["username": "jane"]],
        ] as [JSONValue]
    )
    func `any other answer is nobody`(status: JSONValue) async throws {
        #expect(try await reviews(status).user(of: "t0ken") == nil)
    }

    @Test func `no answer is an error, never an allowance`() async throws {
        let error = await #expect(throws: AccessError.self) { try await reviews(nil).user(of: "t0ken") }
        #expect(error?.code == .reviewFailed)
        let review = SubjectAccessReview(user: UserInfo(username: "jane"), nonResource: .init(path: "/", verb: "get"))
        await #expect(throws: AccessError.self) { try await reviews(nil).access(review) }
    }

    @Test func `an error of the API server is told without the token`() async throws {
        let reviews = CachedReviews(
            Reviews(
                token: { _ in throw OutboundError(.cannotConnect, "the API server is away") },
                access: { _ in nil }
            ),
            time: ManualClock().source
        )
        let error = await #expect(throws: AccessError.self) { try await reviews.user(of: "canary-token") }
        #expect(error?.code == .reviewFailed)
        #expect(error.map { "\($0)\(String(reflecting: $0))" }?.contains("canary") == false)
    }
}
