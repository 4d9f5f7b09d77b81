public import KubeClient
public import KubeModel

/// Asks the API server who somebody is and what they may.
///
/// A closure's error of any kind makes the call fail; it is never taken for an allowance.
public struct Reviews: Sendable {
    /// Asks whose a token is.
    public let token: @Sendable (TokenReview) async throws -> TokenReview.Status?
    /// Asks whether somebody may.
    public let access: @Sendable (SubjectAccessReview) async throws -> SubjectAccessReview.Status?

    /// Makes reviews from their two functions; each gives the review's `status`.
    public init(
        token: @escaping @Sendable (TokenReview) async throws -> TokenReview.Status?,
        access: @escaping @Sendable (SubjectAccessReview) async throws -> SubjectAccessReview.Status?
    ) {
        self.token = token
        self.access = access
    }

    /// Asks through a client of the cluster, whose account needs the ClusterRole `system:auth-delegator`.
    ///
    /// - Parameters:
    ///   - client: sends the reviews.
    ///   - deadline: of each; the caller behind it waits no longer than a few seconds either.
    public init(_ client: KubeClient, within deadline: Duration = .seconds(10)) {
        self.init(
            token: { review in
                let request = try KubeRequest.create(review, as: TokenReview.resourceType, in: nil)
                return try await client.answer(to: request, as: TokenReview.self, within: deadline).status
            },
            access: { review in
                let request = try KubeRequest.create(review, as: SubjectAccessReview.resourceType, in: nil)
                return try await client.answer(to: request, as: SubjectAccessReview.self, within: deadline).status
            }
        )
    }
}
