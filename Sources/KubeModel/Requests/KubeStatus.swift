/// What the Kubernetes API answers when it refuses: a `v1` `Status`.
public struct KubeStatus: Codable, Sendable, Hashable {
    /// Always `Status`.
    public var kind: String
    /// Always `v1`.
    public var apiVersion: String
    /// An empty object, always there.
    public var metadata: ListMeta
    /// `Failure` or `Success`.
    public var status: String
    /// For people.
    public var message: String?
    /// For programs, such as `NotFound`; see ``Reason``.
    public var reason: String?
    /// The HTTP status.
    public var code: Int?
    /// What it is about, where the server says so.
    public var details: Details?

    /// What a status is about.
    public struct Details: Codable, Sendable, Hashable {
        /// The object's name.
        public var name: String?
        /// The group of its kind.
        public var group: String?
        /// The plural of its kind, as the server fills it.
        public var kind: String?
        /// The object's life.
        public var uid: String?
        /// Each problem, one by one.
        public var causes: [Cause]?
        /// How long to wait before another try.
        public var retryAfterSeconds: Int?

        /// Makes details.
        public init(
            name: String? = nil,
            group: String? = nil,
            kind: String? = nil,
            uid: String? = nil,
            causes: [Cause]? = nil,
            retryAfterSeconds: Int? = nil
        ) {
            self.name = name
            self.group = group
            self.kind = kind
            self.uid = uid
            self.causes = causes
            self.retryAfterSeconds = retryAfterSeconds
        }
    }

    /// One of several problems.
    public struct Cause: Codable, Sendable, Hashable {
        /// For programs, such as `FieldValueInvalid`.
        public var reason: String?
        /// For people.
        public var message: String?
        /// The path of the field.
        public var field: String?

        /// Makes a cause.
        public init(reason: String?, message: String?, field: String?) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// Makes a failure.
    public init(code: Int, reason: Reason?, message: String, details: Details? = nil) {
        self.kind = "Status"
        self.apiVersion = "v1"
        self.metadata = ListMeta()
        self.status = "Failure"
        self.message = message
        self.reason = reason?.rawValue
        self.code = code
        self.details = details
    }

    /// Reads what a server sent; absent parts are taken as empty.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.kind = try container.decodeIfPresent(String.self, forKey: .kind) ?? ""
        self.apiVersion = try container.decodeIfPresent(String.self, forKey: .apiVersion) ?? ""
        self.metadata = try container.decodeIfPresent(ListMeta.self, forKey: .metadata) ?? ListMeta()
        self.status = try container.decodeIfPresent(String.self, forKey: .status) ?? ""
        self.message = try container.decodeIfPresent(String.self, forKey: .message)
        self.reason = try container.decodeIfPresent(String.self, forKey: .reason)
        self.code = try container.decodeIfPresent(Int.self, forKey: .code)
        self.details = try container.decodeIfPresent(Details.self, forKey: .details)
    }

    /// The reasons that we tell apart or give.
    ///
    /// - Source: Kubernetes, `apimachinery/pkg/apis/meta/v1/types.go`.
    public enum Reason: String, Sendable, Hashable {
        case badRequest = "BadRequest"
        case unauthorized = "Unauthorized"
        case forbidden = "Forbidden"
        case notFound = "NotFound"
        case methodNotAllowed = "MethodNotAllowed"
        case notAcceptable = "NotAcceptable"
        case alreadyExists = "AlreadyExists"
        case conflict = "Conflict"
        case gone = "Gone"
        case expired = "Expired"
        case invalid = "Invalid"
        case unsupportedMediaType = "UnsupportedMediaType"
        case tooManyRequests = "TooManyRequests"
        case internalError = "InternalError"
        case serviceUnavailable = "ServiceUnavailable"
        case timeout = "Timeout"
        case requestEntityTooLarge = "RequestEntityTooLarge"
    }
}
