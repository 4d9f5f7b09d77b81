import KubeModel

/// Questions to the API server. This is a development cluster: everybody is an administrator.
extension BuiltInKinds {
    /// Whose token is this? Anybody's, unless it is empty.
    static let tokenReviews = question("TokenReview", "tokenreviews", group: "authentication.k8s.io") { review in
        let token = review[path: "spec", "token"]?.string ?? ""
        guard !token.isEmpty else { return ["authenticated": false, "error": "the token is empty"] }
        return [
            "authenticated": true,
            "user": ["username": "local-admin", "groups": ["system:masters", "system:authenticated"]],
        ]
    }

    /// May somebody do this? Yes.
    static let subjectAccessReviews = question(
        "SubjectAccessReview",
        "subjectaccessreviews",
        group: "authorization.k8s.io",
        allowed
    )

    /// May I do this? Yes.
    static let selfSubjectAccessReviews = question(
        "SelfSubjectAccessReview",
        "selfsubjectaccessreviews",
        group: "authorization.k8s.io",
        allowed
    )

    /// The one answer of the two above.
    private static func allowed(_ review: JSONValue) -> JSONValue {
        ["allowed": true, "reason": "the local cluster allows everything"]
    }

    /// A kind that is only asked; the answer is its status.
    private static func question(
        _ kind: String,
        _ plural: String,
        group: String,
        _ answer: @escaping @Sendable (JSONValue) -> JSONValue
    ) -> Kind {
        Kind(
            names: .init(kind: kind, plural: plural, singular: kind.lowercased()),
            isNamespaced: false,
            views: [.init(version: GroupVersion(group, "v1"))],
            review: { review in
                var review = review
                review["status"] = answer(review)
                return review
            }
        )
    }
}
