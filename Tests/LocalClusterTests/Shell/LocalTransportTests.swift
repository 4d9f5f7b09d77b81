import Foundation
import KubeModel
import Outbound
import TestKit
import Testing

@testable import LocalCluster

@Suite struct LocalTransportTests {
    /// A cluster without workloads on a clock that is turned by hand.
    private func stage(bookmarks: Duration = .seconds(60)) -> (LocalCluster, ManualClock) {
        let clock = ManualClock()
        var configuration = LocalCluster.Configuration()
        configuration.runsWorkloads = false
        configuration.bookmarkInterval = bookmarks
        return (LocalCluster(configuration, time: clock.source), clock)
    }

    /// A request as an HTTP client would send it.
    private func request(
        _ method: HTTPRequest.Method,
        _ path: String,
        query: [(String, String)] = [],
        _ body: JSONValue? = nil,
        idle: Duration? = nil
    ) -> HTTPRequest {
        var address = LocalCluster.address.appending(segments: path.split(separator: "/").map(String.init))
        for (name, value) in query { address = address.asking(name, value) }
        return HTTPRequest(
            method,
            address,
            headers: body == nil ? [] : [.init("Content-Type", "application/json")],
            body: body?.encoded() ?? [],
            idleLimit: idle
        )
    }

    @Test func `objects go in and out as over a wire`() async throws {
        let (cluster, _) = stage()
        let made = try await cluster.transport.collect(
            request(.post, Place.configMaps, Sample.configMap("a")),
            upTo: 10_000
        )
        #expect(made.status == 201)
        #expect(made.head["content-type"] == "application/json")
        let list = try await cluster.transport.collect(
            request(.get, Place.configMaps, query: [("labelSelector", "a notin (b,c)")]),
            upTo: 10_000
        )
        #expect(try KubeJSON.decode(KubeList<ConfigMap>.self, from: list.body).items.map(\.metadata.name) == ["a"])
    }

    @Test func `an answer beyond the caller's limit is refused`() async throws {
        let (cluster, _) = stage()
        let error = await #expect(throws: OutboundError.self) {
            try await cluster.transport.collect(request(.get, "/api/v1"), upTo: 10)
        }
        #expect(error?.code == .tooLarge)
    }

    @Test func `a watch streams what happens while it is read`() async throws {
        let (cluster, clock) = stage()
        let types = try await cluster.transport.withResponse(
            to: request(.get, Place.configMaps, query: [("watch", "true"), ("timeoutSeconds", "100")])
        ) { head, body in
            #expect(head.status == 200)
            return try await withThrowingTaskGroup(of: [String].self) { group in
                group.addTask {
                    var types: [String] = []
                    for try await chunk in body {
                        for line in chunk.split(separator: UInt8(ascii: "\n")) {
                            let event = try KubeJSON.decode(JSONValue.self, from: [UInt8](line))
                            types.append("\(event["type"]?.string ?? "") \(event["object"]?.name ?? "")")
                        }
                    }
                    return types
                }
                for (index, name) in ["a", "b", "c"].enumerated() {
                    try await clock.waitForSleepers(1)
                    _ = try await cluster.transport.collect(
                        request(.post, Place.configMaps, Sample.configMap(name)),
                        upTo: 10_000
                    )
                    _ = index
                }
                try await clock.waitForSleepers(1)
                clock.advance(by: .seconds(100))
                return try await group.next() ?? []
            }
        }
        #expect(types == ["ADDED a", "ADDED b", "ADDED c"])
    }

    @Test func `bookmarks come while nothing happens, and one before the end`() async throws {
        let (cluster, clock) = stage(bookmarks: .seconds(10))
        let query = [
            ("watch", "true"), ("allowWatchBookmarks", "true"), ("timeoutSeconds", "15"), ("resourceVersion", "1"),
        ]
        let chunks = try await cluster.transport.withResponse(to: request(.get, Place.configMaps, query: query)) {
            _,
            body in
            try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask {
                    var chunks = 0
                    for try await chunk in body {
                        #expect(String(decoding: chunk, as: UTF8.self).contains("\"BOOKMARK\""))
                        chunks += 1
                    }
                    return chunks
                }
                try await clock.waitForSleepers(1)
                clock.advance(by: .seconds(10))
                try await clock.waitForSleepers(1)
                clock.advance(by: .seconds(5))
                return try await group.next() ?? 0
            }
        }
        #expect(chunks == 2)
    }

    @Test func `a watch that is silent for longer than the caller waits is given up`() async throws {
        let (cluster, clock) = stage()
        let error = await #expect(throws: OutboundError.self) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await cluster.transport.withResponse(
                        to: request(.get, Place.configMaps, query: [("watch", "true")], idle: .seconds(30))
                    ) { _, body in for try await _ in body {} }
                }
                try await clock.waitForSleepers(1)
                clock.advance(by: .seconds(30))
                try await group.next()
            }
        }
        #expect(error?.code == .timedOut)
    }

    @Test func `a cancelled watch ends at once and leaves nobody waiting`() async throws {
        let (cluster, clock) = stage()
        let error = await #expect(throws: OutboundError.self) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await cluster.transport.withResponse(
                        to: request(.get, Place.configMaps, query: [("watch", "true")])
                    ) { _, body in for try await _ in body {} }
                }
                try await clock.waitForSleepers(1)
                group.cancelAll()
                try await group.next()
            }
        }
        #expect(error?.code == .cancelled)
        #expect(clock.alarms.isEmpty)
    }

    @Test func `pods become Ready when run turns the clock`() async throws {
        let clock = ManualClock()
        var configuration = LocalCluster.Configuration()
        configuration.podStartDelay = .seconds(5)
        let cluster = LocalCluster(configuration, time: clock.source)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await cluster.run() }
            try await clock.waitForSleepers(2)
            _ = try await cluster.transport.collect(
                request(.post, Place.deployments, Sample.deployment("web", replicas: 2)),
                upTo: 100_000
            )
            func ready() async throws -> Int {
                let answer = try await cluster.transport.collect(
                    request(.get, Place.deployments + "/web"),
                    upTo: 100_000
                )
                return try KubeJSON.decode(JSONValue.self, from: answer.body).count("status", "readyReplicas")
            }
            #expect(try await ready() == 0)
            try await eventually { clock.alarms.contains(.seconds(5)) }
            clock.advance(by: .seconds(5))
            try await eventually { try await ready() == 2 }
            group.cancelAll()
        }
    }
}
