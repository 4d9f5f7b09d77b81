import KubeModel

/// A PATCH request's body, read by its media type.
enum Patch: Sendable {
    /// RFC 6902.
    case json([JSONPatch.Operation])
    /// RFC 7386.
    case merge(JSONValue)
    /// Kubernetes' own.
    case strategic(JSONValue)

    /// Reads the body.
    ///
    /// - Throws: 415 for other media types and for strategic patches of custom kinds; 400 for a body that is no patch;
    ///   422 where it is to be forced, which only server-side apply can be.
    init(_ request: APIRequest, _ target: ResourceTarget) throws(APIFailure) {
        let isBuiltIn = target.kind.mergesStrategically || target.subresource == "scale"
        var accepted: [KubeRequest.PatchKind] = [.json, .merge]
        if isBuiltIn { accepted.append(.strategicMerge) }
        if target.subresource != "scale" { accepted.append(.apply) }
        let type = APIRequest.mediaType(request.request.contentType ?? "")
        guard let kind = accepted.first(where: { $0.rawValue == type && $0 != .apply }) else {
            throw .unsupportedMediaType(accepted.map(\.rawValue))
        }
        guard request[query: "force"] == nil else {
            throw .invalidOptions([.forbidden("force", "may not be specified for non-apply patch")], of: "PatchOptions")
        }
        let body = try request.parsedBody()
        switch kind {
        case .json: self = .json(try JSONPatch.parse(body))
        case .merge, .strategicMerge, .apply:
            guard body.object != nil else { throw .badRequest("the patch is not a JSON object") }
            self = kind == .merge ? .merge(body) : .strategic(body)
        }
    }

    /// The object after the patch.
    ///
    /// - Throws: 400 or 422 for a patch that does not fit the object.
    func apply(to object: JSONValue, _ target: ResourceTarget) throws(APIFailure) -> JSONValue {
        switch self {
        case .json(let operations): try JSONPatch.apply(operations, to: object)
        case .merge(let patch): MergePatch.apply(patch, to: object)
        case .strategic(let patch): try StrategicMergePatch.apply(patch, to: object)
        }
    }
}
