import KubeModel

/// One request to the cluster: what KubeModel says, and how the answer is to look.
struct APIRequest: Sendable {
    /// Method, path, query, body.
    var request: KubeRequest
    /// The `Accept` header; empty takes anything.
    var accept = ""
    /// The `User-Agent` header.
    var userAgent = ""

    /// The first value of a query parameter.
    subscript(query name: String) -> String? {
        request.query.first { $0.name == name }?.value
    }

    /// A query parameter as a truth value; absent is false.
    func flag(_ name: String) -> Bool {
        ["true", "1"].contains(self[query: name]?.lowercased())
    }

    /// The media types in ``accept``, in order, parameters as `name=value`.
    var acceptedTypes: [[String]] {
        accept.split(separator: ",")
            .map { type in
                type.split(separator: ";")
                    .map { part in
                        part.trimmingPrefix { $0 == " " }.lowercased().filter { $0 != " " }
                    }
            }
    }

    /// In which shape objects are to be sent.
    ///
    /// - Throws: 406 where only shapes are accepted that we do not have.
    func shape() throws(APIFailure) -> AnswerShape {
        guard !accept.isEmpty else { return .plain }
        for type in acceptedTypes {
            guard let name = type.first, ["application/json", "application/*", "*/*"].contains(name) else { continue }
            switch type.first(where: { $0.hasPrefix("as=") }) {
            case nil: return .plain
            case "as=table" where type.contains("v=v1"): return .table
            case "as=partialobjectmetadata" where type.contains("v=v1"): return .metadata
            case "as=partialobjectmetadatalist" where type.contains("v=v1"): return .metadata
            default: continue
            }
        }
        throw .notAcceptable
    }

    /// Whether the request is only to be tried.
    ///
    /// - Throws: 422 for a value other than `All`.
    func isDryRun() throws(APIFailure) -> Bool {
        let wishes = request.query.filter { $0.name == "dryRun" && !$0.value.isEmpty }.map(\.value)
        guard wishes.allSatisfy({ $0 == "All" }) else {
            throw .invalidOptions([.unsupported("dryRun", wishes.joined(separator: ","), ["All"])])
        }
        return !wishes.isEmpty
    }

    /// The body as JSON, which it may also be in the protocol buffers of kubectl.
    ///
    /// - Throws: 413 past the limit, 415 for another media type, 400 for what is no JSON object.
    func json() throws(APIFailure) -> JSONValue {
        switch request.contentType.map(Self.mediaType) ?? "" {
        case "", "application/json": return try parsedBody()
        case ProtobufBody.mediaType:
            guard request.body.count <= Self.bodyLimit else { throw .tooLarge(limit: Self.bodyLimit) }
            return try ProtobufBody.object(request.body)
        default: throw .unsupportedMediaType(["application/json", ProtobufBody.mediaType])
        }
    }

    /// The body as JSON, whatever the media type says.
    ///
    /// - Throws: 413 past the limit, 400 for what is no JSON.
    func parsedBody() throws(APIFailure) -> JSONValue {
        guard request.body.count <= Self.bodyLimit else { throw .tooLarge(limit: Self.bodyLimit) }
        do {
            return try KubeJSON.decode(JSONValue.self, from: request.body)
        } catch {
            throw .badRequest("the object provided is unrecognized (must be of type JSON): the body is not valid JSON")
        }
    }

    /// A media type without its parameters, in lower case.
    static func mediaType(_ header: String) -> String {
        header.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
    }

    /// Bytes of a body at most.
    ///
    /// - Source: Kubernetes, `apiserver/pkg/server/config.go`, `MaxRequestBodyBytes`.
    static let bodyLimit = 3 * 1024 * 1024
}

/// In which shape objects are sent.
enum AnswerShape: Sendable {
    /// As they are.
    case plain
    /// As rows of a `meta.k8s.io/v1` Table, for kubectl.
    case table
    /// Their metadata only.
    case metadata
}
