/// Asks the API server whose token this is.
public struct TokenReview: Codable, Sendable {
    /// `authentication.k8s.io/v1` TokenReview.
    public static let resourceType = ResourceType(
        GroupVersion("authentication.k8s.io", "v1"),
        kind: "TokenReview",
        plural: "tokenreviews",
        isNamespaced: false
    )
    /// `authentication.k8s.io/v1`.
    public var apiVersion: String
    /// `TokenReview`.
    public var kind: String
    /// The question.
    ///
    /// The token in it is a secret: a review is never logged.
    public var spec: Spec
    /// The answer.
    public var status: Status?

    /// The question.
    public struct Spec: Codable, Sendable {
        /// The bearer token.
        public var token: String
    }

    /// The answer.
    public struct Status: Codable, Sendable {
        /// Whether the token is good.
        public var authenticated: Bool?
        /// Whose it is.
        public var user: UserInfo?
        /// Why it could not be checked.
        public var error: String?
    }

    /// Asks about a token.
    public init(token: String) {
        self.apiVersion = "authentication.k8s.io/v1"
        self.kind = "TokenReview"
        self.spec = Spec(token: token)
    }
}

/// Who asks.
public struct UserInfo: Codable, Sendable, Hashable {
    /// Such as `system:serviceaccount:keda:keda-operator`.
    public var username: String?
    /// Set by some authenticators.
    public var uid: String?
    /// Such as `system:masters`.
    public var groups: [String]?
    /// Whatever the authenticator adds.
    public var extra: [String: [String]]?

    /// Makes a user.
    public init(username: String, uid: String? = nil, groups: [String] = [], extra: [String: [String]] = [:]) {
        self.username = username
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }
}

/// Asks the API server whether somebody may do something.
public struct SubjectAccessReview: Codable, Sendable {
    /// `authorization.k8s.io/v1` SubjectAccessReview.
    public static let resourceType = ResourceType(
        GroupVersion("authorization.k8s.io", "v1"),
        kind: "SubjectAccessReview",
        plural: "subjectaccessreviews",
        isNamespaced: false
    )
    /// `authorization.k8s.io/v1`.
    public var apiVersion: String
    /// `SubjectAccessReview`.
    public var kind: String
    /// The question.
    public var spec: Spec
    /// The answer.
    public var status: Status?

    /// The question; one of the two kinds of attributes is set.
    public struct Spec: Codable, Sendable, Hashable {
        /// Who.
        public var user: String?
        /// Who else they are.
        public var groups: [String]?
        /// See ``UserInfo/uid``.
        public var uid: String?
        /// See ``UserInfo/extra``.
        public var extra: [String: [String]]?
        /// What, if it is an object.
        public var resourceAttributes: ResourceAttributes?
        /// What, if it is only a path.
        public var nonResourceAttributes: NonResourceAttributes?
    }

    /// What is to be done to objects.
    public struct ResourceAttributes: Codable, Sendable, Hashable {
        /// Empty for all.
        public var namespace: String?
        /// Such as `list`.
        public var verb: String
        /// API group.
        public var group: String
        /// API version.
        public var version: String
        /// The plural, or here the name of a metric.
        public var resource: String
        /// Which object; `nil` for all.
        public var name: String?

        /// Makes attributes.
        public init(
            namespace: String?,
            verb: String,
            group: String,
            version: String,
            resource: String,
            name: String? = nil
        ) {
            self.namespace = namespace
            self.verb = verb
            self.group = group
            self.version = version
            self.resource = resource
            self.name = name
        }
    }

    /// What is to be done to a path.
    public struct NonResourceAttributes: Codable, Sendable, Hashable {
        /// Such as `/metrics`.
        public var path: String
        /// Such as `get`.
        public var verb: String

        /// Makes attributes.
        public init(path: String, verb: String) {
            self.path = path
            self.verb = verb
        }
    }

    /// The answer.
    public struct Status: Codable, Sendable {
        /// Whether it is allowed.
        public var allowed: Bool
        /// Why.
        public var reason: String?
    }

    /// Asks about one user and one thing.
    public init(
        user: UserInfo,
        resource: ResourceAttributes? = nil,
        nonResource: NonResourceAttributes? = nil
    ) {
        self.apiVersion = "authorization.k8s.io/v1"
        self.kind = "SubjectAccessReview"
        self.spec = Spec(
            user: user.username,
            groups: user.groups,
            uid: user.uid,
            extra: user.extra,
            resourceAttributes: resource,
            nonResourceAttributes: nonResource
        )
    }
}
