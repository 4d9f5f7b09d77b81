import KubeModel

/// Finds out whether a caller may.
struct Authorizer: Sendable {
    /// Those who may do everything, whatever RBAC says.
    ///
    /// - Source: Kubernetes, "Using RBAC Authorization", privilege escalation prevention.
    static let masters = "system:masters"

    /// Asks the API server.
    let review: @Sendable (SubjectAccessReview) async throws(AccessError) -> SubjectAccessReview.Status

    /// The refusal, or `nil` when the caller may.
    ///
    /// - Throws: ``AccessError`` `.reviewFailed` when the API server cannot be asked, which is never an allowance.
    func refusal(of question: AccessQuestion, to user: UserInfo) async throws(AccessError) -> KubeStatus? {
        if user.groups?.contains(Self.masters) == true { return nil }
        let status = try await review(question.review(for: user))
        return status.allowed ? nil : question.forbidden(to: user, because: status.reason)
    }
}
