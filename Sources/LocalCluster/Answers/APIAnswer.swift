import KubeModel

/// What the cluster says to a request.
enum APIAnswer: Sendable {
    /// All at once.
    case whole(Answer)
    /// Little by little.
    case watch(WatchMachine)

    /// JSON with a status code.
    static func json(_ value: JSONValue, status: Int = 200) -> APIAnswer {
        .whole(Answer(status: status, body: .json(value)))
    }

    /// Plain text with a status code.
    static func text(_ text: String, status: Int = 200) -> APIAnswer {
        .whole(Answer(status: status, body: .bytes([UInt8](text.utf8), type: "text/plain; charset=utf-8")))
    }

    /// A refusal.
    static func failure(_ failure: APIFailure) -> APIAnswer {
        .whole(Answer(failure))
    }
}

/// A whole answer, not yet encoded: encoding happens outside the store's lock.
struct Answer: Sendable {
    /// What is said.
    enum Body: Sendable {
        /// To be encoded.
        case json(JSONValue)
        /// As it is.
        case bytes([UInt8], type: String)
    }

    /// The HTTP status.
    var status: Int
    /// What is said.
    var body: Body

    /// Makes an answer.
    init(status: Int, body: Body) {
        self.status = status
        self.body = body
    }

    /// A refusal as a `v1` Status.
    init(_ failure: APIFailure) {
        self.init(status: failure.status.code ?? 500, body: .json(failure.status.json))
    }

    /// Its media type and bytes.
    func encoded() -> (type: String, bytes: [UInt8]) {
        switch body {
        case .bytes(let bytes, let type): (type, bytes)
        case .json(let value): ("application/json", value.encoded())
        }
    }
}

extension JSONValue {
    /// As JSON text.
    ///
    /// Values here come from JSON texts and from whole numbers, so each has one; what could not be said in JSON, an
    /// infinite number of our own making, would be a mistake in this room.
    func encoded() -> [UInt8] {
        do {
            return try KubeJSON.encode(self)
        } catch {
            preconditionFailure("a stored object has no JSON: \(error)")
        }
    }

    /// As JSON text; see ``encoded()``.
    var text: String { String(decoding: encoded(), as: UTF8.self) }
}

extension KubeStatus {
    /// As plain JSON; absent parts are left out.
    var json: JSONValue {
        var json: JSONValue = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": .string(status),
        ]
        if let token = metadata.continue { json[path: "metadata", "continue"] = .string(token) }
        if let message { json["message"] = .string(message) }
        if let reason { json["reason"] = .string(reason) }
        if let details { json["details"] = details.json }
        if let code { json["code"] = .integer(Int64(code)) }
        return json
    }
}

extension KubeStatus.Details {
    /// As plain JSON; absent parts are left out.
    fileprivate var json: JSONValue {
        var json: JSONValue = [:]
        for (field, text) in [("name", name), ("group", group), ("kind", kind), ("uid", uid)] {
            if let text { json[field] = .string(text) }
        }
        if let retryAfterSeconds { json["retryAfterSeconds"] = .integer(Int64(retryAfterSeconds)) }
        if let causes, !causes.isEmpty {
            json["causes"] = .array(
                causes.map { cause in
                    var json: JSONValue = [:]
                    for (field, text) in [
                        ("reason", cause.reason), ("message", cause.message), ("field", cause.field),
                    ] {
                        if let text { json[field] = .string(text) }
                    }
                    return json
                }
            )
        }
        return json
    }
}
