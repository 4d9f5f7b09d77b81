import HTTPTypes
import Hummingbird
import KubeModel
import Logging
import Serving
import Synchronization
import TestKit

/// A server that speaks Prometheus's query API, at each path with a number of its own that a test sets and takes away.
final class NumberSource: Sendable {
    /// What is answered, and how often it was.
    private struct State {
        /// By path; a path that is missing answers with status 503.
        var numbers: [String: Double] = [:]
        /// By path.
        var questions: [String: Int] = [:]
    }

    /// Where it listens.
    let port: Int
    /// See ``State``.
    private let state = Mutex(State())

    /// A server that does not listen yet.
    private init(port: Int) { self.port = port }

    /// A server that listens for the length of a call.
    static func with(_ body: @escaping @Sendable (NumberSource) async throws -> Void) async throws {
        let source = NumberSource(port: try SwellProcess.freePort())
        let router = Router(context: ServingContext.self)
        router.get(":path/api/v1/query") { _, context in source.answer(context.parameters.get("path") ?? "") }
        var logger = Logger(label: "number source")
        logger.logLevel = .critical
        let server = WebServer(
            "number source",
            at: .at(host: "127.0.0.1", port: source.port),
            handler: router.buildResponder(),
            logger: logger
        )
        try await withServices([server]) { try await body(source) }
    }

    /// Sets what paths answer from now on; without a number they fail.
    func set(_ number: Double?, of paths: String...) {
        state.withLock { state in for path in paths { state.numbers[path] = number } }
    }

    /// How often a path was asked.
    func questions(_ path: String) -> Int { state.withLock { $0.questions[path] ?? 0 } }

    /// Waits until a path has been asked so many times more.
    func wait(for count: Int, of path: String) async throws {
        let start = questions(path)
        try await eventually("\(count) questions for \(path)", within: .seconds(60)) {
            questions(path) >= start + count
        }
    }

    /// A trigger that asks a path; ten of its number are worth a pod.
    func trigger(_ path: String, name: String? = nil, metadata: [String: JSONValue] = ["threshold": "10"]) -> JSONValue
    {
        let fixed: [String: JSONValue] = ["serverAddress": .string("http://127.0.0.1:\(port)/\(path)"), "query": "up"]
        var trigger: JSONValue = ["type": "prometheus", "metadata": .object(fixed.merging(metadata) { $1 })]
        if let name { trigger["name"] = .string(name) }
        return trigger
    }

    /// What a path answers now.
    private func answer(_ path: String) -> Response {
        let number = state.withLock { state in
            state.questions[path, default: 0] += 1
            return state.numbers[path]
        }
        guard let number else { return .text("out for a while", status: .serviceUnavailable) }
        let series = #"{"metric":{},"value":[1,"\#(number)"]}"#
        return .text(
            #"{"status":"success","data":{"resultType":"vector","result":[\#(series)]}}"#,
            contentType: "application/json"
        )
    }
}
