import KubeClient
import KubeModel
import Outbound
import TestKit
import Testing

@Suite struct WatchTests {
    static let target =
        "/api/v1/namespaces/n/configmaps?watch=true&allowWatchBookmarks=true&resourceVersion=5&timeoutSeconds=290"
    static let selection = Selection(namespace: "n")

    /// One line of a watch.
    static func line(_ type: String, _ name: String, _ version: String) -> String {
        """
        {"type":"\(type)","object":{"kind":"ConfigMap","metadata":{"name":"\(name)","namespace":"n",\
        "resourceVersion":"\(version)"},"data":{"k":"v"}}}\n
        """
    }

    static let bookmark =
        #"{"type":"BOOKMARK","object":{"kind":"ConfigMap","metadata":{"resourceVersion":"9"}}}"# + "\n"
    static let gone =
        #"{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"too old","reason":"Expired","code":410}}"#
        + "\n"

    /// Reads a whole watch as short texts; the last one is the error, if there was one.
    static func read(_ stream: ScriptedStream, status: Int = 200) async throws -> [String] {
        let server = ScriptedTransport()
        server.expect(.get, target, .stream(HTTPResponseHead(status: status), stream))
        let client = KubeClient.scripted(server)
        var told: [String] = []
        do {
            told = try await client.withWatch(ConfigMap.self, selection, from: "5") { events in
                var told: [String] = []
                do {
                    for try await event in events { told.append(short(event)) }
                } catch let error as KubeError {
                    told.append("\(error.code)")
                }
                return told
            }
        } catch let error as KubeError {
            told.append("not begun: \(error.code)")
        }
        try server.verify()
        return told
    }

    /// An event in a word.
    static func short(_ event: WatchEvent<ConfigMap>) -> String {
        switch event {
        case .added(let map): "+\(map.metadata.name)"
        case .modified(let map): "~\(map.metadata.name)"
        case .deleted(let map): "-\(map.metadata.name)"
        case .bookmark(let version): "@\(version)"
        case .unreadable(let object, let isDeleted): "?\(object.key?.description ?? "")\(isDeleted ? "-" : "")"
        case .failed(let status): "!\(status.code ?? 0)"
        }
    }

    @Test func `each kind of event is told, however the stream is cut`() async throws {
        let text = Array(
            (Self.line("ADDED", "a", "6") + Self.bookmark + Self.line("DELETED", "b", "7") + Self.gone).utf8
        )
        for cut in stride(from: 0, through: text.count, by: 7) {
            let told = try await Self.read(ScriptedStream([Array(text[..<cut]), Array(text[cut...])]))
            #expect(told == ["+a", "@9", "-b", "!410"])
        }
    }

    @Test func `events are told as they come`() async throws {
        let stream = ScriptedStream()
        let server = ScriptedTransport()
        server.expect(.get, Self.target, .stream(HTTPResponseHead(status: 200), stream))
        let client = KubeClient.scripted(server)
        let told = try await client.withWatch(ConfigMap.self, Self.selection, from: "5") { events in
            var told: [String] = []
            stream.send(Self.line("ADDED", "a", "6"))
            for try await event in events {
                told.append(Self.short(event))
                if told.count == 1 { stream.send(Self.line("MODIFIED", "a", "7")) } else { break }
            }
            return told
        }
        #expect(told == ["+a", "~a"])
    }

    @Test func `an event cut at the end is a broken watch`() async throws {
        let text = Self.line("ADDED", "a", "6") + Self.line("ADDED", "b", "7").dropLast(9)
        #expect(try await Self.read(ScriptedStream([Array(text.utf8)])) == ["+a", "unreachable"])
    }

    @Test(arguments: [
        (OutboundError.Code.connectionLost, "unreachable"), (.timedOut, "timedOut"), (.tooLarge, "tooLarge"),
    ])
    func `a broken stream is an error of this room`(code: OutboundError.Code, word: String) async throws {
        let stream = ScriptedStream()
        stream.send(Self.line("ADDED", "a", "6"))
        stream.fail(OutboundError(code, "broken"))
        #expect(try await Self.read(stream) == ["+a", word])
    }

    @Test(arguments: [
        #"{"type":"MOVED","object":{}}"#, "{}", "nonsense", #"{"type":"BOOKMARK","object":{"metadata":{}}}"#, "[1]",
    ])
    func `what is no event is malformed`(line: String) async throws {
        #expect(try await Self.read(ScriptedStream([Array((line + "\n").utf8)])) == ["malformedAnswer"])
    }

    @Test func `an object that does not fit says which one it is`() async throws {
        let odd =
            #"{"type":"MODIFIED","object":{"metadata":{"name":"x","namespace":"n","resourceVersion":"8"},"data":[1]}}"#
            + "\n"
        let worse = #"{"type":"DELETED","object":7}"# + "\n"
        #expect(try await Self.read(ScriptedStream([Array((odd + worse).utf8)])) == ["?n/x", "?-"])
    }

    @Test(arguments: [(410, "gone"), (403, "forbidden"), (500, "serverError"), (404, "notFound")])
    func `a refused watch does not begin`(status: Int, word: String) async throws {
        #expect(try await Self.read(ScriptedStream([Array("no".utf8)]), status: status) == ["not begun: \(word)"])
    }

    @Test func `the request carries an idle limit just longer than the server's own end`() async throws {
        let server = ScriptedTransport()
        server.expect(.get, Self.target, .stream(HTTPResponseHead(status: 200), ScriptedStream([])))
        try await KubeClient.scripted(server).withWatch(ConfigMap.self, Self.selection, from: "5") { _ in }
        #expect(server.requests.first?.idleLimit == .seconds(295))
    }
}
