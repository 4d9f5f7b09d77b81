/// One request to the Kubernetes API as a value; KubeClient sends it, LocalCluster answers it.
public struct KubeRequest: Sendable, Hashable {
    /// What is done.
    public enum Method: String, Sendable, Hashable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// One `name=value` of the query, not encoded.
    public struct QueryItem: Sendable, Hashable {
        /// The parameter.
        public var name: String
        /// What it is set to.
        public var value: String

        /// Makes an item.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// How a patch's body is to be read.
    public enum PatchKind: String, Sendable, Hashable {
        /// RFC 6902.
        case json = "application/json-patch+json"
        /// RFC 7386.
        case merge = "application/merge-patch+json"
        /// Kubernetes' own, which merges lists by key; built-in kinds only.
        case strategicMerge = "application/strategic-merge-patch+json"
        /// Server-side apply.
        case apply = "application/apply-patch+yaml"
    }

    /// What is done.
    public var method: Method
    /// The segments of the path, not encoded.
    public var path: [String]
    /// The query in order.
    public var query: [QueryItem]
    /// JSON, or empty.
    public var body: [UInt8]
    /// What `body` is; `nil` when it is empty.
    public var contentType: String?
    /// What the answer should be, as in an `Accept` header.
    public var accept = ObjectShape.json

    /// Makes a request from its parts.
    public init(
        _ method: Method,
        path: [String],
        query: [QueryItem] = [],
        body: [UInt8] = [],
        contentType: String? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.contentType = contentType
    }

    /// The path as text, not encoded, for logs.
    public var pathText: String { "/" + path.joined(separator: "/") }
}
