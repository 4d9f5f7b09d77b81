import KubeClient
import KubeModel
import Logging
import Outbound
import ServiceLifecycle
import ServiceLifecycleTestKit
import TestKit
import Testing

@testable import KubeRuntime

@Suite struct ReflectorTests {
    let server = ScriptedTransport()
    let clock = ManualClock()

    /// Follows ConfigMaps and keeps the value of `k`; chance always takes the longest rest.
    func reflector(in namespaces: [String] = [], isOptional: Bool = false) -> Reflector<ConfigMap, String> {
        Reflector(
            .scripted(server, clock: clock),
            in: namespaces,
            isOptional: isOptional,
            time: clock.source,
            random: { 1 },
            logger: .silent,
            project: { $0.data?["k"] }
        )
    }

    /// Runs a reflector for the length of a call.
    func following(
        _ reflector: Reflector<ConfigMap, String>,
        _ body: @escaping @Sendable (Store<String>) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await reflector.run() }
            try await body(reflector.store)
            group.cancelAll()
            try await group.waitForAll()
        }
        try server.verify()
    }

    /// Expects a list and answers it.
    func expectList(
        _ values: [String: String],
        version: String,
        token: String? = nil,
        next: String = "",
        namespace: String = ""
    ) {
        let items = values.sorted(by: <)
            .map {
                #"{"metadata":{"name":"\#($0.key)","namespace":"n\#(namespace)"},"data":{"k":"\#($0.value)"}}"#
            }
        let path = namespace.isEmpty ? "" : "/namespaces/n\(namespace)"
        server.expect(
            .get,
            "/api/v1\(path)/configmaps?limit=500\(token.map { "&continue=\($0)" } ?? "")",
            .json(
                #"{"metadata":{"resourceVersion":"\#(version)","continue":"\#(next)"},"items":[\#(items.joined(separator: ","))]}"#
            )
        )
    }

    /// Expects a watch and gives its stream.
    func expectWatch(from version: String, namespace: String = "", status: Int = 200) -> ScriptedStream {
        let stream = ScriptedStream()
        let path = namespace.isEmpty ? "" : "/namespaces/n\(namespace)"
        server.expect(
            .get,
            "/api/v1\(path)/configmaps?watch=true&allowWatchBookmarks=true&resourceVersion=\(version)&timeoutSeconds=290",
            .stream(HTTPResponseHead(status: status), stream)
        )
        return stream
    }

    /// A line of a watch.
    func event(_ type: String, _ name: String, _ value: String, _ version: String) -> String {
        """
        {"type":"\(type)","object":{"metadata":{"name":"\(name)","namespace":"n","resourceVersion":"\(version)"},\
        "data":{"k":"\(value)"}}}\n
        """
    }

    /// A store as `name=value` texts.
    func shown(_ store: Store<String>) -> [String] {
        store.values.map { "\($0.key.name)=\($0.value)" }.sorted()
    }

    static let gone = #"{"type":"ERROR","object":{"kind":"Status","reason":"Expired","code":410}}"# + "\n"
    static let unknown = #"{"kind":"Status","reason":"NotFound","code":404}"#
    static let bookmark = #"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"50"}}}"# + "\n"

    @Test func `pages are gathered before anything is seen, then events follow`() async throws {
        expectList(["a": "1"], version: "9", next: "t")
        expectList(["b": "1"], version: "9", token: "t")
        let watch = expectWatch(from: "9")
        try await following(reflector()) { store in
            try await store.waitUntilSynced()
            #expect(shown(store) == ["a=1", "b=1"])
            watch.send(
                event("MODIFIED", "a", "2", "10") + event("ADDED", "c", "1", "11") + event("DELETED", "b", "1", "12")
            )
            try await eventually { shown(store) == ["a=2", "c=1"] }
        }
    }

    @Test func `a watch that ends goes on from the last event or bookmark, and what comes twice changes nothing`()
        async throws
    {
        expectList([:], version: "9")
        let (first, second, third) = (expectWatch(from: "9"), expectWatch(from: "10"), expectWatch(from: "50"))
        try await following(reflector()) { store in
            first.send(event("ADDED", "a", "1", "10"))
            first.finish()
            second.send(event("ADDED", "a", "1", "10") + Self.bookmark)
            second.finish()
            third.send(event("MODIFIED", "a", "3", "51"))
            try await eventually { shown(store) == ["a=3"] }
        }
    }

    @Test func `a watch without a word is current for as long as it is begun anew`() async throws {
        expectList(["a": "1"], version: "9")
        let (first, second, third) = (expectWatch(from: "9"), expectWatch(from: "9"), expectWatch(from: "9"))
        try await following(reflector()) { store in
            try await eventually { server.lines.count == 2 && store.isCurrent(at: clock.uptime) }
            let silence = Duration.seconds(300)
            clock.advance(by: .seconds(290))
            #expect(store.isCurrent(at: clock.uptime + .seconds(9), silence: silence))
            #expect(!store.isCurrent(at: clock.uptime + .seconds(10), silence: silence))
            first.finish()
            try await eventually {
                server.lines.count == 3 && store.isCurrent(at: clock.uptime + .seconds(299), silence: silence)
            }
            // An end before its time changes nothing.
            clock.advance(by: .seconds(200))
            second.finish()
            try await eventually { server.lines.count == 4 }
            #expect(store.isCurrent(at: clock.uptime + .seconds(99), silence: silence))
            #expect(!store.isCurrent(at: clock.uptime + .seconds(100), silence: silence))
            third.send(event("MODIFIED", "a", "2", "10"))
            try await eventually { shown(store) == ["a=2"] }
        }
    }

    @Test func `a watch that ends as soon as it begins tells nothing`() async throws {
        expectList(["a": "1"], version: "9")
        let watches = (0..<3).map { _ in expectWatch(from: "9") }
        try await following(reflector()) { store in
            try await store.waitUntilSynced()
            #expect(store.isCurrent(at: clock.uptime))
            for watch in watches.dropLast() {
                watch.finish()
                try await clock.waitForSleepers(1)
                #expect(!store.isCurrent(at: clock.uptime))
                clock.advanceToNextAlarm()
            }
            try await eventually { server.lines.count == 4 }
            #expect(!store.isCurrent(at: clock.uptime))
            watches[2].send(event("MODIFIED", "a", "2", "10"))
            try await eventually { store.isCurrent(at: clock.uptime) }
        }
    }

    @Test func `a broken watch rests and goes on from where it was, and what it shows is not current meanwhile`()
        async throws
    {
        expectList(["a": "1"], version: "9")
        let (first, second) = (expectWatch(from: "9"), expectWatch(from: "10"))
        try await following(reflector()) { store in
            first.send(event("MODIFIED", "a", "2", "10"))
            try await eventually { shown(store) == ["a=2"] }
            #expect(store.isCurrent(at: clock.uptime, silence: .seconds(75)))
            #expect(!store.isCurrent(at: clock.uptime + .seconds(75), silence: .seconds(75)))
            first.send(#"{"type":"MODIF"#)
            first.finish()
            try await clock.waitForSleepers(1)
            #expect(!store.isCurrent(at: clock.uptime))
            #expect(clock.alarms == [.milliseconds(800)])
            clock.advanceToNextAlarm()
            try await eventually { server.lines.count == 3 }
            #expect(!store.isCurrent(at: clock.uptime))
            second.send(event("MODIFIED", "a", "3", "11"))
            try await eventually { shown(store) == ["a=3"] && store.isCurrent(at: clock.uptime) }
        }
    }

    @Test(arguments: ["event", "status"])
    func `after 410 the list is read anew and swapped in one step`(how: String) async throws {
        expectList(["a": "1", "b": "1"], version: "9")
        let first = expectWatch(from: "9", status: how == "status" ? 410 : 200)
        expectList(["b": "2"], version: "20", next: "t")
        expectList(["c": "1"], version: "20", token: "t")
        let second = expectWatch(from: "20")
        try await following(reflector()) { store in
            if how == "event" { first.send(Self.gone) }
            first.finish()
            try await eventually { shown(store) == ["b=2", "c=1"] }
            second.send(event("DELETED", "b", "2", "21"))
            try await eventually { shown(store) == ["c=1"] }
        }
    }

    @Test func `an expired page token begins the list again, and what was gathered is dropped`() async throws {
        expectList(["a": "1"], version: "9", next: "t")
        server.expect(
            .get,
            "/api/v1/configmaps?limit=500&continue=t",
            .json(#"{"kind":"Status","code":410,"reason":"Expired"}"#, status: 410)
        )
        expectList(["b": "1"], version: "12")
        _ = expectWatch(from: "12")
        try await following(reflector()) { store in
            try await store.waitUntilSynced()
            #expect(shown(store) == ["b=1"])
            try await eventually { server.lines.count == 4 }
        }
    }

    @Test func `what does not fit is left as it was known`() async throws {
        expectList(["a": "1", "b": "1"], version: "9")
        let first = expectWatch(from: "9")
        server.expect(
            .get,
            "/api/v1/configmaps?limit=500",
            .json(
                #"{"metadata":{"resourceVersion":"20"},"items":[{"metadata":{"name":"b","namespace":"n"},"data":5}]}"#
            )
        )
        let second = expectWatch(from: "20")
        try await following(reflector()) { store in
            first.send(#"{"type":"MODIFIED","object":{"metadata":{"name":"a","namespace":"n"},"data":5}}"# + "\n")
            first.send(event("ADDED", "c", "1", "10"))
            try await eventually { shown(store) == ["a=1", "b=1", "c=1"] }
            first.send(Self.gone)
            try await eventually { shown(store) == ["b=1"] }
            second.send(#"{"type":"DELETED","object":{"metadata":{"name":"b","namespace":"n"},"data":5}}"# + "\n")
            try await eventually { shown(store) == [] }
        }
    }

    @Test func `a projection that gives nothing leaves the object out`() async throws {
        server.expect(
            .get,
            "/api/v1/configmaps?limit=500",
            .json(#"{"metadata":{"resourceVersion":"9"},"items":[{"metadata":{"name":"a","namespace":"n"}}]}"#)
        )
        let watch = expectWatch(from: "9")
        try await following(reflector()) { store in
            try await store.waitUntilSynced()
            #expect(store.values.isEmpty)
            watch.send(event("MODIFIED", "a", "1", "10"))
            try await eventually { shown(store) == ["a=1"] }
            watch.send(#"{"type":"MODIFIED","object":{"metadata":{"name":"a","namespace":"n"}}}"# + "\n")
            try await eventually { shown(store) == [] }
        }
    }

    @Test func `each namespace is followed on its own`() async throws {
        expectList(["a": "1"], version: "9", namespace: "1")
        expectList(["b": "1"], version: "8", namespace: "2")
        let first = expectWatch(from: "9", namespace: "1")
        _ = expectWatch(from: "8", namespace: "2")
        expectList([:], version: "20", namespace: "1")
        _ = expectWatch(from: "20", namespace: "1")
        try await following(reflector(in: ["n1", "n2"])) { store in
            try await store.waitUntilSynced()
            #expect(shown(store) == ["a=1", "b=1"])
            first.send(Self.gone)
            try await eventually { shown(store) == ["b=1"] }
            try await eventually { server.lines.count == 6 }
        }
    }

    @Test func `graceful shutdown ends it`() async throws {
        expectList([:], version: "9")
        _ = expectWatch(from: "9")
        let reflector = reflector()
        await testGracefulShutdown { trigger in
            await withTaskGroup { group in
                group.addTask { await reflector.run() }
                // A store that never syncs would leave the test waiting for its own deadline.
                try? await reflector.store.waitUntilSynced()
                trigger.triggerGracefulShutdown()
            }
        }
    }

    @Test func `a kind that may be absent is empty until it is served, and empty again when it is gone`() async throws {
        let list = "/api/v1/configmaps?limit=500"
        server.expect(.get, list, .json(Self.unknown, status: 404))
        expectList(["a": "1"], version: "9")
        let watch = expectWatch(from: "9")
        let absent = expectWatch(from: "10", status: 404)
        absent.send(Self.unknown)
        absent.finish()
        server.expect(.get, list, .json(Self.unknown, status: 404))
        try await following(reflector(isOptional: true)) { store in
            try await store.waitUntilSynced()
            #expect(store.values.isEmpty)
            try await clock.waitForSleepers(1)
            clock.advanceToNextAlarm()
            try await eventually { shown(store) == ["a=1"] }
            watch.send(event("MODIFIED", "a", "2", "10"))
            watch.finish()
            try await eventually { store.values.isEmpty }
        }
    }

    @Test func `a kind that must be there is not taken as empty when it is not`() async throws {
        server.expect(.get, "/api/v1/configmaps?limit=500", .json(Self.unknown, status: 404))
        try await following(reflector()) { store in
            try await clock.waitForSleepers(1)
            #expect(!store.isSynced)
        }
    }

    @Test func `what is salvaged of an object that does not fit is kept`() async throws {
        let odd = #"{"metadata":{"name":"odd","namespace":"n","resourceVersion":"8"},"data":"none"}"#
        server.expect(
            .get,
            "/api/v1/configmaps?limit=500",
            .json(#"{"metadata":{"resourceVersion":"9"},"items":[\#(odd)]}"#)
        )
        let watch = expectWatch(from: "9")
        let reflector = Reflector<ConfigMap, String>(
            .scripted(server, clock: clock),
            time: clock.source,
            random: { 1 },
            logger: .silent,
            salvage: { $0.resourceVersion.map { "version \($0)" } },
            project: { $0.data?["k"] }
        )
        try await following(reflector) { store in
            try await eventually { shown(store) == ["odd=version 8"] }
            watch.send(#"{"type":"MODIFIED","object":\#(odd.replacing(#""8""#, with: #""10""#))}"# + "\n")
            try await eventually { shown(store) == ["odd=version 10"] }
            watch.send(#"{"type":"DELETED","object":\#(odd.replacing(#""8""#, with: #""11""#))}"# + "\n")
            try await eventually { shown(store) == [] }
        }
    }
}
