import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle
import Serving
import Synchronization

/// A server that speaks Prometheus's query API badly, at each path in another way, until it is mended.
final class BadSource: Sendable {
    /// What stands at the path of the name.
    enum Path: String, CaseIterable, Sendable {
        /// Nothing ever comes.
        case silence
        /// Status 500 and a text.
        case failure
        /// Prometheus's own error.
        case complaint
        /// Status 401 unless the right token is sent, which nobody knows.
        case stranger
        /// A login page, say.
        case html
        /// Two series.
        case two
        /// 100 MB of a label.
        case huge
        /// A sample that is NaN.
        case nan
        /// A sample that is infinite.
        case infinity
        /// No series.
        case empty
        /// A sample without a value.
        case null
    }

    /// Where it listens.
    let port: Int
    /// Whether each path answers as it should.
    private let isMended = Mutex(false)

    /// A server that does not listen yet.
    init(port: Int) { self.port = port }

    /// From now on each path answers 6.
    func mend() { isMended.withLock { $0 = true } }

    /// Listens for the length of a call.
    func listen(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let router = Router(context: ServingContext.self)
        router.get(":path/api/v1/query") { [self] _, context in
            try await answer(Path(rawValue: context.parameters.get("path") ?? ""))
        }
        var logger = Logger(label: "bad source")
        logger.logLevel = .critical
        let server = WebServer(
            "bad source",
            at: .at(host: "127.0.0.1", port: port),
            handler: router.buildResponder(),
            logger: logger
        )
        try await withServices([server], body)
    }

    /// What a path answers now.
    private func answer(_ path: Path?) async throws -> Response {
        let series = #"{"metric":{},"value":[1,"6"]}"#
        guard let path, !isMended.withLock({ $0 }) else { return Self.result(series) }
        switch path {
        case .silence:
            // Longer than any deadline; ends with the server.
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(600)) }
            return Self.result(series)
        case .failure: return .text("it hurts", status: .internalServerError)
        case .complaint: return .text(#"{"status":"error","error":"parse error: no"}"#, status: .badRequest)
        case .stranger: return .text("who are you?", status: .unauthorized)
        case .html: return .text("<html><body>Please log in</body></html>", contentType: "text/html")
        case .two: return Self.result("\(series),\(series)")
        case .huge: return Self.huge
        case .nan: return Self.result(series.replacing("6", with: "NaN"))
        case .infinity: return Self.result(series.replacing("6", with: "+Inf"))
        case .empty: return Self.result("")
        case .null: return Self.result(series.replacing(#""6""#, with: "null"))
        }
    }

    /// A vector of the given elements.
    private static func result(_ elements: String) -> Response {
        .text(
            #"{"status":"success","data":{"resultType":"vector","result":[\#(elements)]}}"#,
            contentType: "application/json"
        )
    }

    /// 100 MB, in pieces.
    private static var huge: Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: #"{"status":"success","data":{"a":""#))
                let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 20)
                for _ in 0..<100 { try await writer.write(piece) }
                try await writer.finish(nil)
            }
        )
    }
}
