import Foundation
import KubeModel
import Outbound

/// Something that speaks the Kubernetes API.
protocol APIEndpoint: Sendable {
    /// Answers one request, whole.
    func answer(_ request: KubeRequest, accept: String) async throws -> Said

    /// Reads a watch until it has told so many events, or has ended.
    func events(_ request: KubeRequest, upTo count: Int) async throws -> [JSONValue]
}

/// What a server said.
struct Said: Sendable {
    /// The HTTP status.
    let status: Int
    /// The body; `null` where it is no JSON.
    let json: JSONValue

    /// The reason of a refusal.
    var reason: String? { json["reason"]?.string }
    /// The message of a refusal.
    var message: String { json["message"]?.string ?? "" }
    /// The names in a list, sorted as they come.
    var names: [String] { json["items"]?.array?.compactMap { $0[path: "metadata", "name"]?.string } ?? [] }
    /// `metadata.resourceVersion`.
    var version: String { json[path: "metadata", "resourceVersion"]?.string ?? "" }
    /// `metadata.generation`.
    var generation: Int64? { json[path: "metadata", "generation"]?.integer }
}

/// A server behind any transport.
struct TransportEndpoint: APIEndpoint {
    /// How to reach it.
    let transport: any HTTPTransport
    /// Where it is.
    let address: WebAddress
    /// Whom to trust and who we are.
    var tls = TLSSettings()
    /// How we log in besides.
    var authorization: HTTPRequest.Authorization?

    /// Answers one request, whole.
    func answer(_ request: KubeRequest, accept: String) async throws -> Said {
        let response = try await transport.collect(http(request, accept), upTo: 32 << 20)
        // A body that is no JSON, such as that of an unknown path, counts as null.
        let json = try? KubeJSON.decode(JSONValue.self, from: response.body)
        return Said(status: response.status, json: json ?? .null)
    }

    /// Reads a watch line by line.
    func events(_ request: KubeRequest, upTo count: Int) async throws -> [JSONValue] {
        try await transport.withResponse(to: http(request, "application/json")) { head, body in
            guard head.isSuccess else { throw Refused(status: head.status) }
            var (rest, events): ([UInt8], [JSONValue]) = ([], [])
            for try await chunk in body {
                rest += chunk
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    events.append(try KubeJSON.decode(JSONValue.self, from: Array(rest[..<end])))
                    rest.removeSubrange(...end)
                    if events.count == count { return events }
                }
            }
            return events
        }
    }

    /// A watch that was refused.
    struct Refused: Error {
        /// With what.
        let status: Int
    }

    /// The request as it goes onto the wire.
    private func http(_ request: KubeRequest, _ accept: String) -> HTTPRequest {
        var url = address.appending(segments: request.path)
        for item in request.query { url = url.asking(item.name, item.value) }
        var headers = [HTTPRequest.Header("Accept", accept)]
        if let type = request.contentType { headers.append(.init("Content-Type", type)) }
        return HTTPRequest(
            HTTPRequest.Method(rawValue: request.method.rawValue) ?? .get,
            url,
            headers: headers,
            authorization: authorization,
            body: request.body,
            tls: tls,
            deadline: .seconds(20),
            idleLimit: .seconds(20)
        )
    }
}

/// One namespace of an endpoint, which a test has for itself.
struct APISession: Sendable {
    /// Who answers.
    let endpoint: any APIEndpoint
    /// The test's own.
    let namespace: String

    /// Sends a request; a path that does not begin with `/` is below `/api/v1/namespaces/<namespace>`.
    @discardableResult
    func send(
        _ method: KubeRequest.Method,
        _ path: String,
        _ body: JSONValue? = nil,
        query: [String: String] = [:],
        type: String = "application/json",
        accept: String = "application/json"
    ) async throws -> Said {
        try await endpoint.answer(try request(method, path, body, query: query, type: type), accept: accept)
    }

    /// Patches by RFC 7386.
    @discardableResult
    func merge(_ path: String, _ patch: JSONValue) async throws -> Said {
        try await send(.patch, path, patch, type: KubeRequest.PatchKind.merge.rawValue)
    }

    /// The next events of a collection after a version, as `TYPE name`, and whole.
    func watch(
        _ path: String,
        from version: String,
        query: [String: String] = [:],
        upTo count: Int
    ) async throws -> [WatchedEvent] {
        var request = try request(.get, path, nil, query: query, type: "")
        request.query += [
            .init("watch", "true"), .init("resourceVersion", version), .init("timeoutSeconds", "5"),
        ]
        return try await endpoint.events(request, upTo: count).map(WatchedEvent.init)
    }

    /// Waits until a request is answered as wanted: what a controller does comes a little later on a real cluster.
    func eventually(_ method: KubeRequest.Method, _ path: String, _ isDone: (Said) -> Bool) async throws -> Said {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            let said = try await send(method, path)
            if isDone(said) || ContinuousClock.now > end { return said }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// The full path of what a test names.
    func full(_ path: String) -> String {
        path.hasPrefix("/") ? path.replacing("{ns}", with: namespace) : "/api/v1/namespaces/\(namespace)/\(path)"
    }

    /// The request for a path.
    private func request(
        _ method: KubeRequest.Method,
        _ path: String,
        _ body: JSONValue?,
        query: [String: String],
        type: String
    ) throws -> KubeRequest {
        KubeRequest(
            method,
            path: full(path).split(separator: "/").map(String.init),
            query: query.map { .init($0.key, $0.value) },
            body: try body.map { try KubeJSON.encode($0) } ?? [],
            contentType: body == nil ? nil : type
        )
    }
}

/// One event of a watch.
struct WatchedEvent: Sendable {
    /// `ADDED` and so on.
    let type: String
    /// The object, or a Status.
    let object: JSONValue

    /// Reads a line.
    init(_ line: JSONValue) {
        self.type = line["type"]?.string ?? ""
        self.object = line["object"] ?? .null
    }

    /// `TYPE name`.
    var summary: String { "\(type) \(object[path: "metadata", "name"]?.string ?? "")" }
}
