import Foundation
import KubeModel
import Outbound
import Synchronization
import TestKit

/// An API server that keeps objects by path, with versions and conflicts; just enough for Leases and Events.
final class FakeObjects: Sendable {
    /// Everything under the lock.
    struct State {
        /// Objects by path.
        var objects: [String: JSONValue] = [:]
        /// The last version given.
        var version = 0
        /// What is answered instead, by who asks: a fault.
        var fault: (@Sendable (HTTPRequest) -> ScriptedTransport.Answer?)?
    }

    /// See ``State``.
    let state = Mutex(State())

    /// A transport to it.
    var transport: ScriptedTransport { ScriptedTransport { self.answer($0) } }

    /// An object as a type.
    func object<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) throws -> Value? {
        try state.withLock { $0.objects[path] }.map { try KubeJSON.decode(from: $0) }
    }

    /// All objects.
    var objects: [JSONValue] { state.withLock { $0.objects.sorted { $0.key < $1.key }.map(\.value) } }

    /// Lets every request fail in a way, or none.
    func fail(_ fault: (@Sendable (HTTPRequest) -> ScriptedTransport.Answer?)?) {
        state.withLock { $0.fault = fault }
    }

    /// Removes an object.
    func remove(_ path: String) {
        state.withLock { $0.objects[path] = JSONValue?.none }
    }

    /// Answers as an API server would.
    private func answer(_ request: HTTPRequest) -> ScriptedTransport.Answer? {
        state.withLock { state in
            if let answer = state.fault?(request) { return answer }
            let path = request.url.path
            switch request.method {
            case .get:
                return state.objects[path].map(Self.good) ?? Self.refusal(404, "NotFound")
            case .post:
                guard let object = Self.decode(request), let name = object[path: "metadata", "name"]?.string else {
                    return Self.refusal(400, "BadRequest")
                }
                guard state.objects["\(path)/\(name)"] == nil else { return Self.refusal(409, "AlreadyExists") }
                return Self.good(store(object, at: "\(path)/\(name)", &state))
            case .put:
                guard let old = state.objects[path], let object = Self.decode(request) else {
                    return Self.refusal(404, "NotFound")
                }
                let version = object[path: "metadata", "resourceVersion"]
                guard version == nil || version == old[path: "metadata", "resourceVersion"] else {
                    return Self.refusal(409, "Conflict")
                }
                return Self.good(store(object, at: path, &state))
            case .patch:
                guard let old = state.objects[path], let patch = Self.decode(request) else {
                    return Self.refusal(404, "NotFound")
                }
                return Self.good(store(MergePatch.apply(patch, to: old), at: path, &state))
            case .delete, .head:
                return nil
            }
        }
    }

    /// Stores an object under a new version.
    private func store(_ object: JSONValue, at path: String, _ state: inout State) -> JSONValue {
        var stored = object
        state.version += 1
        stored[path: "metadata", "resourceVersion"] = .string(String(state.version))
        state.objects[path] = stored
        return stored
    }

    /// A body as JSON; `nil` is answered with 400 or 404.
    private static func decode(_ request: HTTPRequest) -> JSONValue? {
        try? KubeJSON.decode(from: request.body)
    }

    /// A good answer.
    private static func good(_ object: JSONValue) -> ScriptedTransport.Answer {
        // What was decoded from JSON can be encoded again.
        .response(HTTPResponse(status: 200, body: (try? KubeJSON.encode(object)) ?? []))
    }

    /// A refusal.
    private static func refusal(_ code: Int, _ reason: String) -> ScriptedTransport.Answer {
        .json(#"{"kind":"Status","reason":"\#(reason)","code":\#(code),"message":"\#(reason)"}"#, status: code)
    }
}
