import Foundation
import KubeModel

extension ClusterState {
    /// GET of a collection: all of it, a page, or the next page of a list that has begun.
    ///
    /// Pages of one list all show the state in which it began: what has changed since is undone from the history.
    ///
    /// - Throws: 400, 406, 410 where the state of a page is forgotten, 504 for a state that is yet to come.
    func list(_ request: APIRequest, _ target: ResourceTarget, now: Date) throws(APIFailure) -> JSONValue {
        let renderer = try ObjectRenderer(target, request)
        let selection = try Selection(request, of: target)
        let limit = try Self.limit(request)
        let token = try request[query: "continue"].flatMap { $0.isEmpty ? nil : $0 }.map(ContinueToken.init(parsing:))
        let point = try point(request, token)
        guard let objects = objects(target.kind.id, at: point) else {
            // The page can still be had, from the present state.
            throw Self.expiredPage(token.map { ContinueToken(revision: -1, after: $0.after).text })
        }
        let matching = objects.sorted { $0.key < $1.key }
            .filter { key, object in
                (token.map { $0.after < key } ?? true) && selection.matches(object, target.kind, target.view)
            }
        let page = limit.map { Array(matching.prefix($0)) } ?? matching
        var metadata: JSONValue = ["resourceVersion": .string(String(point))]
        if page.count < matching.count, let last = page.last {
            metadata["continue"] = .string(ContinueToken(revision: point, after: last.key).text)
            if selection.isPlain { metadata["remainingItemCount"] = .integer(Int64(matching.count - page.count)) }
        }
        return renderer.list(page.map(\.value), metadata: metadata, now: now)
    }

    /// Which state the list is to show.
    private func point(_ request: APIRequest, _ token: ContinueToken?) throws(APIFailure) -> Int64 {
        let asked = request[query: "resourceVersion"] ?? ""
        if let token {
            guard asked.isEmpty || asked == "0" else {
                throw .badRequest("specifying resource version is not allowed when using continue")
            }
            return token.revision < 0 ? revision : token.revision
        }
        let wish = try Self.revision(asked) ?? 0
        guard wish <= revision else {
            throw APIFailure(
                504,
                .timeout,
                "Too large resource version: \(wish), current: \(revision)",
                details: .init(
                    causes: [
                        .init(reason: "ResourceVersionTooLarge", message: "Too large resource version", field: nil)
                    ],
                    retryAfterSeconds: 1
                )
            )
        }
        return request[query: "resourceVersionMatch"] == "Exact" ? wish : revision
    }

    /// The objects of a kind as they were at a revision; `nil` where that is forgotten.
    private func objects(_ kind: Kind.ID, at point: Int64) -> [ObjectKey: JSONValue]? {
        let shelf = shelf(kind)
        guard let changes = shelf.history.changes(after: point, limit: .max) else { return nil }
        var objects = shelf.objects
        for change in changes.reversed() { objects[change.key] = change.before }
        return objects
    }

    /// The page size; `nil` for everything.
    private static func limit(_ request: APIRequest) throws(APIFailure) -> Int? {
        guard let text = request[query: "limit"], !text.isEmpty else { return nil }
        guard let limit = Int(text), limit >= 0 else { throw .badRequest("limit is not a whole number: \(text)") }
        return limit == 0 ? nil : limit
    }

    /// A resource version as a number; `nil` if none is given.
    static func revision(_ text: String) throws(APIFailure) -> Int64? {
        guard !text.isEmpty else { return nil }
        guard let revision = Int64(text), revision >= 0 else {
            throw .badRequest("Invalid value: \"\(text)\": strconv.ParseUint: parsing \"\(text)\": invalid syntax")
        }
        return revision
    }

    /// 410 for a page, with the token that goes on from the present state.
    private static func expiredPage(_ token: String?) -> APIFailure {
        guard let token else { return .expired("The resourceVersion for the provided list is too old.") }
        var failure = APIFailure.expired(
            "The provided continue parameter is too old to display a consistent list result. You can start a new list "
                + "without the continue parameter, or use the continue token in this response to retrieve the "
                + "remainder of the results. Continuing with the provided token results in an inconsistent list - "
                + "objects that were created, modified, or deleted between the time the first chunk was returned "
                + "and now may show up in the list."
        )
        failure.status.metadata.continue = token
        return failure
    }
}

/// Where a list goes on.
private struct ContinueToken {
    /// The state that the list shows; negative for the present one, when the first is forgotten.
    let revision: Int64
    /// The last object of the page before.
    let after: ObjectKey

    /// Continues from a state after an object.
    init(revision: Int64, after: ObjectKey) {
        self.revision = revision
        self.after = after
    }

    /// Reads a client's token.
    ///
    /// - Throws: 400 for what we never gave out.
    init(parsing text: String) throws(APIFailure) {
        let parts = Data(base64Encoded: text).map { String(decoding: $0, as: UTF8.self) }?
            .split(separator: "/", omittingEmptySubsequences: false)
        guard let parts, parts.count == 3, let revision = Int64(parts[0]) else {
            throw .badRequest("continue key is not valid")
        }
        self.init(revision: revision, after: ObjectKey(namespace: String(parts[1]), name: String(parts[2])))
    }

    /// As clients carry it.
    var text: String {
        Data("\(revision)/\(after.namespace)/\(after.name)".utf8).base64EncodedString()
    }
}
