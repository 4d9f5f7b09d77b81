import Crypto
import Foundation
import KubeModel
import Outbound

/// Reviews that are remembered for a moment.
final class CachedReviews: Sendable {
    /// Asks.
    private let reviews: Reviews
    /// Whose tokens are, `nil` for nobody's; keyed by SHA-256, so that no token stays in memory.
    private let tokens: ReviewCache<[UInt8], UserInfo?>
    /// Who may what.
    private let accesses: ReviewCache<SubjectAccessReview.Spec, SubjectAccessReview.Status>

    /// Remembers nothing yet.
    init(_ reviews: Reviews, time: TimeSource) {
        self.reviews = reviews
        self.tokens = ReviewCache(time: time)
        self.accesses = ReviewCache(time: time)
    }

    /// Whose a token is; `nil` when it is nobody's.
    ///
    /// - Throws: ``AccessError`` `.reviewFailed`.
    func user(of token: Secret<String>) async throws(AccessError) -> UserInfo? {
        let digest = token.withValue { Array(SHA256.hash(data: Data($0.utf8))) }
        return try await tokens.answer(for: digest) { () async throws(AccessError) -> UserInfo? in
            let status = try await Self.asking("whose a token is") {
                try await self.reviews.token(token.withValue { TokenReview(token: $0) })
            }
            guard status.authenticated == true, let user = status.user, user.username?.isEmpty == false else {
                return nil
            }
            return user
        }
    }

    /// Whether somebody may.
    ///
    /// - Throws: ``AccessError`` `.reviewFailed`.
    func access(_ review: SubjectAccessReview) async throws(AccessError) -> SubjectAccessReview.Status {
        try await accesses.answer(for: review.spec) { () async throws(AccessError) -> SubjectAccessReview.Status in
            try await Self.asking("whether a caller may") { try await self.reviews.access(review) }
        }
    }

    /// Asks, and words a failure; an answer without a status is one.
    private static func asking<Status: Sendable>(
        _ what: String,
        _ ask: () async throws -> Status?
    ) async throws(AccessError) -> Status {
        let status: Status?
        do {
            status = try await ask()
        } catch {
            throw AccessError(.reviewFailed, "the API server could not be asked \(what)", cause: error)
        }
        guard let status else { throw AccessError(.reviewFailed, "the API server did not say \(what)") }
        return status
    }
}
